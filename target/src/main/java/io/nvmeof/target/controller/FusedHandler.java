package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.NvmCommandBits;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;

/** One of the two commands of a Compare and Write: what an ordinary one does, with stricter checks. */
final class FusedHandler implements CommandHandler {
    private static final int FLAGS_BYTE = 1;

    private final CommandHandler ordinary;
    private final boolean second;

    private FusedHandler(CommandHandler ordinary, boolean second) {
        this.ordinary = ordinary;
        this.second = second;
    }

    /** For the command with FUSE 01b, which is to be a Compare. */
    static CommandHandler first(CommandHandler compare) {
        return new FusedHandler(compare, false);
    }

    /** For the command with FUSE 10b, which is to be a Write. */
    static CommandHandler second(CommandHandler write) {
        return new FusedHandler(write, true);
    }

    @Override
    public void parse(Request request) {
        FusedPair pair = (FusedPair) request.exclusive();
        if (second && pair.firstEnded()) {
            request.complete(GenericStatus.COMMAND_ABORTED_FAILED_FUSED);
            return;
        }
        NvmOpcode opcode = second ? NvmOpcode.WRITE : NvmOpcode.COMPARE;
        if (request.opcode() != opcode.code()) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FLAGS_BYTE); // FUSES names one pair of commands.
            return;
        }
        if (!BlockRange.resolve(request, second ? Access.WRITE : Access.READ)
                || second && !sameRange(request, pair.first())) {
            return;
        }
        if (request.blockCount > TargetLimits.COMPARE_AND_WRITE_BLOCKS_MAX) {
            request.reject(GenericStatus.ATOMIC_WRITE_UNIT_EXCEEDED, NvmCommandBits.NUMBER_OF_BLOCKS_BYTE);
            return;
        }
        int bytes = BlockRange.transferBytes(request);
        if (bytes >= 0) {
            request.receiveData(bytes);
        }
    }

    private static boolean sameRange(Request request, Request first) {
        if (request.namespaceId() != first.namespaceId()) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, IoAdmission.NAMESPACE_ID_BYTE);
            return false;
        }
        if (request.startingBlock != first.startingBlock) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, NvmCommandBits.STARTING_LBA_BYTE);
            return false;
        }
        if (request.blockCount != first.blockCount) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, NvmCommandBits.NUMBER_OF_BLOCKS_BYTE);
            return false;
        }
        return true;
    }

    @Override
    public void execute(Request request) {
        ordinary.execute(request);
    }

    @Override
    public void onBackendComplete(Request request, StatusCode status) {
        ordinary.onBackendComplete(request, status);
    }

    @Override
    public boolean withdraw(Request request) {
        return ordinary.withdraw(request);
    }

    @Override
    public void onAbandoned(Request request) {
        if (second || ((FusedPair) request.exclusive()).comparing()) {
            ordinary.onAbandoned(request);
        }
    }
}
