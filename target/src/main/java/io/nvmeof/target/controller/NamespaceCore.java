package io.nvmeof.target.controller;

/**
 * What stays the same of a namespace while its description changes: one object from the addition of the namespace to
 * its removal, shared by all loops. Each thing in it says who may touch it.
 */
final class NamespaceCore {
    private final NamespaceGates gates = new NamespaceGates();
    private final RateLimiter rate = new RateLimiter();
    private final NamespaceReservation reservation;
    private final UncorrectableMarks marks;

    NamespaceCore(NamespaceReservation reservation, UncorrectableMarks marks) {
        this.reservation = reservation;
        this.marks = marks;
        gates.setUncorrectable(marks.blocks());
    }

    /** Keeps commands out of blocks. Any thread may use it. */
    NamespaceGates gates() {
        return gates;
    }

    /** The blocks marked as uncorrectable. Any thread may read them, see there for who may change them. */
    UncorrectableMarks marks() {
        return marks;
    }

    /** What all hosts together may do. Any thread may use it. */
    RateLimiter rate() {
        return rate;
    }

    /** Who may touch the namespace; see there for who may touch that. */
    NamespaceReservation reservation() {
        return reservation;
    }
}
