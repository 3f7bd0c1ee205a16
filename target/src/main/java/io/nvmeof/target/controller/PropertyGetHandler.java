package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ControllerReadyTimeouts;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.fabrics.PropertyCommand;
import io.nvmeof.protocol.status.GenericStatus;

/** Property Get (NVMe Base 2.1, Property Get command). */
final class PropertyGetHandler implements CommandHandler {
    private static final int SIZE_MASK = 0x7;
    private static final int SIZE_8_BYTES = 1;

    @Override
    public void parse(Request request) {
        request.proceed();
    }

    @Override
    public void execute(Request request) {
        Property property = property(request);
        Controller controller = request.queue().controller();
        switch (property) {
            case CAP -> request.complete(GenericStatus.SUCCESSFUL_COMPLETION, controller.capabilities().value());
            case VS -> request.complete(GenericStatus.SUCCESSFUL_COMPLETION, Controller.VERSION);
            case CC -> request.complete(GenericStatus.SUCCESSFUL_COMPLETION,
                    Integer.toUnsignedLong(controller.properties().configuration().value()));
            case CSTS -> request.complete(GenericStatus.SUCCESSFUL_COMPLETION,
                    Integer.toUnsignedLong(controller.properties().status().value()));
            case CRTO -> readyTimeouts(request, controller);
            // Hosts that list all properties go on after Invalid Field, and after nothing else.
            case null, default -> rejectProperty(request);
        }
    }

    private static void readyTimeouts(Request request, Controller controller) {
        if (controller.capabilities().readyWithMediaSupported()) {
            request.complete(GenericStatus.SUCCESSFUL_COMPLETION,
                    ControllerReadyTimeouts.of(Controller.READY_TIMEOUT_MILLIS, 0).value());
        } else {
            rejectProperty(request);
        }
    }

    private static void rejectProperty(Request request) {
        request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, PropertyCommand.OFST_OFFSET);
    }

    /** The property the command names with its right size, or {@code null}. */
    static Property property(Request request) {
        Property property = Property.ofOffset(Integer.toUnsignedLong(request.dword(11)));
        if (property == null) {
            return null;
        }
        int size = request.dword(10) & SIZE_MASK;
        return size == (property.sizeBytes() == Long.BYTES ? SIZE_8_BYTES : 0) ? property : null;
    }
}
