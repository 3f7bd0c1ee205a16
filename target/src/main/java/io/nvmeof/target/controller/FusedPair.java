package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;

/**
 * A Compare and a Write that are one operation (NVMe Base 2.1, Fused Operations; NVM Command Set 1.1, Compare and
 * Write): the Write happens only if the Compare finds what it expects, and nothing happens to the blocks in between.
 * They arrive one right after the other; their data may come in any order. If one of them ends early, the other one
 * ends with it.
 *
 * <p>Owned by the loop of the queue.
 */
final class FusedPair extends Exclusive {
    private enum Phase { GATHERING, COMPARING, WRITING, DONE }

    /** {@code null} once it has ended: its slot may have another command. */
    private Request compare;
    /** {@code null} until it comes and once it has ended. */
    private Request write;
    private Phase phase = Phase.GATHERING;
    private boolean compareReady;
    private boolean writeReady;

    FusedPair(Request first) {
        compare = first;
        first.join(this);
    }

    /** The second command has come. */
    void onSecond(Request second) {
        write = second;
        second.join(this);
    }

    /** Another command came where the second one should have been. */
    void onSecondMissing() {
        if (compare != null) {
            compare.fail(GenericStatus.COMMAND_ABORTED_MISSING_FUSED);
        }
    }

    /** Whether the first command is over already. */
    boolean firstEnded() {
        return compare == null;
    }

    /** The first command, unless it has ended. */
    Request first() {
        return compare;
    }

    /** Whether the Compare is at work. */
    boolean comparing() {
        return phase == Phase.COMPARING;
    }

    @Override
    void onReady(Request request) {
        request.awaitTurn(this);
        if (request == compare) {
            compareReady = true;
        } else {
            writeReady = true;
        }
        if (compareReady && writeReady) {
            close(compare);
        }
    }

    @Override
    void onQuiet() {
        if (!IoAdmission.admitAgain(compare) || !IoAdmission.admitAgain(write)) {
            return;
        }
        if (compare.namespace.gate().uncorrectable().touches(compare.startingBlock, compare.blockCount)) {
            compare.complete(MediaStatus.UNRECOVERED_READ_ERROR);
        } else {
            phase = Phase.COMPARING;
            write.takeTurn();
            compare.takeTurn();
            compare.execute();
        }
    }

    @Override
    boolean holdsBack(Request request, StatusCode status) {
        if (request == compare && phase == Phase.COMPARING && status.successful()) {
            phase = Phase.WRITING;
            write.execute();
            return true;
        }
        if (request == write && phase == Phase.WRITING) {
            phase = Phase.DONE;
            compare.complete(GenericStatus.SUCCESSFUL_COMPLETION);
        }
        return false;
    }

    @Override
    void onEnded(Request request) {
        if (request == compare) {
            compare = null;
        } else {
            write = null;
        }
        Request other = compare == null ? write : compare;
        if (other == null) {
            open();
        } else if (phase != Phase.DONE) {
            other.fail(GenericStatus.COMMAND_ABORTED_FAILED_FUSED);
        }
    }

    @Override
    public void cancel(Request request) {
        open();
    }
}
