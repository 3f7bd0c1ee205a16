package io.nvmeof.target.storage;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.BufferPool;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The simplest event loop with a thread: for tests of what must work on several at once. */
public final class ThreadLoop implements EventLoop, AutoCloseable {
    private final ScheduledExecutorService executor;
    private final BufferPool buffers;
    private volatile Thread thread;

    public ThreadLoop(String name) {
        executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread created = new Thread(task, name);
            created.setDaemon(true);
            thread = created;
            return created;
        });
        buffers = new BufferPool(this::execute, 16L << 20);
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        ScheduledFuture<?> future = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return null;
    }

    @Override
    public void close() {
        executor.close();
    }
}
