package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AdminOpcode;

/** The commands of a discovery controller (NVMe Base 2.1, Discovery controller: command support). */
final class DiscoveryCommands {
    private static final CommandHandler IDENTIFY = new DiscoveryIdentifyHandler();
    private static final CommandHandler GET_LOG_PAGE = new DiscoveryLogHandler(new GetLogPageHandler());
    private static final CommandHandler SET_FEATURES = new SetFeaturesHandler();
    private static final CommandHandler GET_FEATURES = new GetFeaturesHandler();

    private DiscoveryCommands() {}

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
            case SET_FEATURES -> SET_FEATURES;
            case GET_FEATURES -> GET_FEATURES;
            case ASYNCHRONOUS_EVENT_REQUEST -> AdminCommands.ASYNCHRONOUS_EVENT_REQUEST;
            case KEEP_ALIVE -> AdminCommands.KEEP_ALIVE;
            case null, default -> Rejection.INVALID_OPCODE;
        };
    }
}
