package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;

/**
 * A namespace as one I/O queue sees it, with the channel of the queue's loop. It stays the same while the namespace's
 * description changes, and outlives the namespace's removal for as long as commands use it.
 */
final class NamespaceView {
    private final BackendChannel channel;
    private final QueuePair queue;
    private final LoopContext context;
    private final NamespaceGate gate;
    private final RateLine rateLine;
    private Namespace namespace;
    private StatusCode refusal;
    private int useCount;
    private boolean retired;

    NamespaceView(Namespace namespace, QueuePair queue) {
        this.namespace = namespace;
        this.queue = queue;
        this.context = queue.context();
        this.channel = context.acquire(namespace.backend());
        this.gate = namespace.core().gates().gate(queue.loop());
        this.rateLine = new RateLine(namespace.core().rate(), queue.loop(), RateLine.ALL);
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

    /** Where the queue's commands wait that are more than the namespace may take. */
    RateLine rateLine() {
        return rateLine;
    }

    /** The namespace is described like this from now on; its core and backend are the same. */
    void describe(Namespace namespace) {
        assert this.namespace.core() == namespace.core();
        if (this.namespace != namespace) {
            this.namespace = namespace;
            gate.onCheckAgain();
        }
    }

    /** The way to the storage; {@code null} if the backend could not be opened. */
    BackendChannel channel() {
        return channel;
    }

    /** The ANA status that commands must be completed with instead of being executed; {@code null} if there is none. */
    StatusCode refusal() {
        return refusal;
    }

    void refuseWith(StatusCode refusal) {
        if (this.refusal != refusal) {
            this.refusal = refusal;
            gate.onCheckAgain();
            if (refusal != null) {
                letGoThoseWhoWait();
            }
        }
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
        gate.onCheckAgain();
        letGoThoseWhoWait();
        retired = true;
        if (useCount == 0) {
            end();
        }
    }

    /** Nobody should wait for a rate to be told that there is nothing to wait for. */
    private void letGoThoseWhoWait() {
        rateLine.letGo(this);
        if (queue.rateLine() != null) {
            queue.rateLine().letGo(this);
        }
    }

    private void end() {
        gate.remove(this);
        context.release(namespace.backend());
    }
}
