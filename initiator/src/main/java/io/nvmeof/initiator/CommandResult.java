package io.nvmeof.initiator;

/**
 * What a command that succeeded answered besides its data.
 *
 * @param value dwords 0 (low half) and 1 of the completion queue entry
 */
public record CommandResult(long value) {
    /** Dword 0, where nearly every command puts its answer. */
    public int dword0() {
        return (int) value;
    }
}
