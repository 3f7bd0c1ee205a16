package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.StatusCode;

/** Read (NVM Command Set 1.1, Read command). */
final class ReadHandler implements CommandHandler {
    private static final int STEP_FLUSH = 1;

    @Override
    public void parse(Request request) {
        if (!BlockRange.resolve(request, Access.READ)) {
            return;
        }
        int bytes = BlockRange.transferBytes(request);
        if (bytes >= 0) {
            request.provideData(bytes);
        }
    }

    @Override
    public void execute(Request request) {
        boolean cached = request.namespace.namespace().capabilities().volatileWriteCache();
        if (cached && BlockRange.forceUnitAccess(request)) {
            // What is read must be on the medium by then, and only the backend knows whether it is.
            request.step = STEP_FLUSH;
            request.backend().flush(request);
        } else {
            read(request);
        }
    }

    private static void read(Request request) {
        request.step = 0;
        request.backend().read(request.startingBlock, request.blockCount, request.data().segment(), request);
    }

    @Override
    public void onBackendComplete(Request request, StatusCode status) {
        if (!status.successful()) {
            request.complete(status);
            return;
        }
        if (request.step == STEP_FLUSH) {
            read(request);
            return;
        }
        TransferCounters counters = request.queue().counters();
        counters.readCommands.add(1);
        counters.readBytes.add(request.dataLength());
        request.completeWithData(request.dataLength());
    }
}
