package io.nvmeof.protocol.loop;

import io.nvmeof.protocol.memory.BufferPool;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * An event loop run by hand, under a virtual clock: nothing happens unless a test says so, and the same calls do the
 * same again. For tests on one thread.
 */
public final class ManualLoop implements EventLoop {
    private static final long BUFFER_BUDGET_BYTES = 64L << 20;
    /** More tasks than this without rest is a live-lock. */
    private static final int TASKS_MAX = 10_000_000;
    private static final ArrayDeque<Buffers> IDLE = new ArrayDeque<>();

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Scheduled> timers = new PriorityQueue<>(
            Comparator.comparingLong(Scheduled::atNanos).thenComparingLong(Scheduled::sequence));
    private final Buffers buffers;
    private long nowNanos;
    private long sequence;
    private int depth;

    /** A loop with 64 MiB of buffers. */
    public ManualLoop() {
        synchronized (IDLE) {
            Buffers idle = IDLE.pollLast();
            buffers = idle != null ? idle : new Buffers(BUFFER_BUDGET_BYTES);
        }
        buffers.owner = this;
    }

    /** A loop whose buffers may use that much memory. */
    public ManualLoop(long bufferBudgetBytes) {
        buffers = new Buffers(bufferBudgetBytes);
        buffers.owner = this;
    }

    /** Leaves the buffers to the next loop, if they are all home: the memory of a pool is never given back. */
    public void close() {
        if (buffers.budgetBytes == BUFFER_BUDGET_BYTES && buffers.owner == this && buffers.pool.takenBytes() == 0
                && buffers.pool.waiterCount() == 0) {
            buffers.owner = null;
            synchronized (IDLE) {
                IDLE.addLast(buffers);
            }
        }
    }

    /** Runs something now, as the loop. */
    public void run(Runnable turn) {
        depth++;
        try {
            turn.run();
        } finally {
            depth--;
        }
    }

    /** Runs the tasks that are queued, and those that they queue, until there is none; timers stay. */
    public int runTasks() {
        int count = 0;
        Runnable task;
        while ((task = tasks.pollFirst()) != null) {
            run(task);
            if (++count > TASKS_MAX) {
                throw new AssertionError("still busy after " + count + " tasks");
            }
        }
        return count;
    }

    /** Lets time pass, running every task and timer at its moment. */
    public void advance(long nanos) {
        long endNanos = nowNanos + nanos;
        runTasks();
        while (!timers.isEmpty() && timers.peek().atNanos <= endNanos) {
            Scheduled timer = timers.poll();
            nowNanos = Math.max(nowNanos, timer.atNanos);
            if (!timer.cancelled) {
                run(timer.task);
                runTasks();
            }
        }
        nowNanos = endNanos;
    }

    @Override
    public boolean inLoop() {
        return depth > 0;
    }

    @Override
    public void execute(Runnable task) {
        tasks.addLast(task);
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Scheduled timer = new Scheduled(nowNanos + Math.max(0, delayNanos), sequence++, task);
        timers.add(timer);
        return timer;
    }

    @Override
    public BufferPool buffers() {
        return buffers.pool;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return null;
    }

    /** A pool that outlives its loop. */
    private static final class Buffers {
        private final long budgetBytes;
        private final BufferPool pool;
        private ManualLoop owner;

        private Buffers(long budgetBytes) {
            this.budgetBytes = budgetBytes;
            this.pool = new BufferPool(task -> owner.execute(task), budgetBytes);
        }
    }

    private static final class Scheduled implements Timer {
        private final long atNanos;
        private final long sequence;
        private final Runnable task;
        private boolean cancelled;

        private Scheduled(long atNanos, long sequence, Runnable task) {
            this.atNanos = atNanos;
            this.sequence = sequence;
            this.task = task;
        }

        long atNanos() {
            return atNanos;
        }

        long sequence() {
            return sequence;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
