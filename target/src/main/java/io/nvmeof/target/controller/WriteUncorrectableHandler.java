package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.NvmCommandBits;
import io.nvmeof.protocol.status.GenericStatus;

/**
 * Write Uncorrectable (NVM Command Set 1.1, Write Uncorrectable command): the blocks read with Unrecovered Read Error
 * until they are written. Deallocation does not end that.
 */
final class WriteUncorrectableHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        if (!BlockRange.resolve(request, Access.WRITE)
                || !BlockRange.limit(request, TargetLimits.WRITE_UNCORRECTABLE_BYTES_MAX)) {
            return;
        }
        new SoleCommand(request, false);
        request.proceed();
    }

    @Override
    public void execute(Request request) {
        NamespaceCore core = request.namespace.namespace().core();
        UncorrectableBlocks next = core.marks().blocks().with(request.startingBlock, request.blockCount);
        if (next.blockCount() > UncorrectableBlocks.BLOCKS_MAX) {
            request.reject(GenericStatus.CAPACITY_EXCEEDED, NvmCommandBits.NUMBER_OF_BLOCKS_BYTE);
            return;
        }
        core.marks().set(next, core.gates(), request.queue().loop(), kept ->
                request.complete(kept ? GenericStatus.SUCCESSFUL_COMPLETION : GenericStatus.INTERNAL_ERROR));
    }
}
