package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;

/**
 * Abort (NVMe Base 2.1): ends a command that waits: for a buffer, for the host's data, for its turn, for the other one
 * of two fused commands, for an event, or in a backend that has not begun with it. A command that the storage is at
 * is not aborted: nobody could say then what became of its blocks.
 */
final class AbortHandler implements CommandHandler {
    private static final int OPCODE_BYTE = 0;
    /** Result, bit 0: the command was not aborted. */
    private static final long NOT_ABORTED = 1;

    @Override
    public void parse(Request request) {
        if (!request.queue().controller().admitAbort()) {
            request.reject(CommandSpecificStatus.ABORT_COMMAND_LIMIT_EXCEEDED, OPCODE_BYTE);
            return;
        }
        request.proceed();
    }

    @Override
    public void execute(Request request) {
        int queueId = request.dword(10) & 0xFFFF;
        int commandId = request.dword(10) >>> 16;
        QueuePair target = request.queue().controller().queue(queueId);
        if (target == null) {
            answer(request, false);
            return;
        }
        target.loop().execute(() -> target.onAbort(commandId,
                aborted -> request.queue().loop().execute(() -> answer(request, aborted))));
    }

    private static void answer(Request request, boolean aborted) {
        request.queue().controller().onAbortDone();
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION, aborted ? 0 : NOT_ABORTED);
    }
}
