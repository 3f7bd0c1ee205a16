package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which blocks of a namespace are marked as uncorrectable, for all loops: each gate has the newest set before the
 * command that changed it lets go of its blocks. With a {@link StateStore} every change is durable before it is
 * answered; without one the marks end with the target, and the blocks then read as they were before.
 */
final class UncorrectableMarks {
    private static final Logger LOG = LoggerFactory.getLogger(UncorrectableMarks.class);
    private static final String KEY_PREFIX = "uncorrectable-";

    private final StateStore store;
    private final String key;
    /** Only a command that has its blocks for itself changes it; there is one at a time. */
    private volatile UncorrectableBlocks blocks;

    private UncorrectableMarks(StateStore store, String key, UncorrectableBlocks blocks) {
        this.store = store;
        this.key = key;
        this.blocks = blocks;
    }

    /**
     * Marks of the namespace with this UUID, as they were last; without a store they end with the target. Blocks.
     *
     * @throws IOException if they cannot be known: then data could be read that a host has declared bad
     */
    static UncorrectableMarks load(UUID uuid, Optional<StateStore> store) throws IOException {
        String key = KEY_PREFIX + uuid;
        if (store.isEmpty()) {
            return new UncorrectableMarks(null, key, UncorrectableBlocks.NONE);
        }
        Optional<byte[]> content = store.get().load(key);
        try {
            return new UncorrectableMarks(store.get(), key,
                    content.map(UncorrectableBlocks::decode).orElse(UncorrectableBlocks.NONE));
        } catch (IllegalArgumentException e) {
            throw new IOException("the uncorrectable blocks kept as " + key + " are damaged: " + e.getMessage(), e);
        }
    }

    /** For a namespace that nobody sees, because its marks could not be loaded. */
    static UncorrectableMarks unknown() {
        return new UncorrectableMarks(null, null, UncorrectableBlocks.NONE);
    }

    UncorrectableBlocks blocks() {
        return blocks;
    }

    /**
     * Sets the marks; only for a command that has its blocks for itself, until it is told.
     *
     * @param gates the gates of the namespace, which are told
     * @param whenDone run on {@code loop}, perhaps during this call: whether the new marks are in force, and kept
     */
    void set(UncorrectableBlocks next, NamespaceGates gates, EventLoop loop, Consumer<Boolean> whenDone) {
        if (store == null) {
            publish(next, gates);
            whenDone.accept(true);
            return;
        }
        save(next).whenComplete((nothing, failure) -> loop.execute(() -> {
            if (failure == null) {
                publish(next, gates);
            } else {
                LOG.error("{} could not be kept: blocks that may be marked count as marked", key, failure);
                // The store may have the new marks or the old ones. In force are the more of the two, so that whoever
                // writes such a block has to clear its mark in the store, too, before the write is acknowledged.
                publish(next.blockCount() > blocks.blockCount() ? next : blocks, gates);
            }
            whenDone.accept(failure == null);
        }));
    }

    private CompletableFuture<Void> save(UncorrectableBlocks next) {
        try {
            return store.save(key, next.encode());
        } catch (RuntimeException e) {
            // Whoever waits for its blocks must hear of it, or they would stay closed for ever.
            return CompletableFuture.failedFuture(e);
        }
    }

    private void publish(UncorrectableBlocks next, NamespaceGates gates) {
        blocks = next;
        gates.setUncorrectable(next);
    }
}
