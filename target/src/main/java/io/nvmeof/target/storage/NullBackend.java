package io.nvmeof.target.storage;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import java.lang.foreign.MemorySegment;

/** Forgets what is written and reads zeroes: what remains is the cost of everything but storage. */
public final class NullBackend implements NamespaceBackend {
    private final long blockCount;
    private final int blockSizeBytes;

    /**
     * @param sizeBytes a multiple of the block size
     * @param blockSizeBytes a power of two from 512 to 65,536
     */
    public NullBackend(long sizeBytes, int blockSizeBytes) {
        BlockGeometry.check(sizeBytes, blockSizeBytes, Long.MAX_VALUE);
        this.blockCount = sizeBytes / blockSizeBytes;
        this.blockSizeBytes = blockSizeBytes;
    }

    @Override
    public int blockSizeBytes() {
        return blockSizeBytes;
    }

    @Override
    public long blockCount() {
        return blockCount;
    }

    @Override
    public BackendCapabilities capabilities() {
        return new BackendCapabilities(false, true, false, 1);
    }

    @Override
    public String describe() {
        return "null, " + blockCount * blockSizeBytes + " bytes: keeps nothing";
    }

    @Override
    public BackendChannel open(EventLoop loop) {
        return new Channel();
    }

    @Override
    public void close() {
        // Nothing was taken.
    }

    private final class Channel implements BackendChannel {
        @Override
        public void read(long startingBlock, int count, MemorySegment memory, BackendCompletion completion) {
            // A buffer still holds what another host wrote or read last.
            MemoryChunk.fillZeroes(memory, 0, (long) count * blockSizeBytes);
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
        }

        @Override
        public void write(long startingBlock, int count, MemorySegment memory, boolean forceUnitAccess,
                BackendCompletion completion) {
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
        }

        @Override
        public void flush(BackendCompletion completion) {
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
        }

        @Override
        public void writeZeroes(long startingBlock, int count, boolean deallocate, boolean forceUnitAccess,
                BackendCompletion completion) {
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
        }

        @Override
        public void deallocate(long startingBlock, long count, BackendCompletion completion) {
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
        }

        @Override
        public void close() {
            // Nothing was taken.
        }
    }
}
