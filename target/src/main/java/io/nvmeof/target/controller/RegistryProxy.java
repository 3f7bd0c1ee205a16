package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.storage.NamespaceBackend;

/** The way to the registry for those on other loops. Any thread may call. */
final class RegistryProxy {
    private final EventLoop loop;
    private final Registry registry;
    private final ReservationDesk reservations;

    RegistryProxy(EventLoop loop, Registry registry) {
        this.loop = loop;
        this.registry = registry;
        this.reservations = new ReservationDesk(loop);
    }

    /** A connection wants to be a queue; the queue is told the answer. */
    void connect(ConnectParameters parameters, QueuePair queue) {
        loop.execute(() -> registry.onConnect(parameters, queue));
    }

    /** A backend says that its storage is gone, and why. */
    void backendGone(NamespaceBackend backend, String why) {
        loop.execute(() -> registry.onBackendGone(backend, why));
    }

    /** A loop could not open a backend. */
    void backendNotOpened(NamespaceBackend backend) {
        loop.execute(() -> registry.onBackendNotOpened(backend));
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
