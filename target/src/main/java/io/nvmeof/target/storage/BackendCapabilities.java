package io.nvmeof.target.storage;

/**
 * What a backend can do, as Identify announces it.
 *
 * @param volatileWriteCache whether a completed write may be lost with the power until it is flushed
 * @param deallocate whether deallocated blocks give their storage back; they read as zeroes
 * @param readOnly whether every command that would change a block must be refused
 * @param optimalWriteBlocks writes aligned to and a multiple of this many logical blocks perform best; at least 1
 * @param atomicWriteBlocks a write of up to this many blocks is seen whole or not at all by every other read and
 *     write of up to 1 MiB, on any channel. Says nothing about the loss of power. At least 1
 * @param atomicBoundaryBlocks {@code atomicWriteBlocks} holds for writes that do not cross a multiple of this; 0 if
 *     for all
 */
public record BackendCapabilities(boolean volatileWriteCache, boolean deallocate, boolean readOnly,
        int optimalWriteBlocks, int atomicWriteBlocks, int atomicBoundaryBlocks) {
    public BackendCapabilities {
        if (optimalWriteBlocks < 1) {
            throw new IllegalArgumentException("optimal write blocks " + optimalWriteBlocks + ": at least 1");
        }
        if (atomicWriteBlocks < 1) {
            throw new IllegalArgumentException("atomic write blocks " + atomicWriteBlocks + ": at least 1");
        }
        if (atomicBoundaryBlocks != 0 && atomicBoundaryBlocks < atomicWriteBlocks) {
            throw new IllegalArgumentException("atomic boundary blocks " + atomicBoundaryBlocks
                    + ": 0, or at least the " + atomicWriteBlocks + " atomic write blocks");
        }
    }

    /** A backend whose atomic unit is one block. */
    public BackendCapabilities(boolean volatileWriteCache, boolean deallocate, boolean readOnly,
            int optimalWriteBlocks) {
        this(volatileWriteCache, deallocate, readOnly, optimalWriteBlocks, 1, 0);
    }
}
