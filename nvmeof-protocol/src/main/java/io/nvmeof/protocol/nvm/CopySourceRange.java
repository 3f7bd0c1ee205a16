package io.nvmeof.protocol.nvm;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * One source range of a Copy command, descriptor format 0, whose data is up to 256 of them (NVM Command Set 1.1, Copy -
 * Source Range Entries Copy Descriptor Format 0h).
 */
public final class CopySourceRange {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            MemoryLayout.paddingLayout(8),
            LE64.withName("SLBA"),
            LE16.withName("NLB"),
            MemoryLayout.paddingLayout(6),
            LE32.withName("EILBRT"),
            LE16.withName("ELBAT"),
            LE16.withName("ELBATM"));

    /** Bytes of a range. */
    public static final int SIZE = (int) LAYOUT.byteSize();
    /** Most ranges of a command: NR is 8 bits, 0's based. */
    public static final int MAX_RANGES = 256;
    /** Dword 12 of the command: mask of the number of ranges, 0's based. */
    public static final int NUMBER_OF_RANGES_MASK = 0xFF;

    private static final VarHandle SLBA = LAYOUT.varHandle(groupElement("SLBA"));
    private static final VarHandle NLB = LAYOUT.varHandle(groupElement("NLB"));

    private CopySourceRange() {}

    /** The first block; all 64 bits are the peer's. */
    public static long startingLba(MemorySegment segment, long base) {
        return (long) SLBA.get(segment, base);
    }

    /** How many blocks, 1 to 65,536. */
    public static int blocks(MemorySegment segment, long base) {
        return Short.toUnsignedInt((short) NLB.get(segment, base)) + 1; // NLB is 0's based.
    }

    /** Writes all 32 bytes; {@code blocks} is 1 to 65,536. */
    public static void encode(MemorySegment segment, long base, long startingLba, int blocks) {
        segment.asSlice(base, SIZE).fill((byte) 0);
        SLBA.set(segment, base, startingLba);
        NLB.set(segment, base, (short) (blocks - 1));
    }
}
