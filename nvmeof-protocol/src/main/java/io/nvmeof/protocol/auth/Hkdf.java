package io.nvmeof.protocol.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HKDF (RFC 5869) and the labels TLS 1.3 uses with it (RFC 8446, 7.1), as NVMe/TCP derives its PSKs. */
final class Hkdf {
    private static final int MAX_OPAQUE_LENGTH = 255;

    private Hkdf() {}

    /** HKDF-Extract with a salt of as many zeroes as the hash has bytes. */
    static byte[] extract(AuthenticationHash hash, byte[] inputKey) {
        return hash.hmac(new byte[hash.lengthBytes()], inputKey);
    }

    /** HKDF-Expand. */
    static byte[] expand(AuthenticationHash hash, byte[] pseudorandomKey, byte[] info, int length) {
        if (length > MAX_OPAQUE_LENGTH * hash.lengthBytes()) {
            throw new IllegalArgumentException("HKDF gives at most 255 hash values, not " + length + " bytes");
        }
        byte[] output = new byte[length];
        byte[] block = new byte[0];
        int counter = 1;
        for (int done = 0; done < length; counter++) {
            byte[] next = hash.hmac(pseudorandomKey, block, info, new byte[] {(byte) counter});
            Arrays.fill(block, (byte) 0);
            block = next;
            int count = Math.min(block.length, length - done);
            System.arraycopy(block, 0, output, done, count);
            done += count;
        }
        Arrays.fill(block, (byte) 0);
        return output;
    }

    /**
     * The info of HKDF-Expand-Label, RFC 8446's HkdfLabel; or what older releases of libnvme (1.13) use instead: the
     * length in the other byte order, and no lengths before label and context.
     *
     * @throws IllegalArgumentException if the context is longer than the 255 bytes that HkdfLabel can say
     */
    static byte[] labelInfo(PskDerivation derivation, String label, String context, int length) {
        byte[] labelBytes = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        byte[] contextBytes = context.getBytes(StandardCharsets.UTF_8);
        if (contextBytes.length > MAX_OPAQUE_LENGTH) {
            throw new IllegalArgumentException("the names are too long for HKDF-Expand-Label: the context has "
                    + contextBytes.length + " bytes, not 255 at most");
        }
        boolean specified = derivation == PskDerivation.SPECIFIED;
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.write(specified ? length >>> Byte.SIZE : length);
        info.write(specified ? length : length >>> Byte.SIZE);
        if (specified) {
            info.write(labelBytes.length);
        }
        info.writeBytes(labelBytes);
        if (specified) {
            info.write(contextBytes.length);
        }
        info.writeBytes(contextBytes);
        return info.toByteArray();
    }

    /** HKDF-Extract of a PSK, then HKDF-Expand-Label of that. */
    static Secret derive(AuthenticationHash hash, Secret from, byte[] labelInfo, int length) {
        byte[] pseudorandomKey = extract(hash, from.usable());
        try {
            return Secret.owning(expand(hash, pseudorandomKey, labelInfo, length));
        } finally {
            Arrays.fill(pseudorandomKey, (byte) 0);
        }
    }
}
