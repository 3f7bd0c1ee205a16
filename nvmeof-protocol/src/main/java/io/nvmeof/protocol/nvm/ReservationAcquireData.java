package io.nvmeof.protocol.nvm;

import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * The data of Reservation Acquire (NVMe Base 2.1, Reservation Acquire Data Structure). Keys are any 64 bits.
 *
 * @param currentKey CRKEY, the key the host has
 * @param preemptedKey PRKEY, the key of those to be preempted
 */
public record ReservationAcquireData(long currentKey, long preemptedKey) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(LE64.withName("CRKEY"), LE64.withName("PRKEY"));

    /** Bytes of the structure. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    private static final long CRKEY = LAYOUT.byteOffset(groupElement("CRKEY"));
    private static final long PRKEY = LAYOUT.byteOffset(groupElement("PRKEY"));

    /** Reads the {@link #SIZE} bytes at {@code base}, whatever they are. */
    public static ReservationAcquireData decode(MemorySegment from, long base) {
        return new ReservationAcquireData(from.get(LE64, base + CRKEY), from.get(LE64, base + PRKEY));
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        into.set(LE64, base + CRKEY, currentKey);
        into.set(LE64, base + PRKEY, preemptedKey);
    }
}
