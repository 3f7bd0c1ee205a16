package io.nvmeof.protocol.auth;

import java.util.function.Supplier;

/**
 * The part of an authentication that takes milliseconds: run it once in any thread outside of the event loop, then hand
 * it back, in the event loop, to {@code computed} of what it came from. It may also be dropped; then the
 * authentication does not go on.
 */
public final class AuthenticationWork implements Runnable {
    private final Supplier<DhChapResult> task;
    private DhChapResult result;

    AuthenticationWork(Supplier<DhChapResult> task) {
        this.task = task;
    }

    /** Computes. What hands the work over to the thread and back must make the result visible, as executors do. */
    @Override
    public void run() {
        result = task.get();
    }

    /** What came out, or null if it did not run to its end. */
    DhChapResult result() {
        return result;
    }
}
