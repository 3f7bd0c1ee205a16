package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A running CRC32C, as header and data digests are made of it (NVMe/TCP Transport 1.1, PDU Header and Data Digest).
 *
 * <p>One per direction of a connection, owned by its event loop. A header digest and a data digest may not interleave
 * in one instance: use two. Fragments of one segment cost no allocation, because the buffer view of the segment last
 * seen is kept; a new segment costs one view.
 */
public final class Crc32cDigest {
    private final CRC32C crc = new CRC32C();
    private MemorySegment viewed = MemorySegment.NULL;
    private ByteBuffer view = ByteBuffer.allocate(0);

    /** Forgets the bytes seen. */
    public void reset() {
        crc.reset();
    }

    /** Adds the remaining bytes of {@code bytes}, whose position becomes its limit. */
    public void update(ByteBuffer bytes) {
        crc.update(bytes);
    }

    /** Adds {@code length} bytes of {@code segment} from {@code offset}. The segment is native or of a byte array. */
    public void update(MemorySegment segment, long offset, long length) {
        if (length == 0) {
            return;
        }
        if (segment.byteSize() > Integer.MAX_VALUE) {
            crc.update(segment.asSlice(offset, length).asByteBuffer());
            return;
        }
        if (viewed != segment) {
            view = segment.asByteBuffer();
            viewed = segment;
        }
        view.limit(Math.toIntExact(offset + length)).position(Math.toIntExact(offset));
        crc.update(view);
    }

    /** The digest of the bytes seen since {@link #reset}: the 32 bits that go onto the wire, little endian. */
    public int value() {
        return (int) crc.getValue();
    }

    /** Writes the digest of the header of {@code headerLength} bytes at {@code base} right behind it. */
    public void writeHeaderDigest(MemorySegment segment, long base, int headerLength) {
        segment.set(LE32, base + headerLength, headerDigest(segment, base, headerLength));
    }

    /** Whether the four bytes behind the header of {@code headerLength} bytes at {@code base} are its digest. */
    public boolean verifyHeaderDigest(MemorySegment segment, long base, int headerLength) {
        return segment.get(LE32, base + headerLength) == headerDigest(segment, base, headerLength);
    }

    /** The digest of the header of {@code headerLength} bytes at {@code base}. Forgets what was seen before. */
    public int headerDigest(MemorySegment segment, long base, int headerLength) {
        crc.reset();
        update(segment, base, headerLength);
        int digest = value();
        crc.reset();
        return digest;
    }

    /** Lets go of the segment last seen, so that its memory can be freed. */
    public void release() {
        viewed = MemorySegment.NULL;
        view = ByteBuffer.allocate(0);
    }
}
