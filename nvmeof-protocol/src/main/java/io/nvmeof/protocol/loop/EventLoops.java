package io.nvmeof.protocol.loop;

/** The loops of a process, usually one for each core. Any thread may call. */
public interface EventLoops extends AutoCloseable {
    /** The number of loops; at least one. */
    int count();

    /** The loop at {@code index}, from 0 to {@link #count()} exclusive. */
    EventLoop loop(int index);

    /** The next loop in turn, to spread queue pairs evenly. */
    EventLoop next();

    /** Stops every loop after the tasks already queued, and waits for their threads; must not be called on a loop. */
    @Override
    void close();
}
