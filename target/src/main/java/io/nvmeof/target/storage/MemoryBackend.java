package io.nvmeof.target.storage;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Blocks in the memory of this process, which takes memory only for what was written. There is no cache to flush: what
 * a write completed is as safe as it will ever be, which is until the process ends.
 *
 * <p>A logical block is written and read atomically, from whatever loop.
 */
public final class MemoryBackend implements NamespaceBackend {
    /** The largest size in bytes: 16 TiB. */
    public static final long SIZE_BYTES_MAX = 16L << 40;
    private static final int GROUP_CHUNKS = 1024;
    /** Chunks given back in one turn of the loop; to give one back takes all threads of the process a handshake. */
    private static final int DEALLOCATE_CHUNKS_PER_TURN = 8;

    private final int blockSizeBytes;
    private final int blocksPerChunk;
    private volatile Extent extent;

    /**
     * A size and the places for its chunks, in groups: a larger extent shares the groups of the one before, so that a
     * write that still uses that one is not lost.
     */
    private record Extent(long blockCount, List<AtomicReferenceArray<MemoryChunk>> groups) {
        static Extent of(long blockCount, int blocksPerChunk, List<AtomicReferenceArray<MemoryChunk>> known) {
            int chunkCount = Math.toIntExact(Math.ceilDiv(blockCount, blocksPerChunk));
            int groupCount = Math.ceilDiv(chunkCount, GROUP_CHUNKS);
            List<AtomicReferenceArray<MemoryChunk>> groups =
                    new ArrayList<>(known.subList(0, Math.min(known.size(), groupCount)));
            while (groups.size() < groupCount) {
                groups.add(new AtomicReferenceArray<>(GROUP_CHUNKS));
            }
            return new Extent(blockCount, List.copyOf(groups));
        }

        AtomicReferenceArray<MemoryChunk> group(long chunk) {
            return groups.get((int) chunk / GROUP_CHUNKS);
        }

        MemoryChunk chunk(long index) {
            return group(index).get((int) index % GROUP_CHUNKS);
        }

        boolean contains(long startingBlock, long count) {
            return startingBlock >= 0 && startingBlock < blockCount && count <= blockCount - startingBlock;
        }
    }

    /**
     * @param sizeBytes a multiple of the block size, at most {@link #SIZE_BYTES_MAX}
     * @param blockSizeBytes a power of two from 512 to 65,536
     */
    public MemoryBackend(long sizeBytes, int blockSizeBytes) {
        BlockGeometry.check(sizeBytes, blockSizeBytes, SIZE_BYTES_MAX);
        this.blockSizeBytes = blockSizeBytes;
        this.blocksPerChunk = MemoryChunk.SIZE_BYTES / blockSizeBytes;
        this.extent = Extent.of(sizeBytes / blockSizeBytes, blocksPerChunk, List.of());
    }

    @Override
    public int blockSizeBytes() {
        return blockSizeBytes;
    }

    @Override
    public long blockCount() {
        return extent.blockCount;
    }

    @Override
    public synchronized void resize(long blockCount) {
        BlockGeometry.check(Math.multiplyExact(blockCount, (long) blockSizeBytes), blockSizeBytes, SIZE_BYTES_MAX);
        Extent former = extent;
        extent = Extent.of(blockCount, blocksPerChunk, former.groups);
        // What was cut off must not come back when there is more again.
        for (long block = blockCount; block < former.blockCount; block += blocksPerChunk - block % blocksPerChunk) {
            int first = (int) (block % blocksPerChunk);
            AtomicReferenceArray<MemoryChunk> group = former.group(block / blocksPerChunk);
            int index = (int) (block / blocksPerChunk % GROUP_CHUNKS);
            MemoryChunk chunk = first == 0 ? group.getAndSet(index, null) : group.get(index);
            if (chunk != null) {
                chunk.deallocate(first, blocksPerChunk - first);
            }
        }
    }

    @Override
    public BackendCapabilities capabilities() {
        return new BackendCapabilities(false, true, false, 1, blocksPerChunk, blocksPerChunk);
    }

    @Override
    public String describe() {
        return "memory, " + extent.blockCount * blockSizeBytes + " bytes";
    }

    @Override
    public BackendChannel open(EventLoop loop) {
        return new Channel(loop);
    }

    /** Bytes of memory in use now. Any thread may ask. */
    public long allocatedBytes() {
        long bytes = 0;
        for (AtomicReferenceArray<MemoryChunk> group : extent.groups) {
            for (int i = 0; i < GROUP_CHUNKS; i++) {
                MemoryChunk chunk = group.get(i);
                if (chunk != null && chunk.hasMemory()) {
                    bytes += MemoryChunk.SIZE_BYTES;
                }
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        for (AtomicReferenceArray<MemoryChunk> group : extent.groups) {
            for (int i = 0; i < GROUP_CHUNKS; i++) {
                MemoryChunk chunk = group.getAndSet(i, null);
                if (chunk != null) {
                    chunk.deallocate(0, blocksPerChunk);
                }
            }
        }
    }

    private MemoryChunk chunkForWriting(long number) {
        AtomicReferenceArray<MemoryChunk> group = extent.group(number);
        int index = (int) number % GROUP_CHUNKS;
        MemoryChunk chunk = group.get(index);
        if (chunk == null) {
            MemoryChunk fresh = new MemoryChunk(blockSizeBytes);
            chunk = group.compareAndExchange(index, null, fresh);
            if (chunk == null) {
                chunk = fresh;
            }
        }
        return chunk;
    }

    private final class Channel implements BackendChannel {
        private final EventLoop loop;

        Channel(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void read(long startingBlock, int count, MemorySegment memory, BackendCompletion completion) {
            Extent now = extent;
            if (!now.contains(startingBlock, count)) {
                completion.onBackendComplete(GenericStatus.LBA_OUT_OF_RANGE);
                return;
            }
            long block = startingBlock;
            long end = startingBlock + count;
            while (block < end) {
                int first = (int) (block % blocksPerChunk);
                int run = (int) Math.min(blocksPerChunk - first, end - block);
                MemoryChunk chunk = now.chunk(block / blocksPerChunk);
                long offset = (block - startingBlock) * blockSizeBytes;
                if (chunk == null) {
                    MemoryChunk.fillZeroes(memory, offset, (long) run * blockSizeBytes);
                } else {
                    chunk.read(first, run, memory, offset);
                }
                block += run;
            }
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
        }

        @Override
        public void write(long startingBlock, int count, MemorySegment memory, boolean forceUnitAccess,
                BackendCompletion completion) {
            completion.onBackendComplete(tryWrite(startingBlock, count, memory));
        }

        private GenericStatus tryWrite(long startingBlock, int count, MemorySegment memory) {
            if (!extent.contains(startingBlock, count)) {
                return GenericStatus.LBA_OUT_OF_RANGE;
            }
            long block = startingBlock;
            long end = startingBlock + count;
            try {
                while (block < end) {
                    int first = (int) (block % blocksPerChunk);
                    int run = (int) Math.min(blocksPerChunk - first, end - block);
                    chunkForWriting(block / blocksPerChunk)
                            .write(first, run, memory, (block - startingBlock) * blockSizeBytes);
                    block += run;
                }
                return GenericStatus.SUCCESSFUL_COMPLETION;
            } catch (OutOfMemoryError e) {
                // The memory of the machine is the capacity of this backend: a thin volume that is full.
                return GenericStatus.CAPACITY_EXCEEDED;
            }
        }

        @Override
        public void flush(BackendCompletion completion) {
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
        }

        @Override
        public void writeZeroes(long startingBlock, int count, boolean deallocate, boolean forceUnitAccess,
                BackendCompletion completion) {
            // Zeroes need no memory, whether or not the host wants it back.
            deallocate(startingBlock, count, completion);
        }

        @Override
        public void deallocate(long startingBlock, long count, BackendCompletion completion) {
            Extent now = extent;
            if (count > 0 && !now.contains(startingBlock, count)) {
                completion.onBackendComplete(GenericStatus.LBA_OUT_OF_RANGE);
                return;
            }
            long block = startingBlock;
            long end = startingBlock + count;
            int freed = 0;
            while (block < end) {
                if (freed == DEALLOCATE_CHUNKS_PER_TURN) {
                    long rest = block;
                    loop.execute(() -> deallocate(rest, end - rest, completion));
                    return;
                }
                int first = (int) (block % blocksPerChunk);
                int run = (int) Math.min(blocksPerChunk - first, end - block);
                MemoryChunk chunk = now.chunk(block / blocksPerChunk);
                if (chunk != null) {
                    chunk.deallocate(first, run);
                    freed++;
                }
                block += run;
            }
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
        }

        @Override
        public void close() {
            // The blocks belong to the backend, and a channel holds nothing else.
        }
    }
}
