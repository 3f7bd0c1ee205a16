package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.function.LongSupplier;

/**
 * The Keep Alive Timer with traffic based keep alive (NVMe Base 2.1, Keep Alive): it expires when no command at all
 * came for as long as the host said it would take at most. Owned by the controller's loop.
 *
 * <p>Commands are not told to the timer, which would cost each of them a message: it looks at their number a few times
 * per period, so it expires up to a quarter of the period late, and never early.
 */
final class KeepAliveTimer {
    private static final int LOOKS_PER_PERIOD = 4;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final EventLoop loop;
    private final LongSupplier commandCount;
    private final Runnable onExpired;
    private long timeoutNanos;
    private long lastCommandCount;
    private long lastActivityNanos;
    private EventLoop.Timer timer;

    /** @param commandCount how many commands came so far, on all queues of the controller */
    KeepAliveTimer(EventLoop loop, LongSupplier commandCount, Runnable onExpired) {
        this.loop = loop;
        this.commandCount = commandCount;
        this.onExpired = onExpired;
    }

    /** Starts the period anew with this length; 0 stops the timer. */
    void start(long timeoutMillis) {
        cancel();
        timeoutNanos = timeoutMillis * NANOS_PER_MILLI;
        if (timeoutNanos > 0) {
            lastActivityNanos = loop.nanoTime();
            lastCommandCount = commandCount.getAsLong();
            schedule();
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void schedule() {
        timer = loop.schedule(timeoutNanos / LOOKS_PER_PERIOD, this::look);
    }

    private void look() {
        timer = null;
        long now = loop.nanoTime();
        long count = commandCount.getAsLong();
        if (count != lastCommandCount) {
            lastCommandCount = count;
            lastActivityNanos = now;
        } else if (now - lastActivityNanos >= timeoutNanos) {
            onExpired.run();
            return;
        }
        schedule();
    }
}
