package io.nvmeof.protocol.memory;

import java.util.ArrayDeque;

/**
 * The part of a pool that one connection may hold. Without it a host that asks for much and takes nothing would hold
 * every buffer of its loop until it is given up as dead, and everybody else would wait. Who has used up their share
 * waits in a queue of their own, and in nobody's way.
 *
 * <p>In-capsule data is not counted: it blocks the stream that may carry what gives other buffers of the share back.
 *
 * <p>Owned by the loop of its pool.
 */
public final class BufferShare {
    private final BufferPool pool;
    private final long bytesMax;
    private final ArrayDeque<BufferWaiter> waiters = new ArrayDeque<>();
    private final Runnable serve = this::serve;
    private long heldBytes;
    private boolean refused;
    private boolean serviceQueued;

    BufferShare(BufferPool pool, long bytesMax) {
        this.pool = pool;
        this.bytesMax = bytesMax;
    }

    /** Bytes of the share that are in use. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Whether the last buffer asked for was refused because the share is used up, and not because the pool is. */
    boolean refused() {
        return refused;
    }

    /** Takes note of a request for a buffer; returns whether there is room for it. */
    boolean admits(int bytes) {
        refused = heldBytes + bytes > bytesMax;
        return !refused;
    }

    void onTaken(DataBuffer buffer) {
        heldBytes += buffer.capacity();
    }

    void onReleased(DataBuffer buffer) {
        heldBytes -= buffer.capacity();
        queueService();
    }

    void await(BufferWaiter waiter) {
        waiters.addLast(waiter);
    }

    boolean cancel(BufferWaiter waiter) {
        boolean removed = waiters.remove(waiter);
        // The next in line may need less.
        queueService();
        return removed;
    }

    private void queueService() {
        if (!serviceQueued && !waiters.isEmpty()) {
            serviceQueued = true;
            pool.defer(serve);
        }
    }

    private void serve() {
        serviceQueued = false;
        BufferWaiter waiter;
        while ((waiter = waiters.pollFirst()) != null) {
            if (waiter.onBufferAvailable()) {
                pool.onShareWaiterLeft();
            } else if (refused) {
                waiters.addFirst(waiter);
                return;
            } else {
                pool.onShareWaiterLeft();
                pool.moveToPool(waiter);
            }
        }
    }
}
