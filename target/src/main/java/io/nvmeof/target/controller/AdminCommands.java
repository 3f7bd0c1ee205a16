package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AdminOpcode;

/** The commands of the admin queue of a controller with namespaces. */
final class AdminCommands {
    private static final CommandHandler IDENTIFY = new IdentifyHandler();
    private static final CommandHandler GET_LOG_PAGE = new GetLogPageHandler();
    private static final CommandHandler ABORT = new AbortHandler();
    private static final CommandHandler SET_FEATURES = new SetFeaturesHandler();
    private static final CommandHandler GET_FEATURES = new GetFeaturesHandler();
    static final CommandHandler ASYNCHRONOUS_EVENT_REQUEST = new AsynchronousEventRequestHandler();
    static final CommandHandler KEEP_ALIVE = new KeepAliveHandler();

    private AdminCommands() {}

    static CommandHandler handlerFor(Request request) {
        AdminOpcode opcode = AdminOpcode.ofCode(request.opcode());
        if (opcode == AdminOpcode.FABRICS) {
            return FabricsCommands.onAdminQueue(request);
        }
        if (!request.queue().controller().properties().ready()) {
            return Rejection.SEQUENCE_ERROR;
        }
        return switch (opcode) {
            case IDENTIFY -> IDENTIFY;
            case GET_LOG_PAGE -> GET_LOG_PAGE;
            case ABORT -> ABORT;
            case SET_FEATURES -> SET_FEATURES;
            case GET_FEATURES -> GET_FEATURES;
            case ASYNCHRONOUS_EVENT_REQUEST -> ASYNCHRONOUS_EVENT_REQUEST;
            case KEEP_ALIVE -> KEEP_ALIVE;
            case null, default -> VendorHandler.has(request) ? VendorHandler.INSTANCE : Rejection.INVALID_OPCODE;
        };
    }
}
