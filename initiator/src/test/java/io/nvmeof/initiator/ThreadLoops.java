package io.nvmeof.initiator;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.EventLoops;
import io.nvmeof.protocol.memory.BufferPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Event loops with real threads and the real clock, for what is about threads. */
final class ThreadLoops implements EventLoops {
    private final List<Loop> loops = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    ThreadLoops(int count) {
        for (int i = 0; i < count; i++) {
            loops.add(new Loop());
        }
    }

    @Override
    public int count() {
        return loops.size();
    }

    @Override
    public EventLoop loop(int index) {
        return loops.get(index);
    }

    @Override
    public EventLoop next() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    @Override
    public void close() {
        loops.forEach(loop -> loop.executor.close());
    }

    private static final class Loop implements EventLoop {
        private volatile Thread thread;
        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            thread = Thread.ofPlatform().daemon().unstarted(task);
            return thread;
        });

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
            Future<?> future = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }

        @Override
        public BufferPool buffers() {
            throw new UnsupportedOperationException("the initiator takes no buffers of a loop");
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return null;
        }
    }
}
