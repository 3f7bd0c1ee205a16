package io.nvmeof.protocol.memory;

/** Something that found the pool empty; it waits in the pool's queue, in order, and costs no memory there. */
public interface BufferWaiter {
    /**
     * Memory may be available again; try to take it now.
     *
     * @return whether the waiter is done and leaves the queue; {@code false} keeps it first in the queue
     */
    boolean onBufferAvailable();

    /** The share that the buffer is to be taken of, or {@code null} if none. */
    default BufferShare share() {
        return null;
    }
}
