package io.nvmeof.interop.simulation;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What each block may hold, told by what was submitted and what completed. A read returns the last write that
 * completed before the read was submitted, or any write that was under way since, or one whose fate is unknown
 * because it failed or its connection was lost.
 *
 * <p>Every block written carries its own address and a number that no other write has, so that a wrong, stale or
 * misplaced block is recognised.
 */
final class BlockModel {
    static final long ZEROES = 0;
    private static final ValueLayout.OfLong NUMBER =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** One write to one block. */
    private static final class Write {
        private final long number;
        private final long submittedAt;
        private long completedAt = Long.MAX_VALUE;
        private boolean durable;

        private Write(long number, long submittedAt) {
            this.number = number;
            this.submittedAt = submittedAt;
        }

        @Override
        public String toString() {
            return number + "@" + submittedAt + (completedAt == Long.MAX_VALUE ? "" : "-" + completedAt)
                    + (durable ? " durable" : "");
        }
    }

    private final int blockSizeBytes;
    private final List<List<Write>> writes = new ArrayList<>();
    /** A logical clock that orders submissions and completions, also those of one instant. */
    private long clock;
    private long numbers;

    BlockModel(int blockSizeBytes, int blockCount) {
        this.blockSizeBytes = blockSizeBytes;
        for (int i = 0; i < blockCount; i++) {
            Write initial = new Write(ZEROES, 0);
            initial.completedAt = 0;
            initial.durable = true;
            writes.add(new ArrayList<>(List.of(initial)));
        }
    }

    /** A moment to remember a submission by. */
    long now() {
        return ++clock;
    }

    long nextNumber() {
        return ++numbers;
    }

    /**
     * A write of {@code number} (or {@link #ZEROES}) to each of the blocks was submitted.
     *
     * @return the moment, by which the write is known from now on
     */
    long submitted(int startingBlock, int count, long number) {
        long now = now();
        for (int i = startingBlock; i < startingBlock + count; i++) {
            writes.get(i).add(new Write(number, now));
        }
        return now;
    }

    /** The write completed with success; {@code durable} if that was a promise to survive the loss of power. */
    void completed(int startingBlock, int count, long submittedAt, boolean durable) {
        long now = now();
        for (int i = startingBlock; i < startingBlock + count; i++) {
            for (Write write : writes.get(i)) {
                if (write.submittedAt == submittedAt) {
                    write.completedAt = now;
                    write.durable = durable;
                }
            }
        }
    }

    /** The write was refused in a way that promises that it did nothing: nobody may ever see it. */
    void refused(int startingBlock, int count, long submittedAt) {
        for (int i = startingBlock; i < startingBlock + count; i++) {
            writes.get(i).removeIf(write -> write.submittedAt == submittedAt);
        }
    }

    /** Blocks from here to the end were cut off, durably; they come back, if they do, as zeroes. */
    void cutOff(int firstBlock) {
        int count = writes.size() - firstBlock;
        completed(firstBlock, count, submitted(firstBlock, count, ZEROES), true);
    }

    /** A flush completed: what had completed when it was submitted is durable. */
    void flushed(long submittedAt) {
        for (List<Write> block : writes) {
            for (Write write : block) {
                write.durable |= write.completedAt < submittedAt;
            }
        }
    }

    /** Checks the data of a read that was submitted at {@code submittedAt} and has completed with success. */
    void checkRead(int startingBlock, byte[] data, long submittedAt) {
        for (int i = 0; i < data.length / blockSizeBytes; i++) {
            int block = startingBlock + i;
            long number = numberOf(block, Arrays.copyOfRange(data, i * blockSizeBytes, (i + 1) * blockSizeBytes));
            long limit = latestCompletedBefore(writes.get(block), submittedAt, false);
            require(block, number, limit, "read");
        }
    }

    /** Checks what is left of a block after the power was cut: nothing that was promised may be gone. */
    void checkSurvivor(int block, byte[] data) {
        long limit = latestCompletedBefore(writes.get(block), Long.MAX_VALUE, true);
        require(block, numberOf(block, data), limit, "left after the power was cut");
    }

    private void require(int block, long number, long limit, String what) {
        for (Write write : writes.get(block)) {
            if (write.number == number && write.completedAt >= limit) {
                return;
            }
        }
        throw new AssertionError("block " + block + ": write " + number + " was " + what
                + ", but a later one counts; writes that could be seen: " + writes.get(block) + ", limit " + limit);
    }

    /**
     * The submission time of the last write that must have taken effect; one that completed before it was submitted
     * cannot be seen any more.
     */
    private static long latestCompletedBefore(List<Write> block, long moment, boolean durableOnly) {
        long latest = Long.MIN_VALUE;
        for (Write write : block) {
            if (write.completedAt < moment && (write.durable || !durableOnly)) {
                latest = Math.max(latest, write.submittedAt);
            }
        }
        return latest;
    }

    /** Fills a block's worth of memory for a write. */
    void fill(byte[] data, int startingBlock, long number) {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        for (int i = 0; i < data.length / blockSizeBytes; i++) {
            for (int at = 0; at < blockSizeBytes; at += 16) {
                buffer.putLong(startingBlock + i + 1L).putLong(number);
            }
        }
    }

    /** The number in the first block of a write. */
    static long number(MemorySegment data) {
        return data.get(NUMBER, Long.BYTES);
    }

    private long numberOf(int block, byte[] data) {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        long address = buffer.getLong();
        long number = buffer.getLong();
        boolean zeroes = address == 0 && number == 0;
        if (!zeroes && address != block + 1L) {
            throw new AssertionError("block " + block + " holds data of block " + (address - 1));
        }
        while (buffer.hasRemaining()) {
            if (buffer.getLong() != address || buffer.getLong() != number) {
                throw new AssertionError("block " + block + " is torn at byte " + buffer.position());
            }
        }
        return number;
    }
}
