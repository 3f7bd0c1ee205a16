package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Where the commands of one queue wait until a rate limit lets them go, in the order in which they came. The first of
 * them has its place in the limit's own line, so that all queues have their turn one after the other. A command passes
 * its host's line and then its namespace's, before it takes a buffer where that is possible: those who are slowed down
 * take nothing from the others.
 *
 * <p>Owned by the queue's loop.
 */
final class RateLine implements Turnstile {
    /** The lines a command passes, and those it has passed: {@link BlockCommand#ratesPassed}. */
    static final int HOST = 1;
    static final int ALL = 2;

    /** Timers are not set for less; what was missed meanwhile is caught up within the burst, which is longer. */
    private static final long SLEEP_NANOS_MIN = 500_000;
    /**
     * Data in a capsule that waits without a buffer keeps the commands behind it from being read, also those for other
     * namespaces. So many of a queue may wait with theirs; more would be at the cost of others.
     */
    private static final int BUFFER_COUNT_MAX = 16;
    /** How soon a changed limit is noticed. */
    private static final long SLEEP_NANOS_MAX = 100_000_000;

    private final RateLimiter limiter;
    private final EventLoop loop;
    private final int stage;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>(0);
    private final Runnable wake = this::onWake;
    /** What the first of those who wait has its place of, and when its turn comes. */
    private RateMeter headMeter;
    private long headNanos;
    private EventLoop.Timer timer;
    /** How many of those who wait have their buffer. */
    private int bufferCount;

    /** @param stage how many lines a command has passed that passes this one */
    RateLine(RateLimiter limiter, EventLoop loop, int stage) {
        this.limiter = limiter;
        this.loop = loop;
        this.stage = stage;
    }

    /** Whether no limit keeps a command from going on; if one does, {@link Request#onTurn()} follows. */
    static boolean pass(Request request) {
        if (request.ratesPassed == ALL) {
            return true;
        }
        RateLine host = request.queue().rateLine();
        if (host == null) {
            return true; // An admin queue.
        }
        if (request.ratesPassed < HOST && !host.admit(request)) {
            return false;
        }
        request.ratesPassed = HOST;
        if (request.namespace == null) {
            return true;
        }
        RateLine line = request.namespace.rateLine();
        if (request.inCapsule() && request.data == null && request.dataLength > 0
                && line.bufferCount < BUFFER_COUNT_MAX) {
            return true; // It comes again with its data.
        }
        if (!line.admit(request)) {
            return false;
        }
        request.ratesPassed = ALL;
        return true;
    }

    private boolean admit(Request request) {
        if (waiting.isEmpty()) {
            RateMeter meter = limiter.meter();
            if (meter == null) {
                return true;
            }
            long now = loop.nanoTime();
            long begin = meter.take(now, request.dataLength);
            if (begin <= now) {
                return true;
            }
            headMeter = meter;
            headNanos = begin;
            sleep(now);
        }
        waiting.addLast(request);
        bufferCount += request.data == null ? 0 : 1;
        request.awaitTurn(this);
        return false;
    }

    private void onWake() {
        timer = null;
        Request head;
        while ((head = waiting.peekFirst()) != null) {
            long now = loop.nanoTime();
            if (limiter.meter() != headMeter) {
                take(head, now); // The limit has changed.
            }
            if (headNanos > now) {
                sleep(now);
                return;
            }
            waiting.pollFirst();
            bufferCount -= head.data == null ? 0 : 1;
            Request next = waiting.peekFirst();
            if (next != null) {
                take(next, now);
            }
            head.ratesPassed = stage;
            head.onTurn();
        }
    }

    /** Lets the commands of a namespace go on that they cannot use any more: why, they are told at the next check. */
    void letGo(NamespaceView view) {
        for (Request request : List.copyOf(waiting)) {
            // The end of one may be the end of another.
            if (request.namespace == view && waiting.contains(request)) {
                cancel(request);
                request.ratesPassed = ALL;
                request.onTurn();
            }
        }
    }

    private void take(Request head, long now) {
        headMeter = limiter.meter();
        headNanos = headMeter == null ? now : headMeter.take(now, head.dataLength);
    }

    private void sleep(long now) {
        if (timer == null) {
            long nanos = Math.min(Math.max(headNanos - now, SLEEP_NANOS_MIN), SLEEP_NANOS_MAX);
            timer = loop.schedule(nanos, wake);
        }
    }

    @Override
    public void cancel(Request request) {
        boolean first = waiting.peekFirst() == request;
        waiting.remove(request);
        bufferCount -= request.data == null ? 0 : 1;
        if (!first) {
            return;
        }
        if (headMeter != null) {
            headMeter.giveBack(request.dataLength);
        }
        if (!waiting.isEmpty()) {
            take(waiting.peekFirst(), loop.nanoTime());
        } else if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
