package io.nvmeof.transport.tcp;

import java.util.Arrays;

/**
 * What a peer that is not authenticated yet has sent of the handshake's next records: as few bytes as that takes,
 * counted in {@link TlsHandshakes}. Owned by the connection's loop.
 */
final class HeldRecords {
    /** Most bytes a peer may send ahead of the handshake's next step. */
    static final int BYTES_MAX = 64 * 1024;
    private static final int BYTES_MIN = 1024;

    private final TlsHandshakes handshakes;
    private byte[] bytes = {};
    private int length;

    HeldRecords(TlsHandshakes handshakes) {
        this.handshakes = handshakes;
    }

    /** Copies what has come: a stranger's few bytes must not hold a receive buffer. False if there is no room. */
    boolean add(ReceiveBuffer buffer) {
        int more = buffer.readableBytes();
        int wanted = length + more;
        if (wanted > BYTES_MAX) {
            return false;
        }
        if (wanted > bytes.length) {
            int capacity = Math.clamp(2L * Integer.highestOneBit(wanted), BYTES_MIN, BYTES_MAX);
            if (!handshakes.hold(capacity - bytes.length)) {
                return false;
            }
            bytes = Arrays.copyOf(bytes, capacity);
        }
        buffer.getBytes(buffer.readerIndex(), bytes, length, more);
        length = wanted;
        return true;
    }

    /** Takes the whole records, or the header of something that is none; empty if more must come first. */
    byte[] takeWhole() {
        int whole = 0;
        while (length - whole >= TlsRecord.HEADER_BYTES) {
            if (TlsRecord.fault(bytes, whole) != TlsFailure.NO_ALERT) {
                // What comes before it may end the handshake, and then it is for the channel's own reader to refuse.
                whole = whole == 0 ? TlsRecord.HEADER_BYTES : whole;
                break;
            }
            int next = TlsRecord.HEADER_BYTES + TlsRecord.length(bytes, whole);
            if (length - whole < next) {
                break;
            }
            whole += next;
        }
        byte[] taken = Arrays.copyOf(bytes, whole);
        System.arraycopy(bytes, whole, bytes, 0, length - whole);
        length -= whole;
        return taken;
    }

    /** What was taken too much, and all behind it. */
    byte[] takeRest(byte[] taken, int used) {
        byte[] rest = Arrays.copyOfRange(taken, used, taken.length + length);
        System.arraycopy(bytes, 0, rest, taken.length - used, length);
        length = 0;
        return rest;
    }

    /** Gives the memory back; repeating it does nothing. */
    void close() {
        handshakes.letGo(bytes.length);
        bytes = new byte[0];
        length = 0;
    }
}
