package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.StatusCode;

/** Write (NVM Command Set 1.1, Write command). */
final class WriteHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        if (!BlockRange.resolve(request, Access.WRITE)) {
            return;
        }
        int bytes = BlockRange.transferBytes(request);
        if (bytes >= 0) {
            request.receiveData(bytes);
        }
    }

    @Override
    public void execute(Request request) {
        request.backend().write(request.startingBlock, request.blockCount, request.data().segment(),
                BlockRange.forceUnitAccess(request), request);
    }

    @Override
    public void onBackendComplete(Request request, StatusCode status) {
        if (status.successful()) {
            TransferCounters counters = request.queue().counters();
            counters.writeCommands.add(1);
            counters.writeBytes.add(request.dataLength());
        }
        request.complete(status);
    }
}
