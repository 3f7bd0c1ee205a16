package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes backends, and closes those that the target serves no more as soon as no loop uses them. Owned by the control
 * loop.
 */
final class BackendRelease {
    /** Stands for every ANA group. */
    static final int ALL_GROUPS = 0;
    /** When to say that commands keep a backend open. */
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(BackendRelease.class);

    private final EventLoop loop;
    private final Map<EventLoop, LoopContext> contexts;
    private final Executor executor;
    /** What is being released, and the ANA group it was in. */
    private final Map<NamespaceBackend, Integer> atWork = new IdentityHashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();

    /** @param group the ANA group, or {@link #ALL_GROUPS} */
    private record Waiter(int group, Runnable then) {}

    BackendRelease(EventLoop loop, Map<EventLoop, LoopContext> contexts, Executor executor) {
        this.loop = loop;
        this.contexts = contexts;
        this.executor = executor;
    }

    /**
     * Flushes and closes a namespace's backend after the last command that uses it. No queue gets it any more.
     *
     * @param whenDone told on the control loop; of the status of the flush if that failed, otherwise of {@code null}
     */
    void release(Namespace namespace, Consumer<StatusCode> whenDone) {
        assert loop.inLoop();
        NamespaceBackend backend = namespace.backend();
        atWork.put(backend, namespace.anaGroup());
        EventLoop.Timer patience = loop.schedule(PATIENCE_NANOS, () -> LOG.warn(
                "{} is not served any more, but its last commands are not done after {} s: still waiting",
                backend.describe(), PATIENCE_NANOS / 1_000_000_000L));
        whenUnused(List.of(backend), () -> {
            patience.cancel();
            flush(backend, status -> close(backend, status.successful() ? null : status, whenDone));
        });
    }

    /** Runs something on the control loop as soon as no loop has an operation of these backends at work any more. */
    void whenUnused(Collection<NamespaceBackend> backends, Runnable then) {
        assert loop.inLoop();
        Countdown unused = new Countdown(contexts.size() * backends.size(), then);
        for (NamespaceBackend backend : backends) {
            contexts.values().forEach(context -> context.loop().execute(
                    () -> context.whenUnused(backend, () -> loop.execute(unused::arrive))));
        }
    }

    private void close(NamespaceBackend backend, StatusCode failure, Consumer<StatusCode> whenDone) {
        executor.execute(() -> {
            try {
                backend.close();
            } catch (RuntimeException e) {
                LOG.error("cannot close {}", backend.describe(), e);
            }
            loop.execute(() -> {
                atWork.remove(backend);
                whenDone.accept(failure);
                List<Waiter> ready = waiters.stream().filter(waiter -> released(waiter.group)).toList();
                waiters.removeAll(ready);
                ready.forEach(waiter -> waiter.then.run());
            });
        });
    }

    /** Runs something when no backend of an ANA group, or of all, is being released any more. */
    void whenReleased(int group, Runnable then) {
        if (released(group)) {
            then.run();
        } else {
            waiters.add(new Waiter(group, then));
        }
    }

    private boolean released(int group) {
        return group == ALL_GROUPS ? atWork.isEmpty() : !atWork.containsValue(group);
    }

    /** Flushes a backend with the control loop's channel; one that cannot be opened was not written to. */
    void flush(NamespaceBackend backend, Consumer<StatusCode> whenDone) {
        assert loop.inLoop();
        LoopContext context = contexts.get(loop);
        BackendChannel channel = context.acquire(backend);
        if (channel == null) {
            context.release(backend);
            whenDone.accept(PathRelatedStatus.INTERNAL_PATH_ERROR);
            return;
        }
        channel.flush(status -> {
            context.release(backend);
            if (!status.successful()) {
                LOG.error("{} could not be flushed: {}", backend.describe(), status.description());
            }
            loop.execute(() -> whenDone.accept(status));
        });
    }

    /** Flushes all of these at the same time; tells of the first failure, or of {@code null}. */
    void flushAll(Collection<NamespaceBackend> backends, Consumer<StatusCode> whenDone) {
        StatusCode[] failure = new StatusCode[1];
        Countdown flushed = new Countdown(backends.size(), () -> whenDone.accept(failure[0]));
        for (NamespaceBackend backend : backends) {
            flush(backend, status -> {
                if (!status.successful() && failure[0] == null) {
                    failure[0] = status;
                }
                flushed.arrive();
            });
        }
    }
}
