package io.nvmeof.target.controller;

/**
 * What stays the same of a namespace while its description changes: one object from the addition of the namespace to
 * its removal, shared by all loops. Each thing in it says who may touch it.
 */
final class NamespaceCore {
    private final NamespaceGates gates = new NamespaceGates();
    private final UncorrectableMarks marks = UncorrectableMarks.unkept(gates);
    private final NamespaceReservation reservation;

    NamespaceCore(NamespaceReservation reservation) {
        this.reservation = reservation;
    }

    /** Keeps commands out of blocks. Any thread may use it. */
    NamespaceGates gates() {
        return gates;
    }

    /** The blocks marked as uncorrectable. Any thread may read them, see there for who may change them. */
    UncorrectableMarks marks() {
        return marks;
    }

    /** Who may touch the namespace; see there for who may touch that. */
    NamespaceReservation reservation() {
        return reservation;
    }
}
