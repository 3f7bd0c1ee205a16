package io.nvmeof.target.storage;

/**
 * What a backend can do, as Identify announces it.
 *
 * @param volatileWriteCache whether a completed write may be lost with the power until it is flushed
 * @param deallocate whether deallocated blocks give their storage back; they read as zeroes
 * @param readOnly whether every command that would change a block must be refused
 * @param optimalWriteBlocks writes aligned to and a multiple of this many logical blocks perform best; at least 1
 */
public record BackendCapabilities(boolean volatileWriteCache, boolean deallocate, boolean readOnly,
        int optimalWriteBlocks) {
    public BackendCapabilities {
        if (optimalWriteBlocks < 1) {
            throw new IllegalArgumentException("optimal write blocks " + optimalWriteBlocks + ": at least 1");
        }
    }
}
