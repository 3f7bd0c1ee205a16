package io.nvmeof.protocol.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The data buffers of one event loop, within a budget. Memory is taken from the system a chunk at a time and never
 * given back; a chunk is cut into buffers of one size class, and may be cut anew once all of them are home.
 *
 * <p>A request that finds no buffer waits in line. Data that comes inside a command capsule blocks the connection's
 * byte stream until there is a buffer for it, and the stream may carry the very data that would free one: so a
 * reserve of whole chunks is kept that only {@link Purpose#IN_CAPSULE} may use, and such commands always progress
 * without further input. Counting bytes would not do: a few bytes of a transfer in each chunk leave none to be cut.
 *
 * <p>Owned by the loop; not thread-safe.
 */
public final class BufferPool {
    /** What a buffer is for. */
    public enum Purpose {
        /** Data that comes inside a command capsule; may use the reserve. */
        IN_CAPSULE,
        /** Everything else. */
        TRANSFER
    }

    /** Alignment of every buffer, and the smallest size class, in bytes. */
    public static final int ALIGNMENT_BYTES = 4096;
    /** The size of a chunk and the largest buffer, in bytes. */
    public static final int CHUNK_BYTES = 1 << 20;
    /** How many connections must use up their shares before others wait: an eighth of the pool each. */
    static final int SHARES = 8;
    private static final int CLASS_COUNT = Integer.numberOfTrailingZeros(CHUNK_BYTES / ALIGNMENT_BYTES) + 1;

    private final Consumer<Runnable> deferrer;
    private final Region general;
    private final Region reserve;
    private final long shareBytesMax;
    private final ArrayDeque<BufferWaiter> capsuleWaiters = new ArrayDeque<>();
    private final ArrayDeque<BufferWaiter> transferWaiters = new ArrayDeque<>();
    private final Runnable serveWaiters = this::serveWaiters;
    private int shareWaiterCount;
    private long takenBytes;
    private long waitCount;
    private boolean serviceQueued;
    private boolean serving;

    /**
     * @param deferrer runs a task on the owning loop, later: waiters are served from a fresh stack
     * @param budgetBytes the most memory this pool may hold; at least four chunks
     */
    public BufferPool(Consumer<Runnable> deferrer, long budgetBytes) {
        if (budgetBytes < 4L * CHUNK_BYTES || budgetBytes > (long) Integer.MAX_VALUE * CHUNK_BYTES) {
            throw new IllegalArgumentException("buffer budget " + budgetBytes + " bytes: allowed from "
                    + 4L * CHUNK_BYTES + " to " + (long) Integer.MAX_VALUE * CHUNK_BYTES);
        }
        this.deferrer = deferrer;
        int chunkCountMax = (int) (budgetBytes / CHUNK_BYTES);
        int chunkCountReserved = Math.max(1, chunkCountMax / 8);
        this.general = new Region(chunkCountMax - chunkCountReserved);
        this.reserve = new Region(chunkCountReserved);
        this.shareBytesMax = Math.max(1, (chunkCountMax - chunkCountReserved) / SHARES) * (long) CHUNK_BYTES;
    }

    /**
     * Takes a buffer of at least {@code length} bytes.
     *
     * @param length from 1 to {@link #CHUNK_BYTES}
     * @return the buffer, or {@code null} if the budget is used up: then {@link #await} and try again when called
     */
    public DataBuffer take(int length, Purpose purpose) {
        return take(length, purpose, null);
    }

    /** As {@link #take(int, Purpose)}, from what a connection may hold; {@code share} is null for no such limit. */
    public DataBuffer take(int length, Purpose purpose, BufferShare share) {
        int sizeClass = sizeClass(length);
        if (share != null && !share.admits(classBytes(sizeClass))) {
            return null;
        }
        // Nobody overtakes those who wait, or a large request would wait for ever.
        if (!serving && !waiters(purpose).isEmpty()) {
            return null;
        }
        DataBuffer buffer = null;
        if (purpose == Purpose.TRANSFER || transferWaiters.isEmpty()) {
            buffer = general.take(sizeClass);
        }
        if (buffer == null && purpose == Purpose.IN_CAPSULE) {
            buffer = reserve.take(sizeClass);
        }
        if (buffer != null) {
            buffer.markTaken(share);
            buffer.chunk().takenCount++;
            takenBytes += buffer.capacity();
        }
        return buffer;
    }

    /** What one connection may hold of this pool: at least one of the largest buffers. */
    public BufferShare newShare() {
        return new BufferShare(this, shareBytesMax);
    }

    /**
     * Queues a waiter that {@link #take} has just refused, behind those already waiting for the same purpose; or for
     * its own share, if that was the reason.
     */
    public void await(BufferWaiter waiter, Purpose purpose) {
        waitCount++;
        BufferShare share = waiter.share();
        if (share != null && share.refused()) {
            shareWaiterCount++;
            share.await(waiter);
        } else {
            waiters(purpose).addLast(waiter);
        }
    }

    /** Takes a waiter out of the queue, if it is in it. */
    public void cancel(BufferWaiter waiter) {
        capsuleWaiters.remove(waiter);
        transferWaiters.remove(waiter);
        if (waiter.share() != null && waiter.share().cancel(waiter)) {
            shareWaiterCount--;
        }
        // The next in line may need less.
        queueService();
    }

    /** Bytes in buffers that are out of the pool now. */
    public long takenBytes() {
        return takenBytes;
    }

    /** Bytes taken from the system so far. */
    public long heldBytes() {
        return (long) (general.chunks.size() + reserve.chunks.size()) * CHUNK_BYTES;
    }

    /** How often a request had to wait for a buffer. */
    public long waitCount() {
        return waitCount;
    }

    /** How many wait now. */
    public int waiterCount() {
        return capsuleWaiters.size() + transferWaiters.size() + shareWaiterCount;
    }

    private ArrayDeque<BufferWaiter> waiters(Purpose purpose) {
        return purpose == Purpose.IN_CAPSULE ? capsuleWaiters : transferWaiters;
    }

    void defer(Runnable task) {
        deferrer.accept(task);
    }

    void onShareWaiterLeft() {
        shareWaiterCount--;
    }

    /** Its share has room again, but the pool has none. */
    void moveToPool(BufferWaiter waiter) {
        transferWaiters.addLast(waiter);
    }

    private void serveWaiters() {
        serviceQueued = false;
        serving = true;
        try {
            serve(capsuleWaiters);
            serve(transferWaiters);
        } finally {
            serving = false;
        }
    }

    /** The waiter leaves the queue before it is asked: what it does then may cancel it or queue it again. */
    private void serve(ArrayDeque<BufferWaiter> waiters) {
        BufferWaiter waiter;
        while ((waiter = waiters.pollFirst()) != null) {
            if (waiter.onBufferAvailable()) {
                continue;
            }
            BufferShare share = waiter.share();
            if (share == null || !share.refused()) {
                waiters.addFirst(waiter);
                return;
            }
            shareWaiterCount++;
            share.await(waiter);
        }
    }

    private void onReleased(DataBuffer buffer) {
        takenBytes -= buffer.capacity();
        queueService();
    }

    private void queueService() {
        if (!serviceQueued && !(capsuleWaiters.isEmpty() && transferWaiters.isEmpty())) {
            serviceQueued = true;
            deferrer.accept(serveWaiters);
        }
    }

    private static int sizeClass(int length) {
        if (length < 1 || length > CHUNK_BYTES) {
            throw new IllegalArgumentException("buffer of " + length + " bytes: allowed from 1 to " + CHUNK_BYTES);
        }
        int pages = (length + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES;
        return Integer.SIZE - Integer.numberOfLeadingZeros(pages - 1);
    }

    private static int classBytes(int sizeClass) {
        return ALIGNMENT_BYTES << sizeClass;
    }

    /** Some of the chunks, and what is free in them. */
    private final class Region {
        private final int chunkCountMax;
        private final List<ArrayDeque<DataBuffer>> free = new ArrayList<>();
        private final List<Chunk> chunks = new ArrayList<>();

        private Region(int chunkCountMax) {
            this.chunkCountMax = chunkCountMax;
            for (int i = 0; i < CLASS_COUNT; i++) {
                free.add(new ArrayDeque<>());
            }
        }

        private DataBuffer take(int sizeClass) {
            ArrayDeque<DataBuffer> buffers = free.get(sizeClass);
            DataBuffer buffer = buffers.pollLast();
            return buffer == null && cutChunk(sizeClass) ? buffers.pollLast() : buffer;
        }

        private boolean cutChunk(int sizeClass) {
            Chunk chunk;
            if (chunks.size() < chunkCountMax) {
                // Never closed: the kernel may still write to a buffer of a connection that is gone.
                chunk = new Chunk(this, Arena.global().allocate(CHUNK_BYTES, ALIGNMENT_BYTES));
                chunks.add(chunk);
            } else {
                chunk = idleChunk();
                if (chunk == null) {
                    return false;
                }
                chunk.forgetCut();
            }
            chunk.cut(sizeClass);
            return true;
        }

        private Chunk idleChunk() {
            for (int i = 0; i < chunks.size(); i++) {
                if (chunks.get(i).takenCount == 0) {
                    return chunks.get(i);
                }
            }
            return null;
        }
    }

    /** Memory of the system, cut into buffers of one size, or whole. The buffers of each cut are kept for the next. */
    final class Chunk {
        private final Region region;
        private final MemorySegment memory;
        private final DataBuffer[][] cuts = new DataBuffer[CLASS_COUNT][];
        private int sizeClass;
        private int takenCount;

        private Chunk(Region region, MemorySegment memory) {
            this.region = region;
            this.memory = memory;
        }

        private void cut(int sizeClass) {
            this.sizeClass = sizeClass;
            if (cuts[sizeClass] == null) {
                int size = classBytes(sizeClass);
                cuts[sizeClass] = new DataBuffer[CHUNK_BYTES / size];
                for (int i = 0; i < cuts[sizeClass].length; i++) {
                    cuts[sizeClass][i] = new DataBuffer(memory.asSlice((long) i * size, size), this);
                }
            }
            ArrayDeque<DataBuffer> buffers = region.free.get(sizeClass);
            for (DataBuffer buffer : cuts[sizeClass]) {
                buffers.addLast(buffer);
            }
        }

        private void forgetCut() {
            region.free.get(sizeClass).removeIf(buffer -> buffer.chunk() == this);
        }

        void release(DataBuffer buffer) {
            takenCount--;
            region.free.get(sizeClass).addLast(buffer);
            onReleased(buffer);
        }
    }
}
