package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.concurrent.atomic.AtomicInteger;

/** The way to the registry for those on other loops. Any thread may call. */
final class RegistryProxy {
    /** Connects of admin queues that may wait for the control loop at a time. */
    static final int CONNECTS_AT_WORK_MAX = 256;

    private final AtomicInteger connectsAtWork = new AtomicInteger();
    private final EventLoop loop;
    private final Registry registry;
    private final ReservationDesk reservations;

    RegistryProxy(EventLoop loop, Registry registry) {
        this.loop = loop;
        this.registry = registry;
        this.reservations = new ReservationDesk(loop);
    }

    /**
     * A connection wants to be a queue; the queue is told the answer. When more hosts connect at once than can be
     * dealt with soon, the rest are told at once to come back later: that is better than an answer that comes when
     * they have given up, and it reaches only those who have nothing yet.
     */
    void connect(ConnectParameters parameters, QueuePair queue) {
        boolean newHost = parameters.queueId() == 0;
        if (newHost && connectsAtWork.incrementAndGet() > CONNECTS_AT_WORK_MAX) {
            connectsAtWork.decrementAndGet();
            queue.loop().execute(() -> queue.onConnectRefused(ConnectRefusal.BUSY));
            return;
        }
        loop.execute(() -> {
            if (newHost) {
                connectsAtWork.decrementAndGet();
            }
            registry.onConnect(parameters, queue);
        });
    }

    /** A backend says that its storage is gone, and why. */
    void backendGone(NamespaceBackend backend, String why) {
        loop.execute(() -> registry.watch().onGone(backend, why));
    }

    /** A loop could not open a backend. */
    void backendNotOpened(NamespaceBackend backend) {
        loop.execute(() -> registry.watch().onNotOpened(backend));
    }

    /** Where reservation commands are brought. */
    ReservationDesk reservations() {
        return reservations;
    }

    /** Nothing of a controller is left. */
    void controllerGone(Controller controller) {
        loop.execute(() -> registry.onControllerGone(controller));
    }
}
