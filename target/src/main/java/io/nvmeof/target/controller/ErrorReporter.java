package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the errors of a queue to its controller's error log, on another loop perhaps. One message is on its way at a
 * time and holds a bounded number, however many commands a host gets wrong. Owned by the queue's loop.
 */
final class ErrorReporter {
    private static final int ERRORS_PER_MESSAGE_MAX = 16;

    private final ControllerProxy controller;
    private final EventLoop loop;
    private List<CommandError> errors = new ArrayList<>();
    private long unseenCount;
    private boolean underway;

    ErrorReporter(ControllerProxy controller, EventLoop loop) {
        this.controller = controller;
        this.loop = loop;
    }

    /**
     * Whether a status tells of an error. What the host has asked for, what it has asked to find out and what sends it
     * to another path would only push the errors out of the log.
     */
    static boolean worthReporting(StatusCode status) {
        if (status instanceof PathRelatedStatus) {
            return status == PathRelatedStatus.INTERNAL_PATH_ERROR;
        }
        return status != MediaStatus.COMPARE_FAILURE
                && status != GenericStatus.COMMAND_ABORT_REQUESTED
                && status != GenericStatus.COMMAND_ABORTED_SQ_DELETION
                && status != GenericStatus.COMMAND_ABORTED_FAILED_FUSED
                && status != GenericStatus.RESERVATION_CONFLICT;
    }

    void report(CommandError error) {
        if (errors.size() < ERRORS_PER_MESSAGE_MAX) {
            errors.add(error);
        } else {
            unseenCount++;
        }
        if (!underway) {
            send();
        }
    }

    private void send() {
        underway = true;
        controller.errors(errors, unseenCount, () -> loop.execute(this::onDelivered));
        errors = new ArrayList<>();
        unseenCount = 0;
    }

    private void onDelivered() {
        underway = false;
        if (!errors.isEmpty() || unseenCount > 0) {
            send();
        }
    }
}
