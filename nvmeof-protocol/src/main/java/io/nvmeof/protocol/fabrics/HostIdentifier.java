package io.nvmeof.protocol.fabrics;

import static io.nvmeof.protocol.layout.WireLayouts.U8;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * A Host Identifier of 128 bits (NVMe Base 2.1, Host Identifier feature; Connect data). Hosts make it of a UUID, so it
 * is shown as one: the first byte on the wire is the UUID's first.
 *
 * @param uuid the 16 bytes, big endian
 */
public record HostIdentifier(UUID uuid) {
    /** Bytes on the wire. */
    public static final int SIZE = 16;

    /** Reads the 16 bytes at {@code base}, whatever they are. */
    public static HostIdentifier decode(MemorySegment from, long base) {
        ByteBuffer bytes = ByteBuffer.wrap(from.asSlice(base, SIZE).toArray(U8));
        return new HostIdentifier(new UUID(bytes.getLong(), bytes.getLong()));
    }

    /** Writes 16 bytes. */
    public void encode(MemorySegment into, long base) {
        byte[] bytes = ByteBuffer.allocate(SIZE)
                .putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits()).array();
        MemorySegment.copy(bytes, 0, into, U8, base, SIZE);
    }

    /** Whether all bytes are zero, which identifies nobody: no reservations for such a host. */
    public boolean isZero() {
        return uuid.getMostSignificantBits() == 0 && uuid.getLeastSignificantBits() == 0;
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
