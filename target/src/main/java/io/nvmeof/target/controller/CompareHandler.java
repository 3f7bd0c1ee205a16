package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.MemorySegment;

/**
 * Compare (NVM Command Set 1.1, Compare command): reads the storage in pieces into the loop's compare buffer and
 * looks for the first difference.
 */
final class CompareHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        if (!BlockRange.resolve(request, Access.READ)) {
            return;
        }
        int bytes = BlockRange.transferBytes(request);
        if (bytes >= 0) {
            request.receiveData(bytes);
        }
    }

    @Override
    public void execute(Request request) {
        if (request.queue().context().compareBuffer().tryTake(request)) {
            advance(request);
        }
    }

    /** {@code step} is how many blocks have been asked for; see {@link DatasetManagementHandler} about the stack. */
    private static void advance(Request request) {
        if (request.stepping) {
            request.stepAgain = true;
            return;
        }
        request.stepping = true;
        do {
            request.stepAgain = false;
            int count = pieceBlocks(request, request.step);
            long startingBlock = request.startingBlock + request.step;
            request.step += count;
            request.backend().read(startingBlock, count, buffer(request).memory(), request);
        } while (request.stepAgain);
        request.stepping = false;
    }

    @Override
    public void onBackendComplete(Request request, StatusCode status) {
        if (!status.successful()) {
            finish(request, status);
        } else if (!pieceEqual(request)) {
            finish(request, MediaStatus.COMPARE_FAILURE);
        } else if (request.step == request.blockCount) {
            finish(request, GenericStatus.SUCCESSFUL_COMPLETION);
        } else {
            advance(request);
        }
    }

    @Override
    public void onAbandoned(Request request) {
        passOn(request);
    }

    private static void finish(Request request, StatusCode status) {
        TransferCounters counters = request.queue().counters();
        counters.readCommands.add(1); // The SMART log counts a Compare as a read.
        counters.readBytes.add(request.dataLength());
        passOn(request);
        request.complete(status);
    }

    private static void passOn(Request request) {
        Request next = buffer(request).passOn(request);
        if (next != null) {
            next.queue().loop().execute(next::executeAgain);
        }
    }

    private static boolean pieceEqual(Request request) {
        int blockSizeBytes = request.namespace.namespace().blockSizeBytes();
        int first = (request.step - 1) / blocksPerPiece(request) * blocksPerPiece(request);
        long offset = (long) first * blockSizeBytes;
        long length = (long) (request.step - first) * blockSizeBytes;
        MemorySegment expected = request.data().segment();
        return MemorySegment.mismatch(expected, offset, offset + length, buffer(request).memory(), 0, length) < 0;
    }

    private static int pieceBlocks(Request request, int from) {
        return Math.min(blocksPerPiece(request), request.blockCount - from);
    }

    private static int blocksPerPiece(Request request) {
        return CompareBuffer.SIZE_BYTES / request.namespace.namespace().blockSizeBytes();
    }

    private static CompareBuffer buffer(Request request) {
        return request.queue().context().compareBuffer();
    }
}
