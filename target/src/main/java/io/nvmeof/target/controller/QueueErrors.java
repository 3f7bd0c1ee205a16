package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of the commands of a queue that fail: log entries, counters, health. Owned by the queue's loop. */
final class QueueErrors {
    private static final Logger LOG = LoggerFactory.getLogger(QueueErrors.class);

    private final QueuePair queue;
    /** {@code null} until the queue belongs to a controller. */
    private ErrorReporter reporter;

    QueueErrors(QueuePair queue) {
        this.queue = queue;
    }

    /** The queue belongs to a controller. */
    void onConnected(Controller controller) {
        reporter = new ErrorReporter(controller.proxy(), queue.loop());
    }

    /** A command is about to be completed with an error that is the fault of one of its bytes. */
    void onRejected(Request request, StatusCode status, int statusField, int faultyByte, int faultyBit) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: queue {}, opcode {}h, cid {}: {} (byte {}, bit {})", queue.sender().limits().peer(),
                    queue.queueId(), Integer.toHexString(request.opcode()), request.commandId(),
                    status.description(), faultyByte, faultyBit);
        }
        report(request, statusField, faultyByte, faultyBit);
    }

    /** A command is about to be completed with another error. */
    void onFailed(Request request, StatusCode status, int statusField) {
        // A block that a host has marked as uncorrectable is no failure of the storage, which tells of its own.
        if (!(status instanceof MediaStatus)) {
            noteHealth(status);
        }
        if (ErrorReporter.worthReporting(status)) {
            report(request, statusField, CommandError.NO_LOCATION, 0);
        }
    }

    /** An operation of a backend failed. What becomes of its command is another matter. */
    void onBackendFailure(Request request, StatusCode status) {
        if (status instanceof MediaStatus && queue.counters() != null) {
            queue.counters().mediaErrors.add(1);
        }
        noteHealth(status);
        if (request.namespace != null) {
            queue.context().failures().warn(
                    request.namespace.namespace().backend().describe() + ": " + status.description());
        }
    }

    private void noteHealth(StatusCode status) {
        if (reporter != null && Health.degrades(status)) {
            queue.controller().subsystem().health().onFailure(queue.loop().nanoTime());
        }
    }

    private void report(Request request, int statusField, int faultyByte, int faultyBit) {
        if (reporter != null) {
            reporter.report(new CommandError(queue.queueId(), request.commandId(), request.opcode(), statusField,
                    faultyByte, faultyBit, request.startingBlock, request.namespaceId()));
        }
    }
}
