package io.nvmeof.target.controller;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;

/** Brings the fused commands of an I/O queue together: the second has to come right after the first. */
final class FusedOrder {
    private static final int FUSE_MASK = 0x3;

    private FusedPair open;

    /** Whether a command is one of two, or comes where a second one should. */
    boolean concerns(int flags) {
        return (flags & FUSE_MASK) != SubmissionQueueEntry.FUSE_NORMAL || open != null;
    }

    /** The handler of a command that this {@link #concerns}, or {@code null} if it is an ordinary one. */
    CommandHandler handlerFor(Request request) {
        FusedPair pair = open;
        open = null;
        int fuse = request.flags() & FUSE_MASK;
        if (pair != null && fuse != SubmissionQueueEntry.FUSE_SECOND) {
            pair.onSecondMissing();
        }
        if (fuse == SubmissionQueueEntry.FUSE_NORMAL) {
            return null;
        }
        if (request.queue().queueId() == 0 || fuse == FUSE_MASK) {
            return Rejection.FUSED;
        }
        if (fuse == SubmissionQueueEntry.FUSE_FIRST) {
            open = new FusedPair(request);
        } else if (pair == null) {
            return Rejection.MISSING_FUSED;
        } else {
            pair.onSecond(request);
        }
        return NvmCommands.fused(fuse);
    }
}
