package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the queue pairs of one loop share: the channels to the backends, the connections that have not sent Connect,
 * the buffer that Compare reads into. Owned by the loop.
 */
final class LoopContext {
    /** Connections of one loop that may wait for their Connect at the same time; more are refused. */
    static final int CONNECTIONS_BEFORE_CONNECT_MAX = 512;

    private static final Logger LOG = LoggerFactory.getLogger(LoopContext.class);

    private final EventLoop loop;
    private final RegistryProxy registry;
    private final Map<NamespaceBackend, OpenChannel> channels = new IdentityHashMap<>();
    private final Set<QueuePair> beforeConnect = new LinkedHashSet<>();
    private final CompareBuffer compareBuffer = new CompareBuffer();
    private final FailureLog failures;
    private boolean closing;

    LoopContext(EventLoop loop, RegistryProxy registry) {
        this.loop = loop;
        this.registry = registry;
        this.failures = new FailureLog(loop);
    }

    EventLoop loop() {
        return loop;
    }

    FailureLog failures() {
        return failures;
    }

    CompareBuffer compareBuffer() {
        return compareBuffer;
    }

    /** The channel to a backend, opened if this is its first user; {@code null} if that failed. */
    BackendChannel acquire(NamespaceBackend backend) {
        assert loop.inLoop();
        OpenChannel open = channels.get(backend);
        if (open == null) {
            open = new OpenChannel(open(backend));
            channels.put(backend, open);
        }
        open.userCount++;
        return open.channel;
    }

    private BackendChannel open(NamespaceBackend backend) {
        try {
            return backend.open(loop);
        } catch (RuntimeException e) {
            LOG.error("cannot open {}: its commands fail with Internal Path Error", backend.describe(), e);
            registry.backendNotOpened(backend);
            return null;
        }
    }

    /** Gives a channel back; the last user closes it. */
    void release(NamespaceBackend backend) {
        assert loop.inLoop();
        OpenChannel open = channels.get(backend);
        if (--open.userCount == 0) {
            channels.remove(backend);
            if (open.channel != null) {
                open.channel.close();
            }
            open.whenClosed.forEach(Runnable::run);
        }
    }

    /** Runs something as soon as nobody on this loop uses a backend, which is now if nobody does. */
    void whenUnused(NamespaceBackend backend, Runnable then) {
        assert loop.inLoop();
        OpenChannel open = channels.get(backend);
        if (open == null) {
            then.run();
        } else {
            open.whenClosed.add(then);
        }
    }

    /** Whether this loop has a way to a backend. */
    boolean reaches(NamespaceBackend backend) {
        assert loop.inLoop();
        OpenChannel open = channels.get(backend);
        return open != null && open.channel != null;
    }

    /** A host's connection; returns its queue pair, or {@code null} to refuse it. */
    QueuePair accept(CapsuleSender sender, Port port) {
        assert loop.inLoop();
        if (closing) {
            return null;
        }
        if (beforeConnect.size() >= CONNECTIONS_BEFORE_CONNECT_MAX) {
            failures.warn("connections are refused: " + CONNECTIONS_BEFORE_CONNECT_MAX + " wait for their Connect");
            return null;
        }
        QueuePair queue = new QueuePair(this, sender, port);
        beforeConnect.add(queue);
        return queue;
    }

    /** The connection has sent its Connect, or is gone. */
    void leaveBeforeConnect(QueuePair queue) {
        beforeConnect.remove(queue);
    }

    /** Refuses new connections from now on and closes those that belong to no controller. */
    void onShutdown(CloseReason reason) {
        closing = true;
        for (QueuePair queue : new ArrayList<>(beforeConnect)) {
            queue.sender().close(reason);
        }
    }

    /** Closes the connections of a port that belong to no controller yet. */
    void onPortRemoved(Port port, CloseReason reason) {
        for (QueuePair queue : new ArrayList<>(beforeConnect)) {
            if (queue.port() == port) {
                queue.sender().close(reason);
            }
        }
    }

    private static final class OpenChannel {
        private final BackendChannel channel;
        private final List<Runnable> whenClosed = new ArrayList<>();
        private int userCount;

        OpenChannel(BackendChannel channel) {
            this.channel = channel;
        }
    }
}
