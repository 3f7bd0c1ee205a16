package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Controller identifiers in increasing order, at most 2047, as Identify CNS 12h and 13h return them: their number, then
 * the identifiers, the rest zero (NVMe Base 2.1, Controller List).
 */
public final class ControllerList {
    /** Bytes of the list on the wire. */
    public static final int SIZE = 4096;
    /** Most identifiers one list holds; a host asks for the next list with the last of them plus one. */
    public static final int MAX_ENTRIES = SIZE / Short.BYTES - 1;

    private final int[] controllerIds;

    private ControllerList(int[] controllerIds) {
        this.controllerIds = controllerIds;
    }

    /**
     * The part of {@code sorted} that answers "controllers from {@code least} on": at most {@link #MAX_ENTRIES}.
     *
     * @param least CNTID of the Identify command
     * @param sorted all identifiers, 0 to FFFFh, in increasing order
     */
    public static ControllerList from(int least, int... sorted) {
        int from = 0;
        while (from < sorted.length && sorted[from] < least) {
            from++;
        }
        int[] part = Arrays.copyOfRange(sorted, from, Math.min(sorted.length, from + MAX_ENTRIES));
        for (int i = 0; i < part.length; i++) {
            if ((part[i] & ~0xFFFF) != 0 || i > 0 && part[i] <= part[i - 1]) {
                throw new IllegalArgumentException("controller identifiers " + Arrays.toString(part));
            }
        }
        return new ControllerList(part);
    }

    /**
     * Reads the {@link #SIZE} bytes at {@code base}.
     *
     * @throws IllegalArgumentException if it says to hold more than fit, or they are not in order
     */
    public static ControllerList decode(MemorySegment from, long base) {
        int count = Short.toUnsignedInt(from.get(LE16, base));
        if (count > MAX_ENTRIES) {
            throw new IllegalArgumentException("a list of " + count + " controllers");
        }
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = Short.toUnsignedInt(from.get(LE16, base + (i + 1L) * Short.BYTES));
        }
        return from(0, ids);
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        into.asSlice(base, SIZE).fill((byte) 0);
        into.set(LE16, base, (short) controllerIds.length);
        for (int i = 0; i < controllerIds.length; i++) {
            into.set(LE16, base + (i + 1L) * Short.BYTES, (short) controllerIds[i]);
        }
    }

    /** The identifiers in order. */
    public int[] controllerIds() {
        return controllerIds.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ControllerList that && Arrays.equals(controllerIds, that.controllerIds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(controllerIds);
    }

    @Override
    public String toString() {
        return "ControllerList" + Arrays.toString(controllerIds);
    }
}
