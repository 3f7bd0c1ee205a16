package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.transport.CloseReason;

/** A controller that tells hosts what there is to connect to. It has an admin queue and nothing else. */
final class DiscoveryController extends Controller {
    private DiscoveryView.Content content;
    /** What the host sees of the content; {@code null} as long as nobody wanted to know. */
    private DiscoveryLogPage page;
    /** The page whose header the host read last. */
    private DiscoveryLogPage beingRead;

    /** @param content what there is to discover; {@link #onDiscoveryChanged} follows with every change */
    DiscoveryController(int id, Subsystem subsystem, ConnectParameters parameters, QueuePair adminQueue,
            RegistryProxy registry, DiscoveryView.Content content) {
        super(id, subsystem, parameters, adminQueue, registry, false);
        this.content = content;
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

    /** The host hears of it only if it finds something else now, and only then the page is another one. */
    @Override
    void onDiscoveryChanged(DiscoveryView.Content next) {
        boolean listens =
                (asynchronousEventConfiguration() & AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE) != 0;
        if (page == null && !listens) {
            content = next;
            return;
        }
        DiscoveryLogPage before = page();
        content = next;
        DiscoveryLogPage after = DiscoveryEntries.page(next, this);
        if (after.entries().equals(before.entries())) {
            return;
        }
        page = after;
        if (listens) {
            events().raise(AsynchronousEvent.DISCOVERY_LOG_PAGE_CHANGE);
        }
    }

    /** The discovery log page as it is now. */
    DiscoveryLogPage page() {
        if (page == null) {
            page = DiscoveryEntries.page(content, this);
        }
        return page;
    }

    /**
     * The page that a read at this offset is about. A host reads the header and then the entries in pieces: all of them
     * come from the page the header is of, whatever happens meanwhile, and the next header tells of that.
     */
    DiscoveryLogPage pageToRead(long offset) {
        boolean header = Long.compareUnsigned(offset, DiscoveryLogPage.HEADER_SIZE) < 0;
        if (header || beingRead == null) {
            beingRead = page();
        }
        return beingRead;
    }

    @Override
    long defaultKeepAliveMillis() {
        return TargetLimits.DISCOVERY_IDLE_MILLIS;
    }

    @Override
    ControllerCapabilities capabilities() {
        // Without a ready mode: a Discovery controller has no CRTO property to go with it (NVMe Base 2.1, 3.1.4).
        return ControllerCapabilities.of(subsystem().queueSizeMax(), READY_TIMEOUT_MILLIS,
                ControllerCapabilities.CSS_NVM);
    }
}
