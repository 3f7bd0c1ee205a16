package io.nvmeof.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What stands in a file of {@link DirectoryStateStore}: a content, and before it its length and a checksum of both. */
final class StateRecord {
    /** Bytes before the content. */
    static final int HEADER_BYTES = 16;
    private static final long MAGIC = 0x6E76_6D65_6F66_5331L; // "nvmeofS1"

    private StateRecord() {}

    static ByteBuffer encode(byte[] content) {
        return ByteBuffer.allocate(HEADER_BYTES + content.length).putLong(MAGIC).putInt(content.length)
                .putInt(checksum(content)).put(content).flip();
    }

    /**
     * Takes the content out again.
     *
     * @throws IOException if a single bit is not as it was written; the message says what is wrong
     */
    static byte[] decode(byte[] file) throws IOException {
        if (file.length < HEADER_BYTES) {
            throw new IOException("has only " + file.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (bytes.getLong() != MAGIC) {
            throw new IOException("does not begin like such a file");
        }
        int length = bytes.getInt();
        int checksum = bytes.getInt();
        if (length != bytes.remaining()) {
            throw new IOException("has " + bytes.remaining() + " bytes of content instead of " + length);
        }
        byte[] content = new byte[length];
        bytes.get(content);
        if (checksum(content) != checksum) {
            throw new IOException("has a content that its checksum does not fit");
        }
        return content;
    }

    private static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).flip());
        crc.update(content);
        return (int) crc.getValue();
    }
}
