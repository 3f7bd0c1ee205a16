package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.BufferPool;
import java.util.ArrayDeque;

/** A loop under virtual time. Like a thread it runs one task at a time, and notices who calls it from elsewhere. */
final class SimulatedLoop implements EventLoop {
    /** The loop that is running now; the simulation has one thread, so this is all there is to "current thread". */
    private static SimulatedLoop running;

    private final Simulation simulation;
    private final String name;
    private final BufferPool buffers;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final long wakeDelayNanosMax;
    private boolean turnQueued;

    SimulatedLoop(Simulation simulation, String name, long bufferBudgetBytes) {
        this.simulation = simulation;
        this.name = name;
        this.buffers = new BufferPool(this::execute, bufferBudgetBytes);
        this.wakeDelayNanosMax = 1 + simulation.random.nextLong(100 * Simulation.MICROSECOND);
    }

    @Override
    public boolean inLoop() {
        return running == this;
    }

    @Override
    public void execute(Runnable task) {
        tasks.addLast(task);
        if (!turnQueued) {
            turnQueued = true;
            simulation.after(simulation.random.nextLong(wakeDelayNanosMax), this::turn);
        }
    }

    @Override
    public long nanoTime() {
        return simulation.nanoTime();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return simulation.after(delayNanos, () -> run(task))::cancel;
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return null;
    }

    /** Runs something as this loop, at once: what its sockets and devices do. */
    void run(Runnable task) {
        SimulatedLoop before = running;
        running = this;
        try {
            task.run();
        } finally {
            running = before;
        }
    }

    private void turn() {
        turnQueued = false;
        // What these tasks queue belongs to the next turn.
        for (int count = tasks.size(); count > 0; count--) {
            run(tasks.pollFirst());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
