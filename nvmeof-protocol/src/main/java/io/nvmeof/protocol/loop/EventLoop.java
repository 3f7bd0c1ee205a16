package io.nvmeof.protocol.loop;

import io.nvmeof.protocol.memory.BufferPool;

/**
 * One thread that owns queue pairs: their sockets, request slots, buffers and backend channels live and die on it, so
 * nothing among them is locked. In a simulation the loop is a queue of events under a virtual clock.
 *
 * <p>Unless a method says otherwise it may only be called on the loop itself.
 */
public interface EventLoop {
    /** Whether the caller runs on this loop. Any thread may ask. */
    boolean inLoop();

    /**
     * Runs a task on the loop, after what the loop is doing now. Any thread may call; tasks of one caller keep their
     * order. A task given to a loop that has been shut down is never run.
     */
    void execute(Runnable task);

    /** The loop's clock, in nanoseconds from an arbitrary origin; never decreases. Any thread may ask. */
    long nanoTime();

    /** Runs a task on the loop once {@code delayNanos} have passed. */
    Timer schedule(long delayNanos, Runnable task);

    /** The data buffers of the queue pairs on this loop. */
    BufferPool buffers();

    /**
     * The machinery this loop is made of, for backends that share its ring, or {@code null} if it is made of
     * something else. Any thread may ask.
     */
    <T> T unwrap(Class<T> type);

    /** A task that has not run yet. */
    interface Timer {
        /** Prevents the run, if it has not begun; repeating it does nothing. */
        void cancel();
    }
}
