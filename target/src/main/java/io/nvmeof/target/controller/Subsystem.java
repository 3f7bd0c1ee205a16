package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.ControllerIdRange;
import io.nvmeof.target.DuplicateHostPolicy;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A subsystem and its controllers. Its controllers and namespaces change on the control loop; what any thread may read
 * says so.
 */
final class Subsystem {
    private final NvmeQualifiedName nqn;
    /** {@code null} for the discovery subsystem. */
    private volatile SubsystemConfiguration configuration;
    private final Map<Integer, Controller> controllers = new LinkedHashMap<>();
    private final BitSet idsInUse = new BitSet();
    private final List<Runnable> whenEmpty = new ArrayList<>();
    private int lastId;
    private volatile NamespaceTable namespaces;
    /** The values of {@link #controllers}, for other threads. */
    private volatile List<Controller> controllerList = List.of();
    private final ErrorLogs errorLogs = new ErrorLogs();
    private final Health health;
    /** What the connected hosts may do. */
    private final Map<NvmeQualifiedName, RateLimiter> hostRates = new HashMap<>();
    private final Map<EventLoop, TransferCounters> counters = new ConcurrentHashMap<>();

    private Subsystem(NvmeQualifiedName nqn, SubsystemConfiguration configuration, NamespaceTable namespaces,
            long startNanos) {
        this.nqn = nqn;
        this.configuration = configuration;
        this.namespaces = namespaces;
        this.health = new Health(startNanos);
    }

    /**
     * The discovery subsystem.
     *
     * @param nqn what it calls itself: the well-known name, or one that no other discovery subsystem has
     * @param startNanos the time on the loops' clock
     */
    static Subsystem discovery(NvmeQualifiedName nqn, long startNanos) {
        return new Subsystem(nqn, null, new NamespaceTable(List.of()), startNanos);
    }

    /** @param startNanos the time on the loops' clock */
    static Subsystem of(SubsystemConfiguration configuration, ReservationBook reservations, long startNanos) {
        Subsystem subsystem =
                new Subsystem(configuration.nqn(), configuration, new NamespaceTable(List.of()), startNanos);
        subsystem.change(configuration, reservations);
        return subsystem;
    }

    /**
     * The subsystem is like this from now on. A namespace keeps its core as long as it keeps its identifier and its
     * backend.
     *
     * @return whether anything about its namespaces is different, also what the backends say of themselves
     */
    boolean change(SubsystemConfiguration next, ReservationBook reservations) {
        boolean changed = next.namespaces().size() != namespaces.namespaces().size();
        List<Namespace> table = new ArrayList<>();
        for (NamespaceConfiguration each : next.namespaces()) {
            Namespace known = namespaces.find(each.id());
            boolean stays = known != null && known.backend() == each.backend();
            Namespace namespace = new Namespace(each, stays ? known.core() : reservations.core(each.uuid()));
            boolean same = stays && known.same(namespace);
            table.add(same ? known : namespace);
            changed |= !same;
        }
        configuration = next;
        namespaces = new NamespaceTable(table);
        table.forEach(namespace -> namespace.core().rate().set(namespace.configuration().rateLimit()));
        hostRates.forEach((hostNqn, rate) -> rate.set(next.rateLimit(hostNqn)));
        return changed;
    }

    NvmeQualifiedName nqn() {
        return nqn;
    }

    boolean isDiscovery() {
        return configuration == null;
    }

    /** The configuration; there is none for the discovery subsystem. */
    SubsystemConfiguration configuration() {
        return configuration;
    }

    /** Whether a host may connect. Everybody may discover, and will see what is for them. */
    boolean allows(NvmeQualifiedName hostNqn) {
        return isDiscovery() || configuration.allows(hostNqn);
    }

    /** Most entries of a queue. Any thread may ask. */
    int queueSizeMax() {
        return isDiscovery() ? SubsystemConfiguration.QUEUE_SIZE_MIN * 4 : configuration.queueSizeMax();
    }

    /** Most I/O queues of a controller. Any thread may ask. */
    int ioQueueCountMax() {
        return isDiscovery() ? 0 : configuration.ioQueueCountMax();
    }

    /** The namespaces as they are now, those that no host sees included. Any thread may ask. */
    NamespaceTable namespaces() {
        return namespaces;
    }

    /** What it has been through. */
    Health health() {
        return health;
    }

    /** The error logs of its hosts. */
    ErrorLogs errorLogs() {
        return errorLogs;
    }

    /** Where the queues of a loop count their transfers. Any thread may ask. */
    TransferCounters counters(EventLoop loop) {
        return counters.computeIfAbsent(loop, absent -> new TransferCounters());
    }

    /** The counters of all loops. Any thread may ask. */
    Collection<TransferCounters> counters() {
        return counters.values();
    }

    /** Reserves a controller identifier; there must be one: {@link #refusal}. */
    int reserveControllerId() {
        lastId = nextControllerId();
        idsInUse.set(lastId);
        return lastId;
    }

    /**
     * The controller identifier to give out next, from this target's range; not one that was just freed, if there are
     * others.
     *
     * @return -1 if there are as many controllers as there may be, or as the range has identifiers
     */
    private int nextControllerId() {
        int countMax = isDiscovery()
                ? TargetLimits.DISCOVERY_CONTROLLER_COUNT_MAX : configuration.controllerCountMax();
        if (idsInUse.cardinality() >= countMax) {
            return -1;
        }
        ControllerIdRange range = isDiscovery() ? ControllerIdRange.ALL : configuration.controllerIds();
        int id = idsInUse.nextClearBit(Math.max(lastId + 1, range.least()));
        if (id > range.most()) {
            id = idsInUse.nextClearBit(range.least());
        }
        return id > range.most() ? -1 : id;
    }

    /** Why a new controller is refused to a host that may connect; {@code null} if it is not. */
    ConnectRefusal refusal(ConnectParameters parameters) {
        // CAP.MQES: a slot for each entry is made, so that what a stranger may ask for is what the owner allowed.
        if (parameters.entryCount() > queueSizeMax()) {
            return ConnectRefusal.QUEUE_SIZE;
        }
        if (isForeign(parameters.data())) {
            return ConnectRefusal.FOREIGN_HOST_IDENTIFIER;
        }
        return nextControllerId() < 0 ? ConnectRefusal.BUSY : null;
    }

    /** In words what {@link #refusal} says. */
    static String why(ConnectRefusal refusal) {
        return refusal == ConnectRefusal.QUEUE_SIZE ? "queue too large" : refusal == ConnectRefusal.BUSY
                ? "as many controllers as allowed" : "its host identifier is that of a host with another name";
    }

    /**
     * Whether a host that connects claims the Host Identifier of a connected host with another Host NQN, and the owner
     * does not want that.
     */
    private boolean isForeign(ConnectData data) {
        return !isDiscovery() && configuration.duplicateHosts() == DuplicateHostPolicy.REFUSE_FOREIGN_IDENTIFIER
                && controllers.values().stream().anyMatch(controller ->
                        controller.hostIdentifier().equals(data.hostIdentifier())
                                && !controller.hostNqn().equals(data.hostNqn()));
    }

    /** What a host that connects may do, all its controllers and queues together. */
    RateLimiter hostRate(NvmeQualifiedName hostNqn) {
        RateLimiter rate = hostRates.computeIfAbsent(hostNqn, absent -> new RateLimiter());
        rate.set(configuration.rateLimit(hostNqn));
        return rate;
    }

    void add(Controller controller) {
        controllers.put(controller.id(), controller);
        controllerList = List.copyOf(controllers.values());
    }

    void remove(Controller controller) {
        controllers.remove(controller.id());
        if (controllers.values().stream().noneMatch(other -> other.hostNqn().equals(controller.hostNqn()))) {
            hostRates.remove(controller.hostNqn());
        }
        controllerList = List.copyOf(controllers.values());
        idsInUse.clear(controller.id());
        if (controllers.isEmpty()) {
            List<Runnable> all = List.copyOf(whenEmpty);
            whenEmpty.clear();
            all.forEach(Runnable::run);
        }
    }

    /** Runs something when there is no controller, which may be now. */
    void whenEmpty(Runnable then) {
        if (controllers.isEmpty()) {
            then.run();
        } else {
            whenEmpty.add(then);
        }
    }

    /** The identifiers of some of the controllers, in increasing order. Any thread may ask. */
    List<Integer> controllerIds(Predicate<Controller> which) {
        return controllerList.stream().filter(which).map(Controller::id).sorted().toList();
    }

    /** The controller with this identifier, or {@code null}. */
    Controller controller(int id) {
        return controllers.get(id);
    }

    Collection<Controller> controllers() {
        return controllers.values();
    }
}
