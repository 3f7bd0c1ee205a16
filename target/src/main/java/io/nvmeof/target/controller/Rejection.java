package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;

/** Answers a command that no handler will see. */
final class Rejection implements CommandHandler {
    private static final int OPCODE_BYTE = 0;
    private static final int FLAGS_BYTE = 1;
    private static final int FUSE_BIT = 0;
    private static final int PSDT_BIT = 6;

    /** No admin command can be fused; and every command of a fabric uses SGLs. */
    static final CommandHandler FUSED =
            new Rejection(GenericStatus.INVALID_FIELD_IN_COMMAND, FLAGS_BYTE, FUSE_BIT);
    static final CommandHandler MISSING_FUSED =
            new Rejection(GenericStatus.COMMAND_ABORTED_MISSING_FUSED, FLAGS_BYTE, FUSE_BIT);
    static final CommandHandler NOT_SGL =
            new Rejection(GenericStatus.INVALID_FIELD_IN_COMMAND, FLAGS_BYTE, PSDT_BIT);
    static final CommandHandler INVALID_OPCODE = new Rejection(GenericStatus.INVALID_OPCODE, OPCODE_BYTE, 0);
    static final CommandHandler INVALID_FABRICS_COMMAND_TYPE =
            new Rejection(GenericStatus.INVALID_OPCODE, FabricsCommands.COMMAND_TYPE_BYTE, 0);
    static final CommandHandler SEQUENCE_ERROR =
            new Rejection(GenericStatus.COMMAND_SEQUENCE_ERROR, OPCODE_BYTE, 0);

    private final StatusCode status;
    private final int faultyByte;
    private final int faultyBit;

    private Rejection(StatusCode status, int faultyByte, int faultyBit) {
        this.status = status;
        this.faultyByte = faultyByte;
        this.faultyBit = faultyBit;
    }

    @Override
    public void parse(Request request) {
        request.reject(status, faultyByte, faultyBit);
    }

    @Override
    public void execute(Request request) {
        throw new IllegalStateException("a rejected command was executed");
    }
}
