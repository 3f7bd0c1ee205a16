package io.nvmeof.protocol.nvm;

import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * The data of Reservation Release (NVMe Base 2.1, Reservation Release Data Structure).
 *
 * @param currentKey CRKEY, the key the host has, any 64 bits
 */
public record ReservationReleaseData(long currentKey) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(LE64.withName("CRKEY"));

    /** Bytes of the structure. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    private static final long CRKEY = LAYOUT.byteOffset(groupElement("CRKEY"));

    /** Reads the {@link #SIZE} bytes at {@code base}, whatever they are. */
    public static ReservationReleaseData decode(MemorySegment from, long base) {
        return new ReservationReleaseData(from.get(LE64, base + CRKEY));
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        into.set(LE64, base + CRKEY, currentKey);
    }
}
