package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.admin.SmartLog;
import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.reservation.ReservationNotice;
import io.nvmeof.target.storage.BackendChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A controller with namespaces and I/O queues. */
final class IoController extends Controller {
    private static final Logger LOG = LoggerFactory.getLogger(IoController.class);

    private static final int ALL_NAMESPACES = 0xFFFFFFFF;

    /** The I/O queues, from the grant of their Connect until nothing of them is left. */
    private final Map<Integer, QueuePair> ioQueues = new HashMap<>();
    /** The values of {@link #ioQueues}, for other threads. */
    private volatile List<QueuePair> ioQueueList = List.of();
    private volatile long endedQueuesCommandCount;
    private final TreeSet<Integer> changedNamespaces = new TreeSet<>();
    private final Features features = new Features();
    private final AnaGroups anaGroups = new AnaGroups();
    private final ReservationNotifications reservationNotifications = new ReservationNotifications();
    private final RateLimiter hostRate;
    /** The namespaces that the host sees. */
    private NamespaceTable namespaces;
    private AnaStates anaStates;
    private int grantedQueueCount;
    private int ioQueueCountMaxSeen;

    IoController(int id, Subsystem subsystem, ConnectParameters parameters, QueuePair adminQueue,
            RegistryProxy registry) {
        super(id, subsystem, parameters, adminQueue, registry, true);
        namespaces = subsystem.namespaces().visibleTo(hostNqn());
        anaStates = adminQueue.port().anaStates();
        anaGroups.update(namespaces, anaStates);
        hostRate = subsystem.hostRate(hostNqn());
        features.reset(loop().nanoTime());
        grantedQueueCount = subsystem.ioQueueCountMax();
    }

    @Override
    CommandTable adminCommands() {
        return AdminCommands::handlerFor;
    }

    @Override
    void onConnect(ConnectParameters parameters, QueuePair queue) {
        assert loop().inLoop();
        ConnectRefusal refusal = check(parameters);
        if (refusal != null) {
            queue.loop().execute(() -> queue.onConnectRefused(refusal));
            return;
        }
        ioQueues.put(parameters.queueId(), queue);
        ioQueueList = List.copyOf(ioQueues.values());
        ioQueueCountMaxSeen = Math.max(ioQueueCountMaxSeen, ioQueues.size());
        ConnectGrant grant = new ConnectGrant(this, parameters.queueId(), parameters.entryCount(),
                parameters.flowControlDisabled(), NvmCommands::handlerFor, namespaces,
                subsystem().counters(queue.loop()));
        LOG.debug("{} connected queue {} with {} entries: controller {} of {}", hostNqn(), parameters.queueId(),
                parameters.entryCount(), id(), subsystem().nqn());
        AnaStates states = anaStates;
        queue.loop().execute(() -> {
            queue.onAnaChanged(states);
            queue.onConnectAccepted(grant);
        });
    }

    private ConnectRefusal check(ConnectParameters parameters) {
        if (ended()) {
            return ConnectRefusal.CONTROLLER_ID;
        }
        if (!parameters.data().hostNqn().equals(hostNqn())) {
            return ConnectRefusal.HOST;
        }
        if (!parameters.data().hostIdentifier().equals(hostIdentifier())) {
            return ConnectRefusal.HOST_IDENTIFIER;
        }
        if (!properties().ready()) {
            return ConnectRefusal.SEQUENCE;
        }
        if (parameters.queueId() > grantedQueueCount) {
            return ConnectRefusal.QUEUE_ID;
        }
        if (parameters.entryCount() > subsystem().queueSizeMax()) {
            return ConnectRefusal.QUEUE_SIZE;
        }
        return ioQueues.containsKey(parameters.queueId()) ? ConnectRefusal.SEQUENCE : null;
    }

    @Override
    long ioCommandCount() {
        long count = endedQueuesCommandCount;
        for (QueuePair queue : ioQueueList) {
            count += queue.commandCount();
        }
        return count;
    }

    /** Whether a command is outstanding on an I/O queue. Any thread may ask. */
    boolean busy() {
        for (QueuePair queue : ioQueueList) {
            if (queue.busy()) {
                return true;
            }
        }
        return false;
    }

    /** How many I/O queues there are. Any thread may ask. */
    int ioQueueCount() {
        return ioQueueList.size();
    }

    @Override
    int ioQueueCountMaxSeen() {
        return ioQueueCountMaxSeen;
    }

    @Override
    void endIoQueues(CloseReason reason) {
        for (QueuePair queue : ioQueues.values()) {
            queue.loop().execute(() -> queue.onEnd(reason));
        }
    }

    @Override
    boolean ioQueuesGone() {
        return ioQueues.isEmpty();
    }

    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // One writer, many readers.
    void onIoQueueDrained(QueuePair queue) {
        endedQueuesCommandCount += queue.commandCount();
        ioQueues.remove(queue.queueId(), queue);
        ioQueueList = List.copyOf(ioQueues.values());
    }

    @Override
    QueuePair queue(int queueId) {
        return queueId == 0 ? adminQueue() : ioQueues.get(queueId);
    }

    @Override
    long defaultKeepAliveMillis() {
        return 0;
    }

    @Override
    ControllerCapabilities capabilities() {
        return ControllerCapabilities.of(subsystem().queueSizeMax(), READY_TIMEOUT_MILLIS,
                ControllerCapabilities.CSS_NVM | ControllerCapabilities.CSS_IO_COMMAND_SETS).withReadyWithMedia();
    }

    // ---- Shutdown

    @Override
    void flushForShutdown(Runnable whenDone) {
        Collection<Namespace> cached = new ArrayList<>();
        for (Namespace namespace : namespaces.namespaces()) {
            if (namespace.capabilities().volatileWriteCache()) {
                cached.add(namespace);
            }
        }
        if (cached.isEmpty()) {
            whenDone.run();
            return;
        }
        ShutdownFlush flush = new ShutdownFlush(cached.size(), whenDone);
        cached.forEach(flush::begin);
    }

    /** Flushes of several namespaces, the end of the last of which is the end. */
    private final class ShutdownFlush {
        private final Runnable whenDone;
        private int remaining;

        ShutdownFlush(int count, Runnable whenDone) {
            this.remaining = count;
            this.whenDone = whenDone;
        }

        void begin(Namespace namespace) {
            LoopContext context = adminQueue().context();
            BackendChannel channel = context.acquire(namespace.backend());
            if (channel == null) {
                context.release(namespace.backend());
                onDone();
                return;
            }
            channel.flush(status -> onFlushed(namespace, status));
        }

        private void onFlushed(Namespace namespace, StatusCode status) {
            adminQueue().context().release(namespace.backend());
            if (!status.successful()) {
                LOG.error("controller {} of {} shuts down, but namespace {} could not be flushed: {}", id(),
                        subsystem().nqn(), namespace.id(), status.description());
            }
            onDone();
        }

        private void onDone() {
            if (--remaining == 0) {
                whenDone.run();
            }
        }
    }

    // ---- Namespaces and features

    /** The namespaces that the host sees. */
    NamespaceTable namespaces() {
        return namespaces;
    }

    /** The namespaces that are there for this host, those included that are switched off for now. */
    NamespaceTable allocatedNamespaces() {
        return new NamespaceTable(subsystem().namespaces().namespaces().stream()
                .filter(namespace -> namespace.configuration().visibleTo(hostNqn())).toList());
    }

    /** What its host may do. Any thread may ask. */
    RateLimiter hostRate() {
        return hostRate;
    }

    Features features() {
        return features;
    }

    @Override
    void onErrors(List<CommandError> errors, long unseenCount) {
        super.onErrors(errors, unseenCount);
        for (CommandError error : errors) {
            if (Health.degrades(StatusCode.ofField(error.statusField()))) {
                raise(SmartLog.WARNING_RELIABILITY, AsynchronousEvent.RELIABILITY_DEGRADED);
            }
        }
    }

    @Override
    void onFeaturesReset() {
        super.onFeaturesReset();
        features.reset(loop().nanoTime());
        reservationNotifications.reset();
        grantedQueueCount = subsystem().ioQueueCountMax();
    }

    @Override
    void onNamespacesChanged(NamespaceTable table) {
        NamespaceTable visible = table.visibleTo(hostNqn());
        boolean changed = false;
        boolean regrouped = false;
        for (Namespace former : namespaces.namespaces()) {
            Namespace now = visible.find(former.id());
            if (now == null || !now.looksLike(former)) {
                changed = true;
                changedNamespaces.add(former.id());
            } else if (now.anaGroup() != former.anaGroup()) {
                regrouped = true;
            }
        }
        for (Namespace namespace : visible.namespaces()) {
            if (namespaces.find(namespace.id()) == null) {
                changed = true;
                changedNamespaces.add(namespace.id());
            }
        }
        namespaces = visible;
        anaGroups.update(namespaces, anaStates);
        for (QueuePair queue : ioQueues.values()) {
            queue.loop().execute(() -> queue.onNamespacesChanged(visible));
        }
        if (changed) {
            raise(AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE, AsynchronousEvent.ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED);
        }
        if (regrouped) {
            raise(AsynchronousEvent.ENABLE_ANA_CHANGE, AsynchronousEvent.ASYMMETRIC_NAMESPACE_ACCESS_CHANGE);
        }
    }

    /** Raises an event, if the host wants to hear of such: a bit of its Asynchronous Event Configuration. */
    void raise(int enabledBy, AsynchronousEvent event) {
        if ((asynchronousEventConfiguration() & enabledBy) != 0) {
            events().raise(event);
        }
    }

    /** The ANA groups have these states on this controller's port from now on. */
    @Override
    void onAnaChanged(AnaStates states) {
        anaStates = states;
        anaGroups.update(namespaces, states);
        for (QueuePair queue : ioQueues.values()) {
            queue.loop().execute(() -> queue.onAnaChanged(states));
        }
        // Whether or not the host sees a namespace of the group now: it may remember the state for one that comes.
        raise(AsynchronousEvent.ENABLE_ANA_CHANGE, AsynchronousEvent.ASYMMETRIC_NAMESPACE_ACCESS_CHANGE);
    }

    /** The ANA groups that contain a namespace which the host sees. */
    AnaGroups anaGroups() {
        return anaGroups;
    }

    /**
     * What an admin command that uses a namespace is refused with because of the namespace's ANA state; {@code null}
     * if there is no such reason. With FFFFFFFFh, all namespaces must be accessible.
     */
    StatusCode refusal(int namespaceId) {
        for (Namespace namespace : namespaces.namespaces()) {
            StatusCode refusal = anaStates.refusal(namespace.anaGroup());
            if (refusal != null && (namespaceId == namespace.id() || namespaceId == ALL_NAMESPACES)) {
                return refusal;
            }
        }
        return null;
    }

    // ---- Reservations

    /** Another host changed a reservation that concerns this controller's host. */
    void onReservationNotice(int namespaceId, ReservationNotice.Kind kind) {
        assert loop().inLoop();
        if (namespaces.find(namespaceId) != null && reservationNotifications.add(namespaceId, kind)) {
            events().raise(AsynchronousEvent.RESERVATION_LOG_PAGE_AVAILABLE);
        }
    }

    /** The host has read a page of the reservation notification log. */
    void onReservationLogRead() {
        if (reservationNotifications.onRead()) {
            events().raise(AsynchronousEvent.RESERVATION_LOG_PAGE_AVAILABLE);
        }
    }

    ReservationNotifications reservationNotifications() {
        return reservationNotifications;
    }

    /** Its host was preempted; {@code whenDone} runs when none of its commands can touch the namespace any more. */
    void onPreempted(NamespaceCore core, Runnable whenDone) {
        assert loop().inLoop();
        Countdown countdown = new Countdown(ioQueues.size(), whenDone);
        for (QueuePair queue : ioQueues.values()) {
            queue.loop().execute(() -> queue.onPreempted(core, () -> loop().execute(countdown::arrive)));
        }
    }

    @Override
    void onDiscoveryChanged(DiscoveryView.Content content) {
        throw new IllegalStateException("not a discovery controller");
    }

    /** The namespaces that changed since the host last read about it, in order; or that they are too many. */
    int[] changedNamespaces() {
        if (changedNamespaces.size() > NamespaceList.MAX_ENTRIES) {
            return new int[] {NamespaceList.TOO_MANY_CHANGED};
        }
        return changedNamespaces.stream().mapToInt(Integer::intValue).toArray();
    }

    void forgetChangedNamespaces() {
        changedNamespaces.clear();
    }

    int grantedQueueCount() {
        return grantedQueueCount;
    }

    void grantQueues(int count) {
        grantedQueueCount = count;
    }
}
