package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.transport.CloseReason;

/** A controller that tells hosts what there is to connect to. It has an admin queue and nothing else. */
final class DiscoveryController extends Controller {
    private final DiscoveryView view;

    DiscoveryController(int id, Subsystem subsystem, ConnectParameters parameters, QueuePair adminQueue,
            RegistryProxy registry, DiscoveryView view) {
        super(id, subsystem, parameters, adminQueue, registry, false);
        this.view = view;
    }

    @Override
    CommandTable adminCommands() {
        return DiscoveryCommands::handlerFor;
    }

    @Override
    void onConnect(ConnectParameters parameters, QueuePair queue) {
        // A discovery controller has no I/O queues.
        queue.loop().execute(() -> queue.onConnectRefused(ConnectRefusal.QUEUE_ID));
    }

    @Override
    long ioCommandCount() {
        return 0;
    }

    @Override
    int ioQueueCountMaxSeen() {
        return 0;
    }

    @Override
    void endIoQueues(CloseReason reason) {
        // There are none.
    }

    @Override
    boolean ioQueuesGone() {
        return true;
    }

    @Override
    void onIoQueueDrained(QueuePair queue) {
        throw new IllegalStateException("an I/O queue of a discovery controller");
    }

    @Override
    void flushForShutdown(Runnable whenDone) {
        whenDone.run();
    }

    @Override
    void onNamespacesChanged(NamespaceTable table) {
        throw new IllegalStateException("a discovery controller has no namespaces");
    }

    @Override
    void onAnaChanged(AnaStates states) {
        throw new IllegalStateException("a discovery controller has no namespaces");
    }

    @Override
    void onDiscoveryChanged() {
        if ((asynchronousEventConfiguration() & AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE) != 0) {
            events().raise(AsynchronousEvent.DISCOVERY_LOG_PAGE_CHANGE);
        }
    }

    @Override
    long defaultKeepAliveMillis() {
        return TargetLimits.DISCOVERY_IDLE_MILLIS;
    }

    /** What there is to discover, as it is now. */
    DiscoveryView view() {
        return view;
    }
}
