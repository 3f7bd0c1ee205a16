package io.nvmeof.local;

import io.nvmeof.protocol.loop.EventLoop;

/** Starts a channel's operations when the blocks they touch are free, and lines up those that must wait. */
final class GuardedStart {
    private static final long RETRY_DELAY_NANOS = 50_000;

    private final BlockGuard guard;
    private final EventLoop loop;
    private final OperationList waiting = new OperationList();
    private final Runnable retry = this::retry;
    private boolean retryScheduled;
    private boolean starting;

    GuardedStart(BlockGuard guard, EventLoop loop) {
        this.guard = guard;
        this.loop = loop;
    }

    /** Starts an operation now or later. */
    void start(Operation operation) {
        if (!tryStart(operation)) {
            waiting.addLast(operation);
            scheduleRetry();
        }
    }

    private boolean tryStart(Operation operation) {
        boolean entered = guard.enter(operation.opcode != Operation.READ, operation.startOffset, operation.totalBytes);
        if (entered) {
            operation.guarded = true;
            operation.channel.issue(operation);
        }
        return entered;
    }

    /** The operation does not touch its blocks any more. */
    void leave(Operation operation) {
        if (operation.guarded) {
            operation.guarded = false;
            guard.leave(operation.opcode != Operation.READ, operation.startOffset, operation.totalBytes);
            startWaiting();
        }
    }

    /** Often it is our own operation that the first in line wait for. Those that end at once come back here. */
    private void startWaiting() {
        if (starting) {
            return;
        }
        starting = true;
        Operation operation;
        while ((operation = waiting.poll()) != null) {
            if (!tryStart(operation)) {
                waiting.addFirst(operation);
                break;
            }
        }
        starting = false;
    }

    private void scheduleRetry() {
        if (!retryScheduled) {
            retryScheduled = true;
            loop.schedule(RETRY_DELAY_NANOS, retry);
        }
    }

    private void retry() {
        retryScheduled = false;
        OperationList again = new OperationList();
        again.takeAll(waiting);
        Operation operation;
        while ((operation = again.poll()) != null) {
            start(operation);
        }
    }
}
