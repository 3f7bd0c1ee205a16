package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.NvmCommandBits;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.target.reservation.ReservationState;

/**
 * Whether an I/O command may do what it wants to the namespace it names. The one place for it, and the order is what
 * hosts rely on: a path that must not be used says so before anything else, and a reservation of another host is
 * named before write protection. The command's range comes afterwards, with {@link BlockRange}.
 *
 * <p>A command is checked when it comes, and again just before it executes if something about the namespace has
 * changed since: while it waited for its data, a group may have given way to another target.
 */
final class IoAdmission {
    static final int NAMESPACE_ID_BYTE = 4;

    private IoAdmission() {}

    /** Finds the namespace of a command and checks it; returns whether it may go on, having ended it otherwise. */
    static boolean admit(Request request, Access access) {
        NamespaceView view = request.queue().namespace(request.namespaceId());
        if (view == null) {
            request.reject(GenericStatus.INVALID_NAMESPACE_OR_FORMAT, NAMESPACE_ID_BYTE);
            return false;
        }
        request.use(view, access);
        return check(request, view, access);
    }

    /**
     * The checks, in their order: the ANA state of the namespace's group on the queue's port, reservations, write
     * protection.
     *
     * @return whether the command may go on; otherwise it was ended
     */
    static boolean check(Request request, NamespaceView view, Access access) {
        if (view.refusal() != null) {
            request.complete(view.refusal());
            return false;
        }
        if (view.channel() == null) {
            request.complete(PathRelatedStatus.INTERNAL_PATH_ERROR);
            return false;
        }
        ReservationState reservation = view.namespace().core().reservation().held();
        if (reservation != null && access != Access.NONE
                && reservation.conflicts(request.queue().controller().hostIdentifier(), access == Access.READ)) {
            request.reject(GenericStatus.RESERVATION_CONFLICT, 0);
            return false;
        }
        if (access == Access.WRITE && view.namespace().readOnly()) {
            request.reject(GenericStatus.NAMESPACE_IS_WRITE_PROTECTED, 0);
            return false;
        }
        return true;
    }

    /** Lets a command through the gate that found it not simply open: it passes, waits, or was ended. */
    static boolean pass(Request request) {
        if (request.exclusive() != null) {
            request.exclusive().onReady(request);
            return false;
        }
        return enter(request) && passFlaws(request);
    }

    /** Blocks that cannot be read fail those who read them; and who writes them needs them for itself. */
    private static boolean passFlaws(Request request) {
        UncorrectableBlocks flawed = request.namespace.gate().uncorrectable();
        if (request.blockCount == 0 || !flawed.touches(request.startingBlock, request.blockCount)) {
            return true;
        }
        if (request.access == Access.WRITE) {
            new SoleCommand(request, true).onReady(request);
        } else {
            request.complete(MediaStatus.UNRECOVERED_READ_ERROR);
        }
        return false;
    }

    /** As {@link #pass}, for a command that has nothing yet but the right to ask for a buffer. */
    static boolean enter(Request request) {
        if (request.namespace.gate().stops(request)) {
            request.namespace.gate().await(request);
            return false;
        }
        return admitAgain(request);
    }

    /** As {@link #admit}, for a command that was admitted before: its namespace may have changed or gone. */
    static boolean admitAgain(Request request) {
        if (request.namespaceId() != request.namespace.namespace().id()) {
            // A Flush of all namespaces, which looked at this one before it had to wait.
            request.noteAdmitted();
            return check(request, request.namespace, request.access);
        }
        NamespaceView view = request.queue().namespace(request.namespaceId());
        if (view == null) {
            request.reject(GenericStatus.INVALID_NAMESPACE_OR_FORMAT, NAMESPACE_ID_BYTE);
            return false;
        }
        if (view.namespace().core() != request.namespace.namespace().core()) {
            // Another namespace under the same identifier: nothing that was checked still holds. The host may retry.
            request.complete(GenericStatus.NAMESPACE_NOT_READY);
            return false;
        }
        if (view != request.namespace) {
            request.use(view, request.access);
        }
        request.noteAdmitted();
        if (!check(request, view, request.access)) {
            return false;
        }
        if (request.blockCount > 0 && !view.namespace().contains(request.startingBlock, request.blockCount)) {
            request.reject(GenericStatus.LBA_OUT_OF_RANGE, NvmCommandBits.STARTING_LBA_BYTE);
            return false;
        }
        return true;
    }
}
