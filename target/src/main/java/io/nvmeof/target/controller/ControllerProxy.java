package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.List;

/** The way to a controller for those on other loops. Any thread may call. */
final class ControllerProxy {
    private final EventLoop loop;
    private final Controller controller;

    ControllerProxy(EventLoop loop, Controller controller) {
        this.loop = loop;
        this.controller = controller;
    }

    /** An I/O queue wants to belong to the controller; the queue is told the answer. */
    void connect(ConnectParameters parameters, QueuePair queue) {
        loop.execute(() -> controller.onConnect(parameters, queue));
    }

    /** The connection of a queue has ended; its last commands may still be at work. */
    void queueClosed(QueuePair queue, CloseReason reason) {
        loop.execute(() -> controller.onQueueClosed(queue, reason));
    }

    /** Nothing of a queue is left. */
    void queueDrained(QueuePair queue) {
        loop.execute(() -> controller.onQueueDrained(queue));
    }

    /** Commands failed on a queue. */
    void errors(List<CommandError> errors, long unseenCount, Runnable whenDelivered) {
        loop.execute(() -> {
            controller.onErrors(errors, unseenCount);
            whenDelivered.run();
        });
    }

    /** The controller has to go. */
    void end(CloseReason reason) {
        loop.execute(() -> controller.onEnd(reason));
    }

    /** The subsystem has other namespaces now. */
    void namespacesChanged(NamespaceTable table) {
        loop.execute(() -> controller.onNamespacesChanged(table));
    }

    /** ANA groups are in other states on the controller's port now. */
    void anaChanged(AnaStates states) {
        loop.execute(() -> controller.onAnaChanged(states));
    }

    /** What discovery reports has changed. */
    void discoveryChanged(DiscoveryView.Content content) {
        loop.execute(() -> controller.onDiscoveryChanged(content));
    }
}
