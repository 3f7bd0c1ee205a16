package io.nvmeof.interop.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Virtual time and every random choice of a run: the seed is the whole input, so the same seed gives the same trace.
 */
final class Simulation {
    static final long MICROSECOND = 1_000;
    static final long MILLISECOND = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private record Event(long atNanos, long sequence, Task task) {}

    /** Something that will happen; cancelling it leaves no trace. */
    static final class Task {
        private final Runnable action;
        private boolean cancelled;

        private Task(Runnable action) {
            this.action = action;
        }

        void cancel() {
            cancelled = true;
        }
    }

    final long seed;
    final SplittableRandom random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::sequence));
    private long nowNanos;
    private long sequence;
    private long eventCount;
    private long traceHash = 1;

    Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    long nanoTime() {
        return nowNanos;
    }

    Task after(long delayNanos, Runnable action) {
        Task task = new Task(action);
        events.add(new Event(nowNanos + Math.max(0, delayNanos), sequence++, task));
        return task;
    }

    /** Folds a fact into the trace, by which two runs of a seed are compared. */
    void trace(long fact) {
        traceHash = (traceHash * 0x9E3779B97F4A7C15L ^ fact) + nowNanos;
    }

    long traceHash() {
        return traceHash;
    }

    long eventCount() {
        return eventCount;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /**
     * Runs until the condition holds.
     *
     * @throws AssertionError if it does not within the virtual time or the number of events given: a hang or a
     *     live-lock
     */
    void runUntil(String what, BooleanSupplier condition, long timeLimitNanos, long eventLimit) {
        long until = nowNanos + timeLimitNanos;
        long last = eventCount + eventLimit;
        while (!condition.getAsBoolean()) {
            Event event = events.poll();
            if (event == null) {
                throw new AssertionError("nothing left to happen, but not reached: " + what);
            }
            if (event.atNanos() > until || eventCount >= last) {
                throw new AssertionError("not reached: " + what + ", after " + eventCount + " events at "
                        + nowNanos / MILLISECOND + " ms");
            }
            run(event);
        }
    }

    /** Runs for a span of virtual time. */
    void runFor(long nanos) {
        long until = nowNanos + nanos;
        while (!events.isEmpty() && events.peek().atNanos() <= until) {
            run(events.poll());
        }
        nowNanos = until;
    }

    private void run(Event event) {
        nowNanos = event.atNanos();
        if (!event.task().cancelled) {
            eventCount++;
            trace(event.sequence());
            event.task().action.run();
        }
    }
}
