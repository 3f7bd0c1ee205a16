package io.nvmeof.protocol.nvm;

import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * The data of Reservation Register (NVMe Base 2.1, Reservation Register Data Structure). Keys are any 64 bits.
 *
 * @param currentKey CRKEY, the key the host has
 * @param newKey NRKEY, the key it wants
 */
public record ReservationRegisterData(long currentKey, long newKey) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(LE64.withName("CRKEY"), LE64.withName("NRKEY"));

    /** Bytes of the structure. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    private static final long CRKEY = LAYOUT.byteOffset(groupElement("CRKEY"));
    private static final long NRKEY = LAYOUT.byteOffset(groupElement("NRKEY"));

    /** Reads the {@link #SIZE} bytes at {@code base}, whatever they are. */
    public static ReservationRegisterData decode(MemorySegment from, long base) {
        return new ReservationRegisterData(from.get(LE64, base + CRKEY), from.get(LE64, base + NRKEY));
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        into.set(LE64, base + CRKEY, currentKey);
        into.set(LE64, base + NRKEY, newKey);
    }
}
