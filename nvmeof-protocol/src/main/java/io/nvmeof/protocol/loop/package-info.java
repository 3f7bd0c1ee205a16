/**
 * The seam between the protocol and whatever drives it: threads, clock and timers come in through these interfaces.
 * Implementations live in the transports and in the simulator; nothing in this package starts a thread.
 */
package io.nvmeof.protocol.loop;
