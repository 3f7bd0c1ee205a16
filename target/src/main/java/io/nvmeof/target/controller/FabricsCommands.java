package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.fabrics.FabricsCommandType;

/** The Fabrics commands, told apart by their command type: which of them a queue takes depends on what it is. */
final class FabricsCommands {
    /** FCTYPE is where other commands have the namespace identifier. */
    static final int COMMAND_TYPE_BYTE = 4;
    private static final int COMMAND_TYPE_MASK = 0xFF;

    private static final CommandHandler CONNECT = new ConnectHandler();
    private static final CommandHandler PROPERTY_GET = new PropertyGetHandler();
    private static final CommandHandler PROPERTY_SET = new PropertySetHandler();

    private FabricsCommands() {}

    /** A connection that is no queue yet: nothing but Connect makes sense. */
    static CommandHandler beforeConnect(Request request) {
        return request.opcode() == AdminOpcode.FABRICS.code() && type(request) == FabricsCommandType.CONNECT
                ? CONNECT : Rejection.SEQUENCE_ERROR;
    }

    static CommandHandler onAdminQueue(Request request) {
        return switch (type(request)) {
            case PROPERTY_GET -> PROPERTY_GET;
            case PROPERTY_SET -> PROPERTY_SET;
            case CONNECT -> Rejection.SEQUENCE_ERROR;
            case null, default -> Rejection.INVALID_FABRICS_COMMAND_TYPE;
        };
    }

    static CommandHandler onIoQueue(Request request) {
        return type(request) == FabricsCommandType.CONNECT
                ? Rejection.SEQUENCE_ERROR : Rejection.INVALID_FABRICS_COMMAND_TYPE;
    }

    private static FabricsCommandType type(Request request) {
        return FabricsCommandType.ofCode(request.namespaceId() & COMMAND_TYPE_MASK);
    }
}
