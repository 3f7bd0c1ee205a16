package io.nvmeof.target.controller;

/** What a command does to the blocks of a namespace, as reservations and write protection see it. */
enum Access {
    /** Looks at blocks: Read, Compare, Verify, the sources of Copy. */
    READ,
    /** Changes blocks. */
    WRITE,
    /** Flush: changes no block, but reservations count it among the writes. */
    FLUSH,
    /** Touches no block: reservation commands. */
    NONE,
}
