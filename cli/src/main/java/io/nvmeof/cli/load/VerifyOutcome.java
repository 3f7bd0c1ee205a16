package io.nvmeof.cli.load;

import io.nvmeof.protocol.transport.CloseReason;
import java.util.concurrent.atomic.AtomicReference;

/** What the queues of a verification have found; the first finding stops all of them. Any thread may call. */
final class VerifyOutcome {
    private final AtomicReference<Finding> first = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * The end of a verification before its time.
     *
     * @param lost why the connection was lost, or {@code null} if blocks or statuses were wrong
     */
    record Finding(String text, CloseReason lost) {}

    void wrong(String text) {
        first.compareAndSet(null, new Finding(text, null));
        stopped = true;
    }

    void lost(CloseReason reason) {
        first.compareAndSet(null, new Finding("connection lost: " + reason.message(), reason));
        stopped = true;
    }

    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    /** The first finding, or {@code null}. */
    Finding finding() {
        return first.get();
    }
}
