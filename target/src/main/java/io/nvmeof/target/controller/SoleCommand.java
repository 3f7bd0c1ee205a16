package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;

/**
 * A command that needs its blocks for itself: it marks them as uncorrectable, or it writes blocks so marked, which
 * ends that. Owned by the loop of its queue.
 */
final class SoleCommand extends Exclusive {
    private final Request request;
    private boolean clears;

    /** @param clears whether the command's success ends the marks on its blocks */
    SoleCommand(Request request, boolean clears) {
        this.request = request;
        this.clears = clears;
        request.join(this);
    }

    @Override
    void onReady(Request ready) {
        ready.awaitTurn(this);
        close(ready);
    }

    @Override
    void onQuiet() {
        if (IoAdmission.admitAgain(request)) {
            request.takeTurn();
            request.execute();
        }
    }

    /** The blocks are written: the host is told when their marks are gone for good. */
    @Override
    boolean holdsBack(Request written, StatusCode status) {
        if (!clears || !status.successful()) {
            return false;
        }
        clears = false;
        NamespaceCore core = request.namespace.namespace().core();
        UncorrectableBlocks rest = core.marks().blocks().without(request.startingBlock, request.blockCount);
        core.marks().set(rest, core.gates(), request.queue().loop(), kept ->
                request.complete(kept ? GenericStatus.SUCCESSFUL_COMPLETION : GenericStatus.INTERNAL_ERROR));
        return true;
    }

    @Override
    void onEnded(Request ended) {
        open();
    }

    @Override
    public void cancel(Request cancelled) {
        open();
    }
}
