package io.nvmeof.initiator;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of one controller, from the first to the last. They share one fate: when one is lost, or any part of this
 * host gives up, all are closed, and the first reason is the reason of all.
 *
 * <p>Owned by the loop of the admin queue; {@link #closeAll}, {@link #closed} and {@link #closeReason} are for any
 * thread.
 */
final class ControllerQueues implements HostQueuePair.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerQueues.class);

    private final HostTransport transport;
    private final ConnectOptions options;
    private final EventLoop loop;
    private final List<CommandGate> gates = new ArrayList<>();
    private final List<CompletableFuture<CommandGate>> opening = new ArrayList<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    private int openCount;
    private volatile CloseReason closeReason;

    ControllerQueues(HostTransport transport, ConnectOptions options, EventLoop loop) {
        this.transport = transport;
        this.options = options;
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * Opens the connection of the next queue; the first is the admin queue.
     *
     * @return on this loop: the queue, when it is ready for Connect
     */
    CompletableFuture<CommandGate> open(EventLoop queueLoop, int slotCount, long timeoutNanos, int commandCountMax,
            int reservedSlots) {
        assert loop.inLoop();
        int queueId = gates.size();
        HostQueuePair queue = new HostQueuePair(queueLoop, queueId, slotCount, timeoutNanos, this);
        String label = queueId == 0 ? "the admin queue" : "I/O queue " + queueId;
        CommandGate gate = new CommandGate(queue, label, label + " of " + options, commandCountMax, reservedSlots);
        CompletableFuture<CommandGate> ready = new CompletableFuture<>();
        gates.add(gate);
        opening.add(ready);
        openCount++;
        if (closeReason != null) {
            openCount--;
            ready.completeExceptionally(new ConnectionLostException(gate.name(), closeReason));
            return ready;
        }
        try {
            queue.open(transport, options.address(), new HostQueueOptions(slotCount, options.headerDigest(),
                    options.dataDigest(), options.connectTimeoutMillis() * 1_000_000));
        } catch (RuntimeException e) {
            CloseReason reason = new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "the transport cannot connect: "
                    + e.getMessage(), e);
            loop.execute(() -> onQueueClosed(queue, reason));
        }
        return ready;
    }

    /** Why the queues close or closed; {@code null} while they do not. */
    CloseReason closeReason() {
        return closeReason;
    }

    /** Completes on this loop when no connection is left. */
    CompletableFuture<CloseReason> closed() {
        return closed;
    }

    /** Closes every queue; what is outstanding fails. */
    void closeAll(CloseReason reason) {
        loop.execute(() -> onCloseAll(reason));
    }

    /** Calls an action for the gate of each queue, the admin queue first. */
    void forEach(Consumer<CommandGate> action) {
        gates.forEach(action);
    }

    @Override
    public void onReady(HostQueuePair queue) {
        loop.execute(() -> opening.get(queue.queueId()).complete(gates.get(queue.queueId())));
    }

    @Override
    public void onClosed(HostQueuePair queue, CloseReason reason) {
        loop.execute(() -> onQueueClosed(queue, reason));
    }

    private void onQueueClosed(HostQueuePair queue, CloseReason reason) {
        openCount--;
        CommandGate gate = gates.get(queue.queueId());
        boolean first = closeReason == null;
        onCloseAll(first ? new CloseReason(reason.kind(), gate.label() + ": " + reason.message(), reason.cause())
                : closeReason);
        boolean ready = !opening.get(queue.queueId()).completeExceptionally(
                new ConnectionLostException(gate.name(), closeReason));
        if (first && ready) {
            LOG.warn("lost {}: {}", options, ConnectionLostException.inWords(closeReason));
        }
    }

    private void onCloseAll(CloseReason reason) {
        if (closeReason == null) {
            closeReason = reason;
            for (CommandGate gate : gates) {
                gate.refuse(reason);
                HostQueuePair queue = gate.queue();
                queue.loop().execute(() -> queue.close(reason));
            }
        }
        if (openCount == 0) {
            closed.complete(closeReason);
        }
    }
}
