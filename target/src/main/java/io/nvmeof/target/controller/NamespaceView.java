package io.nvmeof.target.controller;

import io.nvmeof.target.storage.BackendChannel;

/**
 * A namespace as one I/O queue sees it, with the channel of the queue's loop. It outlives the namespace's removal for
 * as long as commands use it.
 */
final class NamespaceView {
    private final Namespace namespace;
    private final BackendChannel channel;
    private final QueuePair queue;
    private final LoopContext context;
    private final NamespaceGate gate;
    private int useCount;
    private boolean retired;

    NamespaceView(Namespace namespace, QueuePair queue) {
        this.namespace = namespace;
        this.queue = queue;
        this.context = queue.context();
        this.channel = context.acquire(namespace.backend());
        this.gate = namespace.core().gates().gate(queue.loop());
        gate.add(this);
    }

    Namespace namespace() {
        return namespace;
    }

    /** The queue that sees the namespace so. */
    QueuePair queue() {
        return queue;
    }

    /** What every command passes before it executes. */
    NamespaceGate gate() {
        return gate;
    }

    /** The way to the storage; {@code null} if the backend could not be opened. */
    BackendChannel channel() {
        return channel;
    }

    /** A command uses this view until it calls {@link #release()}. */
    void retain() {
        useCount++;
    }

    void release() {
        useCount--;
        assert useCount >= 0;
        if (retired && useCount == 0) {
            end();
        }
    }

    /** The queue sees this namespace no more; the channel goes when the last command is done. */
    void retire() {
        assert !retired;
        retired = true;
        if (useCount == 0) {
            end();
        }
    }

    private void end() {
        gate.remove(this);
        context.release(namespace.backend());
    }
}
