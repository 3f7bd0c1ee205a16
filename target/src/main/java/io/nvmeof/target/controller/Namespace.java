package io.nvmeof.target.controller;

import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.UUID;

/**
 * A namespace of a subsystem as it is described at one moment: its backend and what commands need to know of it, read
 * once. Immutable; a change makes another one with the same core.
 */
final class Namespace {
    private final NamespaceConfiguration configuration;
    private final NamespaceCore core;
    private final int id;
    private final UUID uuid;
    private final NamespaceBackend backend;
    private final BackendCapabilities capabilities;
    private final int blockSizeBytes;
    private final long blockCount;

    Namespace(NamespaceConfiguration configuration, NamespaceCore core) {
        this.configuration = configuration;
        this.core = core;
        id = configuration.id();
        uuid = configuration.uuid();
        backend = configuration.backend();
        capabilities = backend.capabilities();
        blockSizeBytes = backend.blockSizeBytes();
        blockCount = backend.blockCount();
    }

    /** What its owner asked for. */
    NamespaceConfiguration configuration() {
        return configuration;
    }

    /** What it shares with the descriptions before and after this one. */
    NamespaceCore core() {
        return core;
    }

    /** Whether hosts see no difference, but for the ANA group, whose changes have an event of their own. */
    boolean looksLike(Namespace other) {
        return core == other.core && uuid.equals(other.uuid) && configuration.eui64() == other.configuration.eui64()
                && blockCount == other.blockCount && capabilities.equals(other.capabilities)
                && readOnly() == other.readOnly();
    }

    /** Whether there is no difference at all. */
    boolean same(Namespace other) {
        return looksLike(other) && configuration.equals(other.configuration);
    }

    /** Whether every command that would change a block is refused. */
    boolean readOnly() {
        return capabilities.readOnly() || configuration.readOnly();
    }

    /** ANAGRPID. */
    int anaGroup() {
        return configuration.anaGroup();
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
