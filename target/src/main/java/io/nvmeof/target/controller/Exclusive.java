package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.StatusCode;

/** Runs one or two commands that need their blocks for themselves; they wait in it until they have them. */
abstract sealed class Exclusive implements Turnstile permits FusedPair, SoleCommand {
    private Closing closing;

    /** Everything a command of it needs is there, but for the blocks. The command must wait for its turn in this. */
    abstract void onReady(Request request);

    /** A command of it is done; returns whether it must not be responded to yet. */
    abstract boolean holdsBack(Request request, StatusCode status);

    /** A command of it was responded to, or is gone with its host. */
    abstract void onEnded(Request request);

    /** The blocks are ours. */
    abstract void onQuiet();

    /** Asks for the blocks of a command. */
    final void close(Request request) {
        closing = request.namespace.namespace().core().gates().close(request.startingBlock, request.blockCount,
                request.queue().loop(), () -> onQuiet(request.queue()));
    }

    private void onQuiet(QueuePair queue) {
        try {
            onQuiet();
        } catch (RuntimeException e) {
            queue.onInternalError(e);
        }
    }

    /** Gives the blocks back, or stops waiting for them. */
    final void open() {
        if (closing != null) {
            Closing ours = closing;
            closing = null;
            ours.open();
        }
    }
}
