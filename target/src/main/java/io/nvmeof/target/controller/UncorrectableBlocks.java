package io.nvmeof.target.controller;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The blocks of a namespace that a host has marked with Write Uncorrectable: ranges in order, that neither touch nor
 * overlap. Immutable.
 */
final class UncorrectableBlocks {
    /** Most blocks that may be marked at a time: however they are scattered, what is kept of them stays small. */
    static final long BLOCKS_MAX = 32_768;
    static final UncorrectableBlocks NONE = new UncorrectableBlocks(new long[0]);

    private static final int FORMAT = 1;
    private static final int HEADER_BYTES = 2 * Integer.BYTES;

    /** First block and the block after the last one, of each range in turn. */
    private final long[] bounds;

    private UncorrectableBlocks(long[] bounds) {
        this.bounds = bounds;
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    long blockCount() {
        long count = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            count += bounds[i + 1] - bounds[i];
        }
        return count;
    }

    /** Whether one of these blocks is marked. */
    boolean touches(long firstBlock, long count) {
        int at = Arrays.binarySearch(bounds, firstBlock);
        if (at >= 0) {
            at++; // A range begins or ends there.
        } else {
            at = -at - 1;
        }
        // An odd place is inside a range; otherwise a range may begin before the end.
        return (at & 1) == 1 || at < bounds.length && bounds[at] < firstBlock + count;
    }

    UncorrectableBlocks with(long firstBlock, long count) {
        return replace(firstBlock, count, true);
    }

    UncorrectableBlocks without(long firstBlock, long count) {
        return replace(firstBlock, count, false);
    }

    private UncorrectableBlocks replace(long firstBlock, long count, boolean marked) {
        long end = firstBlock + count;
        long[] next = new long[bounds.length + 4];
        int length = 0;
        int i = 0;
        for (; i < bounds.length && bounds[i] < firstBlock; i += 2) {
            length = add(next, length, bounds[i], Math.min(bounds[i + 1], firstBlock));
        }
        if (marked) {
            length = add(next, length, firstBlock, end);
        }
        for (i = 0; i < bounds.length; i += 2) {
            length = add(next, length, Math.max(bounds[i], end), bounds[i + 1]);
        }
        return length == 0 ? NONE : new UncorrectableBlocks(Arrays.copyOf(next, length));
    }

    /** Appends a range, if there is something in it, to the last one where they touch. */
    private static int add(long[] into, int length, long first, long end) {
        if (first >= end) {
            return length;
        }
        if (length > 0 && into[length - 1] == first) {
            into[length - 1] = end;
            return length;
        }
        into[length] = first;
        into[length + 1] = end;
        return length + 2;
    }

    /** As it is kept: a format number, the number of ranges, and the bounds of each. */
    byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + bounds.length * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN).putInt(FORMAT).putInt(bounds.length / 2);
        for (long bound : bounds) {
            bytes.putLong(bound);
        }
        return bytes.array();
    }

    /** @throws IllegalArgumentException if that is not what {@link #encode} makes */
    static UncorrectableBlocks decode(byte[] content) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            int format = bytes.getInt();
            int rangeCount = bytes.getInt();
            if (format != FORMAT || rangeCount < 0 || bytes.remaining() != 2L * rangeCount * Long.BYTES) {
                throw new IllegalArgumentException("format " + format + ", " + rangeCount + " ranges in "
                        + content.length + " bytes");
            }
            long[] bounds = new long[2 * rangeCount];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = bytes.getLong();
                if (bounds[i] < 0 || i > 0 && bounds[i] <= bounds[i - 1]) {
                    throw new IllegalArgumentException("bound " + i + " is " + bounds[i]);
                }
            }
            return rangeCount == 0 ? NONE : new UncorrectableBlocks(bounds);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException(content.length + " bytes", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UncorrectableBlocks blocks && Arrays.equals(bounds, blocks.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return Arrays.toString(bounds);
    }
}
