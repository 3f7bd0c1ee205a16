package io.nvmeof.target.storage;

import java.lang.foreign.MemorySegment;

/**
 * One loop's way to a backend. Every operation completes exactly once through its completion, on the loop, during the
 * call or later, with a status: a failure is never thrown. The caller has checked the range against the block count,
 * and keeps memory alive and untouched until the completion.
 *
 * <p>Only called on the loop it was opened for. It never blocks the loop for longer than memory takes, unless the
 * machine offers nothing better; the backend then says so in the log when it opens.
 */
public interface BackendChannel extends AutoCloseable {
    /** Reads blocks into {@code memory} from its start, {@code blockCount} times the block size bytes. */
    void read(long startingBlock, int blockCount, MemorySegment memory, BackendCompletion completion);

    /**
     * Writes blocks.
     *
     * @param forceUnitAccess complete only when these blocks would survive the loss of power
     */
    void write(long startingBlock, int blockCount, MemorySegment memory, boolean forceUnitAccess,
            BackendCompletion completion);

    /** Completes when every write that completed before this call, on any channel, would survive the loss of power. */
    void flush(BackendCompletion completion);

    /**
     * Makes blocks read as zeroes.
     *
     * @param blockCount at most 65,536
     * @param deallocate whether their storage is to be given back where the backend can
     * @param forceUnitAccess as for {@link #write}
     */
    void writeZeroes(long startingBlock, int blockCount, boolean deallocate, boolean forceUnitAccess,
            BackendCompletion completion);

    /** Gives up the storage of blocks, which read as zeroes from then on, where the backend can; else does nothing. */
    void deallocate(long startingBlock, long blockCount, BackendCompletion completion);

    /**
     * Takes back an operation that was begun with this completion and has not touched the storage yet.
     *
     * @return whether it will never happen and its completion will never be called; {@code false} changes nothing, and
     *     is what a backend says that cannot tell
     */
    default boolean cancel(BackendCompletion completion) {
        return false;
    }

    /** Nothing is outstanding any more; gives up what this loop holds. */
    @Override
    void close();
}
