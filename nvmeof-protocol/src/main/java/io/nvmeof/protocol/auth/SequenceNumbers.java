package io.nvmeof.protocol.auth;

/** Numbers that go with challenges: from a random one on, each one more than the last, never 0. */
final class SequenceNumbers {
    private int last;

    SequenceNumbers(RandomBytes random) {
        byte[] bytes = new byte[Integer.BYTES];
        random.fill(bytes);
        for (byte b : bytes) {
            last = last << Byte.SIZE | Byte.toUnsignedInt(b);
        }
    }

    int next() {
        last++;
        if (last == 0) {
            last = 1;
        }
        return last;
    }
}
