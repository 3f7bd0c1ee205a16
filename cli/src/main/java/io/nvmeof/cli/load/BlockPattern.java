package io.nvmeof.cli.load;

import io.nvmeof.cli.shared.HexDump;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What {@code verify} writes into a block: a header that says which run wrote it, for which block and as which
 * generation, a checksum, and pseudo-random bytes that follow from the three. A block that is wrong, stale, torn or in
 * the wrong place therefore says what it is.
 *
 * <p>Not thread-safe: it keeps a block to compare with.
 */
final class BlockPattern {
    static final int HEADER_BYTES = 40;
    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** "NVMEOFVF" in ASCII. */
    private static final long MAGIC = 0x4656_464F_454D_564EL;
    private static final int SEED_OFFSET = 8;
    private static final int BLOCK_OFFSET = 16;
    private static final int GENERATION_OFFSET = 24;
    private static final int CHECKSUM_OFFSET = 32;
    private static final long DUMP_LINES = 4;
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;
    private static final long MULTIPLIER = 0xFF51_AFD7_ED55_8CCDL;

    private final long seed;
    private final int blockSizeBytes;
    private final MemorySegment expected;
    private final MemorySegment zeroes;

    BlockPattern(long seed, int blockSizeBytes) {
        this.seed = seed;
        this.blockSizeBytes = blockSizeBytes;
        this.expected = Arena.ofAuto().allocate(blockSizeBytes, 8);
        this.zeroes = Arena.ofAuto().allocate(blockSizeBytes, 8);
    }

    int blockSizeBytes() {
        return blockSizeBytes;
    }

    /** Writes the content of a block at an offset of the memory. */
    void write(MemorySegment memory, long offset, long block, long generation) {
        memory.set(WORD, offset, MAGIC);
        memory.set(WORD, offset + SEED_OFFSET, seed);
        memory.set(WORD, offset + BLOCK_OFFSET, block);
        memory.set(WORD, offset + GENERATION_OFFSET, generation);
        long checksum = mix(mix(mix(mix(0, MAGIC), seed), block), generation);
        long state = checksum | 1;
        for (int at = HEADER_BYTES; at < blockSizeBytes; at += Long.BYTES) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            memory.set(WORD, offset + at, state);
            checksum = mix(checksum, state);
        }
        memory.set(WORD, offset + CHECKSUM_OFFSET, checksum);
    }

    /** Whether a block is what {@link #write} makes it, to the last byte. */
    boolean matches(MemorySegment memory, long offset, long block, long generation) {
        write(expected, 0, block, generation);
        return MemorySegment.mismatch(memory, offset, offset + blockSizeBytes, expected, 0, blockSizeBytes) < 0;
    }

    boolean isZero(MemorySegment memory, long offset) {
        return MemorySegment.mismatch(memory, offset, offset + blockSizeBytes, zeroes, 0, blockSizeBytes) < 0;
    }

    /** What a block says it is. */
    BlockHeader header(MemorySegment memory, long offset) {
        return new BlockHeader(memory.get(WORD, offset) == MAGIC, memory.get(WORD, offset + SEED_OFFSET),
                memory.get(WORD, offset + BLOCK_OFFSET), memory.get(WORD, offset + GENERATION_OFFSET),
                memory.get(WORD, offset + CHECKSUM_OFFSET) == checksum(memory, offset));
    }

    /** Why a block is not what it should be, with both headers and the bytes around the first difference. */
    String explain(MemorySegment memory, long offset, long block, int generation) {
        BlockHeader found = header(memory, offset);
        boolean zero = isZero(memory, offset);
        StringBuilder text = new StringBuilder("block ").append(block).append(" is wrong: ");
        text.append(verdict(found, zero, block, generation)).append('\n');
        text.append("  expected: ").append(generation == BlockLedger.ZEROES ? "zeroes"
                : "seed " + Long.toUnsignedString(seed) + ", block " + block + ", generation " + generation);
        text.append("\n  found:    ").append(zero ? "zeroes" : found.toString()).append('\n');
        MemorySegment wanted = zeroes;
        if (generation != BlockLedger.ZEROES) {
            write(expected, 0, block, generation);
            wanted = expected;
        }
        long at = MemorySegment.mismatch(memory, offset, offset + blockSizeBytes, wanted, 0, blockSizeBytes);
        if (at >= 0) {
            text.append("  first difference at byte ").append(at).append(" of ").append(blockSizeBytes).append('\n');
            long from = Math.max(0, at / HexDump.LINE_BYTES - 1) * HexDump.LINE_BYTES;
            long to = Math.min(blockSizeBytes, from + DUMP_LINES * HexDump.LINE_BYTES);
            HexDump.append(text, "  expected ", wanted, 0, from, to);
            HexDump.append(text, "  found    ", memory, offset, from, to);
        }
        return text.toString();
    }

    private String verdict(BlockHeader found, boolean zero, long block, int generation) {
        if (zero) {
            return "it reads as zeroes: the write is lost, or something else zeroed it";
        }
        if (!found.known()) {
            return "it holds something verify never wrote";
        }
        if (!found.intact()) {
            return found.block() == block ? "torn: the header is ours, the rest is not what was written with it"
                    : "torn and misplaced";
        }
        if (found.seed() != seed) {
            return "it holds the data of another run: the write is lost";
        }
        if (found.block() != block) {
            return "misplaced: it holds the data of block " + found.block();
        }
        return found.generation() < generation ? "stale: the last write is lost"
                : "it holds a newer generation than the last one acknowledged";
    }

    private long checksum(MemorySegment memory, long offset) {
        long checksum = 0;
        for (int at = 0; at < blockSizeBytes; at += Long.BYTES) {
            if (at != CHECKSUM_OFFSET) {
                checksum = mix(checksum, memory.get(WORD, offset + at));
            }
        }
        return checksum;
    }

    private static long mix(long hash, long word) {
        long mixed = (hash ^ word) * MULTIPLIER + GOLDEN_RATIO;
        return mixed ^ mixed >>> 32;
    }

    /**
     * The header of a block.
     *
     * @param known whether it begins as blocks of verify do
     * @param intact whether the checksum fits the block
     */
    record BlockHeader(boolean known, long seed, long block, long generation, boolean intact) {
        @Override
        public String toString() {
            return known ? "seed " + Long.toUnsignedString(seed) + ", block " + block + ", generation " + generation
                    + (intact ? ", checksum right" : ", checksum wrong") : "no header of verify";
        }
    }
}
