package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
    private final Map<EventLoop, TransferCounters> counters = new ConcurrentHashMap<>();

    private Subsystem(NvmeQualifiedName nqn, SubsystemConfiguration configuration, NamespaceTable namespaces) {
        this.nqn = nqn;
        this.configuration = configuration;
        this.namespaces = namespaces;
    }

    /** @param nqn what it calls itself: the well-known name, or one that no other discovery subsystem has */
    static Subsystem discovery(NvmeQualifiedName nqn) {
        return new Subsystem(nqn, null, new NamespaceTable(List.of()));
    }

    static Subsystem of(SubsystemConfiguration configuration, ReservationBook reservations) {
        Subsystem subsystem = new Subsystem(configuration.nqn(), configuration, new NamespaceTable(List.of()));
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

    /** Where the queues of a loop count their transfers. Any thread may ask. */
    TransferCounters counters(EventLoop loop) {
        return counters.computeIfAbsent(loop, absent -> new TransferCounters());
    }

    /** The counters of all loops. Any thread may ask. */
    Collection<TransferCounters> counters() {
        return counters.values();
    }

    /**
     * Reserves a controller identifier: the next one, so that one just freed is not used again soon.
     *
     * @return the identifier, or -1 if there are as many controllers as there may be
     */
    int reserveControllerId() {
        int countMax = isDiscovery()
                ? TargetLimits.DISCOVERY_CONTROLLER_COUNT_MAX : configuration.controllerCountMax();
        if (idsInUse.cardinality() >= countMax) {
            return -1;
        }
        int id = idsInUse.nextClearBit(lastId + 1);
        if (id > TargetLimits.CONTROLLER_ID_MAX) {
            id = idsInUse.nextClearBit(1); // 0 is left out: hosts print it like "none".
        }
        idsInUse.set(id);
        lastId = id;
        return id;
    }

    void add(Controller controller) {
        controllers.put(controller.id(), controller);
    }

    void remove(Controller controller) {
        controllers.remove(controller.id());
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

    /** The controller with this identifier, or {@code null}. */
    Controller controller(int id) {
        return controllers.get(id);
    }

    Collection<Controller> controllers() {
        return controllers.values();
    }
}
