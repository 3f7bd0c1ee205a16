package io.nvmeof.target.controller;

import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.UUID;

/** A namespace of a subsystem: its backend and what commands need to know of it, read once. Immutable. */
final class Namespace {
    private final int id;
    private final UUID uuid;
    private final NamespaceBackend backend;
    private final BackendCapabilities capabilities;
    private final int blockSizeBytes;
    private final long blockCount;

    Namespace(NamespaceConfiguration configuration) {
        id = configuration.id();
        uuid = configuration.uuid();
        backend = configuration.backend();
        capabilities = backend.capabilities();
        blockSizeBytes = backend.blockSizeBytes();
        blockCount = backend.blockCount();
    }

    int id() {
        return id;
    }

    UUID uuid() {
        return uuid;
    }

    NamespaceBackend backend() {
        return backend;
    }

    BackendCapabilities capabilities() {
        return capabilities;
    }

    int blockSizeBytes() {
        return blockSizeBytes;
    }

    long blockCount() {
        return blockCount;
    }

    /** Whether a range lies in this namespace. Overflow-safe: the host chooses all 64 bits of the LBA. */
    boolean contains(long startingBlock, long count) {
        return Long.compareUnsigned(startingBlock, blockCount) < 0 && count <= blockCount - startingBlock;
    }
}
