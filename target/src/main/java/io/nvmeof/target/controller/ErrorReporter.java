package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
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
