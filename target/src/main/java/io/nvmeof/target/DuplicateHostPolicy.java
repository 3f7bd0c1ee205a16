package io.nvmeof.target;

/** What happens when a host connects whose Host NQN or Host Identifier a controller of the subsystem has already. */
public enum DuplicateHostPolicy {
    /** Several controllers for one host are how multipath works. */
    ALLOW,
    /**
     * A Host Identifier belongs to one Host NQN: a second host that claims it is refused, so that reservations cannot
     * be taken over by a clone with a copied identity file.
     */
    REFUSE_FOREIGN_IDENTIFIER,
}
