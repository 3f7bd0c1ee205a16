package io.nvmeof.protocol.nvm;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What Reservation Report returns: the reservation of a namespace and its registrants (NVMe Base 2.1, Reservation
 * Status and Reservation Status Extended data structures).
 *
 * @param generation GEN, unsigned 32 bits; rises with every change of the registrants, and wraps
 * @param typeCode RTYPE, 0 to 255; 0 if there is no reservation, see {@link #type()}
 * @param persistThroughPowerLoss PTPLS: 1 if all this survives a loss of power; 0 to 255
 * @param registrants at most 65535 of them
 */
public record ReservationStatus(long generation, int typeCode, int persistThroughPowerLoss,
        List<RegistrantStatus> registrants) {
    /** The wire layout of what comes before the registrants; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE32.withName("GEN"),
            U8.withName("RTYPE"),
            LE16.withName("REGSTRNT"),
            MemoryLayout.paddingLayout(2),
            U8.withName("PTPLS"),
            MemoryLayout.paddingLayout(14));

    /** Bytes before the registrants. */
    public static final int HEADER_SIZE = (int) LAYOUT.byteSize();
    /** Bytes before the registrants of the extended form. */
    public static final int EXTENDED_HEADER_SIZE = 64;
    /** Most registrants the count can hold. */
    public static final int REGISTRANT_COUNT_MAX = 0xFFFF;

    private static final long GEN = LAYOUT.byteOffset(groupElement("GEN"));
    private static final long RTYPE = LAYOUT.byteOffset(groupElement("RTYPE"));
    private static final long REGSTRNT = LAYOUT.byteOffset(groupElement("REGSTRNT"));
    private static final long PTPLS = LAYOUT.byteOffset(groupElement("PTPLS"));

    /** Refuses what the fields cannot hold. */
    public ReservationStatus {
        registrants = List.copyOf(registrants);
        if (generation >>> Integer.SIZE != 0 || ((typeCode | persistThroughPowerLoss) & ~0xFF) != 0
                || registrants.size() > REGISTRANT_COUNT_MAX) {
            throw new IllegalArgumentException("generation " + generation + ", reservation type " + typeCode + ", "
                    + registrants.size() + " registrants");
        }
    }

    /** The type, or null if there is no reservation or the code names no type. */
    public ReservationType type() {
        return ReservationType.ofCode(typeCode);
    }

    /** Bytes of the structure with so many registrants. */
    public static int size(int registrantCount, boolean extended) {
        return (extended ? EXTENDED_HEADER_SIZE : HEADER_SIZE)
                + registrantCount * (int) RegistrantStatus.size(extended);
    }

    /** How many registrants the structure at {@code base} says there are, be they in the buffer or not. */
    public static int registrantCount(MemorySegment from, long base) {
        return Short.toUnsignedInt(from.get(LE16, base + REGSTRNT));
    }

    /**
     * Reads a structure of which {@code length} bytes were returned.
     *
     * @param extended whether host identifiers have 128 bits
     * @throws IllegalArgumentException if the registrants it announces do not fit in that
     */
    public static ReservationStatus decode(MemorySegment from, long base, long length, boolean extended) {
        if (length < size(0, extended) || length < size(registrantCount(from, base), extended)) {
            throw new IllegalArgumentException("a reservation status of " + length + " bytes");
        }
        List<RegistrantStatus> registrants = new ArrayList<>();
        for (int i = 0; i < registrantCount(from, base); i++) {
            registrants.add(RegistrantStatus.decode(from, base + size(i, extended), extended));
        }
        return new ReservationStatus(Integer.toUnsignedLong(from.get(LE32, base + GEN)),
                Byte.toUnsignedInt(from.get(U8, base + RTYPE)), Byte.toUnsignedInt(from.get(U8, base + PTPLS)),
                registrants);
    }

    /** Writes all {@link #size} bytes. */
    public void encode(MemorySegment into, long base, boolean extended) {
        into.asSlice(base, size(0, extended)).fill((byte) 0);
        into.set(LE32, base + GEN, (int) generation);
        into.set(U8, base + RTYPE, (byte) typeCode);
        into.set(LE16, base + REGSTRNT, (short) registrants.size());
        into.set(U8, base + PTPLS, (byte) persistThroughPowerLoss);
        for (int i = 0; i < registrants.size(); i++) {
            registrants.get(i).encode(into, base + size(i, extended), extended);
        }
    }
}
