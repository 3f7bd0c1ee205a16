package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.MemorySegment;

/** A command that reads the storage in pieces into the loop's compare buffer, and gives the host no data. */
abstract sealed class PieceReader implements CommandHandler permits CompareHandler, VerifyHandler {
    /** Whether a piece is as it should be. {@code offset} is where it is in the command's range, in bytes. */
    abstract boolean accepts(Request request, MemorySegment piece, long offset, long length);

    @Override
    public final void execute(Request request) {
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
    public final void onBackendComplete(Request request, StatusCode status) {
        if (!status.successful()) {
            finish(request, status);
        } else if (!acceptsPiece(request)) {
            finish(request, MediaStatus.COMPARE_FAILURE);
        } else if (request.step == request.blockCount) {
            finish(request, GenericStatus.SUCCESSFUL_COMPLETION);
        } else {
            advance(request);
        }
    }

    @Override
    public final boolean withdraw(Request request) {
        return buffer(request).leaveLine(request);
    }

    @Override
    public final void onAbandoned(Request request) {
        passOn(request);
    }

    private static void finish(Request request, StatusCode status) {
        TransferCounters counters = request.queue().counters();
        counters.readCommands.add(1); // The SMART log counts a Compare and a Verify as reads.
        counters.readBytes.add((long) request.blockCount * request.namespace.namespace().blockSizeBytes());
        passOn(request);
        request.complete(status);
    }

    private static void passOn(Request request) {
        Request next = buffer(request).passOn(request);
        if (next != null) {
            next.queue().loop().execute(next::executeAgain);
        }
    }

    private boolean acceptsPiece(Request request) {
        int blockSizeBytes = request.namespace.namespace().blockSizeBytes();
        int first = (request.step - 1) / blocksPerPiece(request) * blocksPerPiece(request);
        return accepts(request, buffer(request).memory(), (long) first * blockSizeBytes,
                (long) (request.step - first) * blockSizeBytes);
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
