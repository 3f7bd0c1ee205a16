package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Makes a namespace larger or smaller. While it becomes smaller no command is at work on it, and those that were
 * admitted before are checked again afterwards. Owned by the control loop.
 */
final class Resize {
    /** How long the commands at work may take before a shrinking is given up. */
    private static final long DRAIN_TIMEOUT_NANOS = 30_000_000_000L;

    private final Registry registry;
    private final NamespaceHolds holds;
    private final ChangeQueue.Change change;
    private final Namespace namespace;
    private final NamespaceBackend backend;
    private final String key;
    private long actualBlockCount;
    private boolean ended;

    /** Throws {@link ConfigurationException} if there is no such namespace. */
    Resize(Registry registry, NamespaceHolds holds, ChangeQueue.Change change, NvmeQualifiedName nqn,
            int namespaceId) {
        ConfigurationEdit.namespace(ConfigurationEdit.subsystem(registry.configuration(), nqn), namespaceId);
        this.registry = registry;
        this.holds = holds;
        this.change = change;
        this.namespace = registry.subsystem(nqn).namespaces().find(namespaceId);
        this.backend = namespace.backend();
        this.key = "size of namespace " + namespaceId + " of " + nqn;
    }

    void begin(Optional<Long> sizeBytes) {
        if (sizeBytes.isEmpty()) {
            change.callBlocking(() -> actualBlockCount = backend.actualBlockCount(), () -> {}, () -> {
                if (actualBlockCount < 1) {
                    change.fail(new ConfigurationException(key, "less than a block", "is at least one block"));
                } else {
                    resize(actualBlockCount);
                }
            });
            return;
        }
        long size = sizeBytes.get();
        if (size < 1 || size % backend.blockSizeBytes() != 0) {
            throw new ConfigurationException(key, size, "are multiples of " + backend.blockSizeBytes());
        }
        resize(size / backend.blockSizeBytes());
    }

    private void resize(long blockCount) {
        if (blockCount >= namespace.blockCount()) {
            callBackend(blockCount, () -> {});
            return;
        }
        EventLoop.Timer timeout = registry.loop().schedule(DRAIN_TIMEOUT_NANOS, () -> {
            ended = true;
            holds.release(namespace.core());
            change.fail(new TimeoutException(key + ": commands were not done after "
                    + DRAIN_TIMEOUT_NANOS / 1_000_000_000L + " s: nothing has changed"));
        });
        holds.hold(namespace.core(), () -> {
            if (!ended) {
                timeout.cancel();
                callBackend(blockCount, () -> holds.release(namespace.core()));
            }
        });
    }

    private void callBackend(long blockCount, Runnable letGo) {
        change.callBlocking(() -> resizeBackend(blockCount), letGo,
                // The configuration is the same; what the backend says of itself is not.
                () -> registry.install(registry.configuration(), () -> {
                    letGo.run();
                    change.complete();
                }));
    }

    private void resizeBackend(long blockCount) {
        long size = blockCount * backend.blockSizeBytes();
        try {
            backend.resize(blockCount);
        } catch (UnsupportedOperationException e) {
            throw new ConfigurationException(key, size, "is " + namespace.blockCount() * backend.blockSizeBytes()
                    + ", the size of " + backend.describe() + ", which cannot change");
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(key, size, "is what the backend can have: " + e.getMessage());
        }
    }
}
