package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orderly end of a target that listens no more. Owned by the control loop. */
final class Shutdown {
    /** How long the last commands may take. */
    private static final long DRAIN_TIMEOUT_NANOS = 30_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Registry registry;
    private final Collection<LoopContext> contexts;
    private final List<Controller> controllers;
    private final CompletableFuture<List<NamespaceBackend>> done;
    private boolean drained;

    Shutdown(Registry registry, Collection<LoopContext> contexts, List<Controller> controllers,
            CompletableFuture<List<NamespaceBackend>> done) {
        this.registry = registry;
        this.contexts = contexts;
        this.controllers = controllers;
        this.done = done;
    }

    void begin() {
        CloseReason reason = CloseReason.of(CloseReason.Kind.LOCAL, "the target closes");
        EventLoop.Timer timeout = registry.loop().schedule(DRAIN_TIMEOUT_NANOS, () -> {
            LOG.error("commands of up to {} controllers are still not done after {} s: closing nevertheless",
                    controllers.size(), DRAIN_TIMEOUT_NANOS / 1_000_000_000L);
            onDrained(true);
        });
        contexts.forEach(context -> context.loop().execute(() -> context.onShutdown(reason)));
        controllers.forEach(controller -> controller.proxy().end(reason));
        // A controller whose host asked for its shutdown leaves a flush behind when the host does not wait for it.
        registry.whenEmpty(() -> registry.releases().whenUnused(registry.backends(), () -> {
            timeout.cancel();
            onDrained(false);
        }));
    }

    /** @param late whether commands are at work, which perhaps are never done */
    private void onDrained(boolean late) {
        if (drained) {
            return;
        }
        drained = true;
        List<NamespaceBackend> backends = registry.backends();
        registry.releases().flushAll(backends, failure -> {
            if (late) {
                done.complete(backends);
            } else {
                registry.releases().whenReleased(BackendRelease.ALL_GROUPS, () ->
                        registry.health().close().whenComplete((saved, failed) -> done.complete(backends)));
            }
        });
    }
}
