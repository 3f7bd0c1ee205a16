package io.nvmeof.protocol.fabrics;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Discovery log page, LID 70h: the subsystems a host may connect to, and where (NVMe Base 2.1, Discovery Log Page).
 *
 * @param generationCounter GENCTR: changes whenever the page does; a host reads again when it changed while reading
 * @param entries the records; their number is NUMREC
 */
public record DiscoveryLogPage(long generationCounter, List<DiscoveryLogEntry> entries) {
    /** The wire layout of the part before the entries; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE64.withName("GENCTR"),
            LE64.withName("NUMREC"),
            LE16.withName("RECFMT"),
            MemoryLayout.paddingLayout(1006));

    /** Bytes of the part before the entries. */
    public static final int HEADER_SIZE = (int) LAYOUT.byteSize();
    /** Bytes to read for {@link #generationCounter(MemorySegment, long)} and the two others. */
    public static final int COUNTERS_SIZE = 18;

    /** LSP of Get Log Page: extended entries, with attributes (EXTDLPE). */
    public static final int LSP_EXTENDED_ENTRIES = 1;
    /** LSP of Get Log Page: entries of the port that was asked only (PLEO). */
    public static final int LSP_PORT_LOCAL_ENTRIES_ONLY = 1 << 1;
    /** LSP of Get Log Page: entries of every subsystem (ALLSUBE). */
    public static final int LSP_ALL_SUBSYSTEM_ENTRIES = 1 << 2;

    private static final long GENCTR = LAYOUT.byteOffset(groupElement("GENCTR"));
    private static final long NUMREC = LAYOUT.byteOffset(groupElement("NUMREC"));
    private static final long RECFMT = LAYOUT.byteOffset(groupElement("RECFMT"));

    /** Keeps a copy of the list. */
    public DiscoveryLogPage {
        entries = List.copyOf(entries);
    }

    /** GENCTR of the header at {@code base}. */
    public static long generationCounter(MemorySegment from, long base) {
        return from.get(LE64, base + GENCTR);
    }

    /** NUMREC of the header at {@code base}; all 64 bits are the peer's: cap it before believing it. */
    public static long numberOfRecords(MemorySegment from, long base) {
        return from.get(LE64, base + NUMREC);
    }

    /** RECFMT of the header at {@code base}; 0 is the format this reads. */
    public static int recordFormat(MemorySegment from, long base) {
        return Short.toUnsignedInt(from.get(LE16, base + RECFMT));
    }

    /** Bytes of the page on the wire. */
    public long size() {
        return HEADER_SIZE + (long) entries.size() * DiscoveryLogEntry.SIZE;
    }

    /**
     * Reads a page of which {@code length} bytes were returned.
     *
     * @throws IllegalArgumentException if its format is unknown, or its entries do not fit in that
     */
    public static DiscoveryLogPage decode(MemorySegment from, long base, long length) {
        if (length < HEADER_SIZE || recordFormat(from, base) != 0) {
            throw new IllegalArgumentException("a discovery log page of " + length + " bytes or of another format");
        }
        long count = numberOfRecords(from, base);
        if (count < 0 || count > (length - HEADER_SIZE) / DiscoveryLogEntry.SIZE) {
            throw new IllegalArgumentException(
                    Long.toUnsignedString(count) + " discovery entries in " + length + " bytes");
        }
        List<DiscoveryLogEntry> entries = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            entries.add(DiscoveryLogEntry.decode(from, base + HEADER_SIZE + i * DiscoveryLogEntry.SIZE));
        }
        return new DiscoveryLogPage(generationCounter(from, base), entries);
    }

    /**
     * Writes the part of the page that begins at {@code offset}, and zeroes where the page has ended. Costs what the
     * part costs, however long the page is.
     *
     * @param offset from the beginning of the page, in bytes
     * @param into its size is that of the part
     */
    public void encodePart(long offset, MemorySegment into) {
        into.fill((byte) 0);
        if (offset < HEADER_SIZE) {
            MemorySegment header = MemorySegment.ofArray(new byte[HEADER_SIZE]);
            encodeHeader(header, 0);
            copyOverlap(header, 0, offset, into);
        }
        long first = Math.max(0, (offset - HEADER_SIZE) / DiscoveryLogEntry.SIZE);
        MemorySegment entry = MemorySegment.ofArray(new byte[DiscoveryLogEntry.SIZE]);
        for (long i = first; i < entries.size(); i++) {
            long at = HEADER_SIZE + i * DiscoveryLogEntry.SIZE;
            if (at >= offset + into.byteSize()) {
                return;
            }
            entries.get((int) i).encode(entry, 0);
            copyOverlap(entry, at, offset, into);
        }
    }

    /** Copies what a piece of the page, which lies at {@code at}, and the part have in common. */
    private static void copyOverlap(MemorySegment piece, long at, long offset, MemorySegment into) {
        long begin = Math.max(at, offset);
        long end = Math.min(at + piece.byteSize(), offset + into.byteSize());
        if (begin < end) {
            MemorySegment.copy(piece, begin - at, into, begin - offset, end - begin);
        }
    }

    private void encodeHeader(MemorySegment into, long base) {
        into.asSlice(base, HEADER_SIZE).fill((byte) 0);
        into.set(LE64, base + GENCTR, generationCounter);
        into.set(LE64, base + NUMREC, entries.size());
    }

    /** Writes all {@link #size()} bytes. */
    public void encode(MemorySegment into, long base) {
        encodeHeader(into, base);
        long at = base + HEADER_SIZE;
        for (DiscoveryLogEntry entry : entries) {
            entry.encode(into, at);
            at += DiscoveryLogEntry.SIZE;
        }
    }
}
