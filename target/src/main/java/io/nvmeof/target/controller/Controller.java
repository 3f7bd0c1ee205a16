package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A controller of the dynamic model: made when a host's admin queue connects, gone when the last command of its last
 * queue is done. Owned by the loop of the admin queue; the accessors that say so may be called by any thread.
 */
abstract sealed class Controller permits IoController, DiscoveryController {
    /** VS: docs/decisions lists what 2.1 makes mandatory, and where it is. */
    static final int VERSION = Property.VERSION_2_1;
    /** CAP.TO. A reset waits for the last command of the I/O queues, which a slow disk may still have. */
    static final int READY_TIMEOUT_MILLIS = 15_000;

    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    private final int id;
    private final Subsystem subsystem;
    private final NvmeQualifiedName hostNqn;
    private final HostIdentifier hostIdentifier;
    private final TransportAddress peer;
    private final TransportAddress local;
    private final QueuePair adminQueue;
    private final EventLoop loop;
    private final RegistryProxy registry;
    private final ControllerProxy proxy;
    private final ControllerProperties properties;
    private final KeepAliveTimer keepAlive;
    private final AsynchronousEventQueue events = new AsynchronousEventQueue();
    private final ErrorLog errorLog;
    private final int adminEntryCount;
    private final boolean flowControlDisabled;
    private long keepAliveMillis;
    private int asynchronousEventConfiguration;
    private int abortsAtWork;
    private boolean adminDrained;
    private boolean ended;
    private boolean gone;

    /** Called on the control loop. */
    Controller(int id, Subsystem subsystem, ConnectParameters parameters, QueuePair adminQueue, RegistryProxy registry,
            boolean ioCommandSet) {
        ConnectData data = parameters.data();
        this.id = id;
        this.subsystem = subsystem;
        this.hostNqn = data.hostNqn();
        this.hostIdentifier = data.hostIdentifier();
        this.peer = parameters.peer();
        this.local = parameters.local();
        this.adminQueue = adminQueue;
        this.loop = adminQueue.loop();
        this.registry = registry;
        this.proxy = new ControllerProxy(loop, this);
        this.properties = new ControllerProperties(ioCommandSet);
        this.keepAlive = new KeepAliveTimer(loop, this::commandCount, this::onKeepAliveExpired);
        this.errorLog = subsystem.errorLogs().of(data);
        this.adminEntryCount = parameters.entryCount();
        this.flowControlDisabled = parameters.flowControlDisabled();
        this.keepAliveMillis = parameters.keepAliveMillis();
    }

    // ---- What makes the two kinds differ

    /** The commands of the admin queue. */
    abstract CommandTable adminCommands();

    /** An I/O queue connects; answers the queue. */
    abstract void onConnect(ConnectParameters parameters, QueuePair queue);

    /** Commands on I/O queues so far. */
    abstract long ioCommandCount();

    /** The most I/O queues there were at a time. */
    abstract int ioQueueCountMaxSeen();

    /** Ends the I/O queues, if any. */
    abstract void endIoQueues(CloseReason reason);

    /** Whether every I/O queue is gone. */
    abstract boolean ioQueuesGone();

    abstract void onIoQueueDrained(QueuePair queue);

    /** Makes sure that what was written survives, then runs {@code whenDone}. */
    abstract void flushForShutdown(Runnable whenDone);

    /** The subsystem has these namespaces now, of which the host may not see all. */
    abstract void onNamespacesChanged(NamespaceTable table);

    abstract void onAnaChanged(AnaStates states);

    /** There is this to discover now. */
    abstract void onDiscoveryChanged(DiscoveryView.Content content);

    /** The keep alive timeout to use where the host asked for none, in milliseconds; 0 for none. */
    abstract long defaultKeepAliveMillis();

    // ---- Life

    /** What the admin queue gets. Called on the control loop. */
    final ConnectGrant adminGrant() {
        return new ConnectGrant(this, 0, adminEntryCount, flowControlDisabled, adminCommands(),
                new NamespaceTable(List.of()), null);
    }

    /** The admin queue has taken its place. */
    final void onAdminQueueConnected() {
        assert loop.inLoop();
        LOG.info("{} connected from {}: controller {} of {}", hostNqn, peer, id, subsystem.nqn());
        setKeepAliveMillis(keepAliveMillis);
    }

    final void onQueueClosed(QueuePair queue, CloseReason reason) {
        if (queue == adminQueue) {
            end(CloseReason.of(CloseReason.Kind.LOCAL, "the admin queue is closed: " + reason.message()));
        } else {
            LOG.debug("controller {} of {}: queue {} closed: {}", id, subsystem.nqn(), queue.queueId(),
                    reason.message());
        }
    }

    final void onQueueDrained(QueuePair queue) {
        if (queue == adminQueue) {
            adminDrained = true;
        } else {
            onIoQueueDrained(queue);
            if (ioQueuesGone()) {
                properties.onResetComplete();
            }
        }
        leaveIfGone();
    }

    final void onEnd(CloseReason reason) {
        end(reason);
    }

    private void end(CloseReason reason) {
        if (ended) {
            return;
        }
        ended = true;
        LOG.info("{} disconnected from {}: controller {} of {}, {} I/O queues, {} commands: {}", hostNqn, peer, id,
                subsystem.nqn(), ioQueueCountMaxSeen(), commandCount(), reason.message());
        keepAlive.cancel();
        endIoQueues(reason);
        adminQueue.onEnd(reason);
        leaveIfGone();
    }

    private void leaveIfGone() {
        if (ended && adminDrained && ioQueuesGone() && !gone) {
            gone = true;
            registry.controllerGone(this);
        }
    }

    private void onKeepAliveExpired() {
        if (keepAliveMillis == 0) {
            // The host promised nothing, it has merely finished discovering and left.
            end(CloseReason.of(CloseReason.Kind.TIMEOUT, "idle for too long"));
            return;
        }
        LOG.warn("{} at {}: controller {} of {} ends, its keep alive timer of {} ms expired", hostNqn, peer, id,
                subsystem.nqn(), keepAliveMillis);
        properties.onFatal();
        end(CloseReason.of(CloseReason.Kind.TIMEOUT, "the keep alive timer expired"));
    }

    /** The host sets CC. */
    final void onConfigurationSet(ControllerConfiguration next) {
        switch (properties.set(next)) {
            case NONE -> {}
            case ENABLED -> LOG.debug("controller {} of {} enabled", id, subsystem.nqn());
            case RESET -> onReset();
            case SHUTDOWN_NORMAL -> {
                int shutdown = properties.shutdownCount();
                flushForShutdown(() -> properties.onShutdownComplete(shutdown));
            }
            // What was written since the last Flush may be lost, the host says; nothing has to be waited for.
            case SHUTDOWN_ABRUPT -> properties.onShutdownComplete(properties.shutdownCount());
        }
    }

    private void onReset() {
        LOG.debug("controller {} of {} reset", id, subsystem.nqn());
        events.clear(GenericStatus.COMMAND_ABORTED_SQ_DELETION);
        endIoQueues(CloseReason.of(CloseReason.Kind.LOCAL, "the controller was reset"));
        onFeaturesReset();
        if (ioQueuesGone()) {
            properties.onResetComplete();
        }
    }

    /** Features that a Controller Level Reset takes back. */
    void onFeaturesReset() {
        asynchronousEventConfiguration = 0;
    }

    final boolean ended() {
        return ended;
    }

    // ---- Keep alive, events, errors

    /** Sets the Keep Alive Timer and starts it anew; 0 turns it off. */
    final void setKeepAliveMillis(long millis) {
        long unit = TargetLimits.KEEP_ALIVE_GRANULARITY_MILLIS;
        keepAliveMillis = (millis + unit - 1) / unit * unit;
        keepAlive.start(effectiveKeepAliveMillis());
    }

    private long effectiveKeepAliveMillis() {
        return keepAliveMillis > 0 ? keepAliveMillis : defaultKeepAliveMillis();
    }

    /** The Keep Alive Timer as Get Features reports it. */
    final long keepAliveMillis() {
        return keepAliveMillis;
    }

    final AsynchronousEventQueue events() {
        return events;
    }

    final int asynchronousEventConfiguration() {
        return asynchronousEventConfiguration;
    }

    final void setAsynchronousEventConfiguration(int configuration) {
        asynchronousEventConfiguration = configuration;
    }

    final ErrorLog errorLog() {
        return errorLog;
    }

    void onErrors(List<CommandError> errors, long unseenCount) {
        for (CommandError error : errors) {
            errorLog.add(error, peer.type());
        }
        errorLog.addUnseen(unseenCount);
    }

    /** Whether one more Abort may be at work; if so, {@link #onAbortDone()} must follow. */
    final boolean admitAbort() {
        if (abortsAtWork > TargetLimits.ABORT_COMMAND_LIMIT) {
            return false;
        }
        abortsAtWork++;
        return true;
    }

    final void onAbortDone() {
        abortsAtWork--;
    }

    /** The queue with this identifier, or {@code null}. */
    QueuePair queue(int queueId) {
        return queueId == 0 ? adminQueue : null;
    }

    // ---- Any thread

    /** CNTLID. */
    final int id() {
        return id;
    }

    final Subsystem subsystem() {
        return subsystem;
    }

    final NvmeQualifiedName hostNqn() {
        return hostNqn;
    }

    final HostIdentifier hostIdentifier() {
        return hostIdentifier;
    }

    final TransportAddress peer() {
        return peer;
    }

    /** Our address as the host sees it. */
    final TransportAddress local() {
        return local;
    }

    final EventLoop loop() {
        return loop;
    }

    final ControllerProxy proxy() {
        return proxy;
    }

    final QueuePair adminQueue() {
        return adminQueue;
    }

    final long commandCount() {
        return adminQueue.commandCount() + ioCommandCount();
    }

    final ControllerProperties properties() {
        return properties;
    }

    /** CAP. */
    abstract ControllerCapabilities capabilities();
}
