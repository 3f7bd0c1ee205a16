package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.CommandFailure;
import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM, SIGINT and SIGHUP while a target starts and serves. The process ends when this is closed, not before, and
 * with the status of a success if {@link #stoppedInOrder()} was called: the JVM's own way would report the signal.
 */
final class StopSignal implements AutoCloseable {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onSignal, "stop");
    private volatile int status = CommandFailure.EXIT_FAILED;

    /** Signals count from now on. */
    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Waits for a signal. */
    void await() throws InterruptedException {
        told.await();
    }

    /** Everything is flushed and closed. */
    void stoppedInOrder() {
        status = 0;
    }

    private void onSignal() {
        told.countDown();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(status);
    }

    /** From now on a signal ends the process as it ends any; one that came before ends it now. */
    @Override
    public void close() {
        if (told.getCount() > 0) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // A signal came this very moment: its hook runs, and ends the process.
            }
        }
        closed.countDown();
    }
}
