package io.nvmeof.cli.load;

import java.util.Arrays;

/**
 * What each block of a region must hold, and which blocks have commands outstanding: two commands of which one changes
 * a block are never outstanding together, because then the specification promises nothing about the outcome.
 */
final class BlockLedger {
    /** The block was never written in this run, or its content is undefined. */
    static final int UNKNOWN = -1;
    /** The block reads as zeroes. */
    static final int ZEROES = 0;
    private static final byte CHANGING = -1;

    private final long firstBlock;
    private final int[] generations;
    private final byte[] busy;
    private long knownCount;

    /** A region of {@code blockCount} blocks, all unknown. */
    BlockLedger(long firstBlock, int blockCount) {
        this.firstBlock = firstBlock;
        this.generations = new int[blockCount];
        this.busy = new byte[blockCount];
        Arrays.fill(generations, UNKNOWN);
    }

    long firstBlock() {
        return firstBlock;
    }

    int blockCount() {
        return generations.length;
    }

    /** How many blocks hold something known. */
    long knownCount() {
        return knownCount;
    }

    /** The generation of a block, {@link #ZEROES} or {@link #UNKNOWN}. */
    int generation(long block) {
        return generations[index(block)];
    }

    /** Marks blocks as being read, unless one of them is being changed. */
    boolean tryRead(long block, int count) {
        int from = index(block);
        for (int i = from; i < from + count; i++) {
            if (busy[i] == CHANGING || busy[i] == Byte.MAX_VALUE) {
                return false;
            }
        }
        for (int i = from; i < from + count; i++) {
            busy[i]++;
        }
        return true;
    }

    /** Marks blocks as being changed, unless one of them is in use. */
    boolean tryChange(long block, int count) {
        int from = index(block);
        for (int i = from; i < from + count; i++) {
            if (busy[i] != 0) {
                return false;
            }
        }
        Arrays.fill(busy, from, from + count, CHANGING);
        return true;
    }

    void endRead(long block, int count) {
        int from = index(block);
        for (int i = from; i < from + count; i++) {
            busy[i]--;
        }
    }

    /** The change was not made after all. */
    void keepUnchanged(long block, int count) {
        int from = index(block);
        Arrays.fill(busy, from, from + count, (byte) 0);
    }

    /** The change is over; the blocks hold {@code generation}, {@link #ZEROES} or something {@link #UNKNOWN}. */
    void endChange(long block, int count, int generation) {
        int from = index(block);
        for (int i = from; i < from + count; i++) {
            busy[i] = 0;
            knownCount += (generation == UNKNOWN ? 0 : 1) - (generations[i] == UNKNOWN ? 0 : 1);
            generations[i] = generation;
        }
    }

    private int index(long block) {
        return Math.toIntExact(block - firstBlock);
    }
}
