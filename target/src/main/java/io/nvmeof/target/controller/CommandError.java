package io.nvmeof.target.controller;

/**
 * A command that failed, for the error log.
 *
 * @param queueId its submission queue
 * @param commandId its identifier
 * @param opcode its opcode
 * @param statusField what it was completed with
 * @param faultyByte the byte of the command at fault, or {@link #NO_LOCATION}
 * @param faultyBit the bit of that byte
 * @param startingBlock the first block of the command, if it has blocks
 * @param namespaceId its namespace identifier
 */
record CommandError(int queueId, int commandId, int opcode, int statusField, int faultyByte, int faultyBit,
        long startingBlock, int namespaceId) {
    /** No byte of the command is at fault. */
    static final int NO_LOCATION = 0xFFFF;
}
