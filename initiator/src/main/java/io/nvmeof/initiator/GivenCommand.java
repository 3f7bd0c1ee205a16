package io.nvmeof.initiator;

import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.concurrent.CompletableFuture;

/**
 * A command that was given as a future, made of one or more parts that are sent as slots become free. The future ends
 * when no part is outstanding any more, so its memory is the caller's again, with the first failure if there was one;
 * after a failure no further part is sent.
 *
 * <p>Made by any thread, afterwards used only on the queue's loop.
 */
abstract class GivenCommand<T> implements Runnable, CommandCallback {
    /** Most parts of one command that are outstanding at once: enough to fill a network, few enough to share it. */
    static final int PARTS_OUTSTANDING_MAX = 8;

    /** Whether the command stands in line; kept by the gate. */
    boolean waiting;
    private final CommandGate gate;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private int outstandingCount;
    private Throwable failure;
    private boolean finished;

    GivenCommand(CommandGate gate) {
        this.gate = gate;
    }

    /** The command in words, for an exception. */
    abstract String text();

    /** Whether nothing is left to be sent. */
    abstract boolean allSent();

    /** Sends the next part; false if the queue had no place for it. */
    abstract boolean sendNext();

    /** What the future ends with. */
    abstract T value();

    /** A part was completed with success. */
    void onPartComplete(long result) {
    }

    /** Whether the command may use the reserved slots and is never refused. */
    boolean urgent() {
        return false;
    }

    final CommandGate gate() {
        return gate;
    }

    final CompletableFuture<T> future() {
        return future;
    }

    @Override
    public final void run() {
        gate.onGiven(this);
    }

    /** Sends what can be sent; false if a slot must be waited for. */
    final boolean submitMore() {
        try {
            while (failure == null && !allSent() && outstandingCount < PARTS_OUTSTANDING_MAX) {
                if (!gate.mayUseSlot(urgent()) || !sendNext()) {
                    return false;
                }
                outstandingCount++;
            }
        } catch (RuntimeException e) {
            failure = e; // The caller's memory cannot be used: closed, or another thread's.
        }
        finishIfDone();
        return true;
    }

    /** Goes on after something has changed. */
    final void advance() {
        if (!waiting && !submitMore()) {
            gate.wait(this);
        }
    }

    final void onQueueClosed(CloseReason reason) {
        if (failure == null) {
            failure = new ConnectionLostException(text(), reason);
        }
        finishIfDone();
    }

    @Override
    public final void onComplete(StatusCode status, boolean doNotRetry, long result) {
        outstandingCount--;
        if (!status.successful()) {
            fail(new CommandException(text(), status, doNotRetry, result));
        } else {
            onPartComplete(result);
        }
        if (failure != null) {
            finishIfDone();
        } else {
            advance();
        }
    }

    @Override
    public final void onComplete(StatusCode status, long result) {
        onComplete(status, false, result);
    }

    @Override
    public final void onConnectionLost(CloseReason reason) {
        outstandingCount--;
        fail(new ConnectionLostException(text(), reason));
        finishIfDone();
    }

    private void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
    }

    /** A command that still stands in line is finished when its turn comes. */
    private void finishIfDone() {
        if (finished || waiting || outstandingCount > 0 || failure == null && !allSent()) {
            return;
        }
        finished = true;
        gate.onFinished();
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(value());
        }
    }
}
