package io.nvmeof.protocol.auth;

import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.zip.CRC32;

/** Keys as text, {@code prefix:hh:base64(key, CRC-32 little endian):}, where hh is the hash in hexadecimal. */
record InterchangeText(int hashCodeOfText, Secret key) {
    private static final int CRC_LENGTH = Integer.BYTES;
    private static final int LONGEST_TEXT = 128;

    /**
     * Reads such a text; blanks around it do not count.
     *
     * @throws IllegalArgumentException saying what is wrong, without quoting anything of the text
     */
    static InterchangeText parse(String prefix, Set<Integer> keyLengths, int lastHash, String text) {
        String stripped = text.strip();
        if (!stripped.startsWith(prefix + ':')) {
            throw new IllegalArgumentException("the key does not start with " + prefix + ':');
        }
        if (stripped.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("the key's text is longer than " + LONGEST_TEXT + " characters");
        }
        String[] parts = stripped.substring(prefix.length() + 1).split(":", -1);
        if (parts.length != 3 || !parts[2].isEmpty()) {
            throw new IllegalArgumentException("the key is not of the form " + prefix + ":hh:base64:");
        }
        int hash = hash(parts[0], lastHash);
        byte[] decoded = decoded(parts[1]);
        try {
            return new InterchangeText(hash, checkedKey(decoded, keyLengths));
        } finally {
            Arrays.fill(decoded, (byte) 0);
        }
    }

    /** The text of this key, under a prefix. */
    String format(String prefix) {
        byte[] key = this.key.usable();
        byte[] withCrc = Arrays.copyOf(key, key.length + CRC_LENGTH);
        int crc = crc(key, key.length);
        for (int i = 0; i < CRC_LENGTH; i++) {
            withCrc[key.length + i] = (byte) (crc >>> Byte.SIZE * i);
        }
        String base64 = Base64.getEncoder().encodeToString(withCrc);
        Arrays.fill(withCrc, (byte) 0);
        return prefix + ":0" + hashCodeOfText + ':' + base64 + ':';
    }

    private static int hash(String digits, int lastHash) {
        if (digits.length() != 2 || digits.charAt(0) != '0' || digits.charAt(1) < '0'
                || digits.charAt(1) > '0' + lastHash) {
            throw new IllegalArgumentException("the key's hash is not one of 00 to 0" + lastHash);
        }
        return digits.charAt(1) - '0';
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // Its message, and so the cause, would quote characters of the key.
            throw new IllegalArgumentException("the key is not Base64");
        }
    }

    private static Secret checkedKey(byte[] decoded, Set<Integer> keyLengths) {
        int length = decoded.length - CRC_LENGTH;
        if (!keyLengths.contains(length)) {
            throw new IllegalArgumentException("the key has " + Math.max(length, 0) + " bytes, not one of "
                    + keyLengths.stream().sorted().toList());
        }
        int crc = 0;
        for (int i = 0; i < CRC_LENGTH; i++) {
            crc |= Byte.toUnsignedInt(decoded[length + i]) << Byte.SIZE * i;
        }
        if (crc != crc(decoded, length)) {
            throw new IllegalArgumentException("the key's CRC does not match: it was mistyped or cut");
        }
        return Secret.owning(Arrays.copyOf(decoded, length));
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
