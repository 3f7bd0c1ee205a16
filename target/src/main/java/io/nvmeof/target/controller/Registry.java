package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ControllerInfo;
import io.nvmeof.target.DiscoveryService;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.TargetManagement;
import io.nvmeof.target.storage.NamespaceBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The ports and subsystems of a target and their controllers: who may connect to what, and what there is to discover.
 * Owned by the control loop, but for the methods that say any thread may call them.
 */
public final class Registry {
    private final EventLoop loop;
    private final Map<EventLoop, LoopContext> contexts = new LinkedHashMap<>();
    private final RegistryProxy proxy;
    private final Map<NvmeQualifiedName, Subsystem> subsystems = new HashMap<>();
    private final ReservationBook reservations;
    /** Subsystems that were removed, until the last of their controllers is gone. */
    private final Set<Subsystem> leaving = new LinkedHashSet<>();
    private final Subsystem discoverySubsystem;
    private final DiscoveryView discovery;
    private final Map<Integer, Port> ports = new LinkedHashMap<>();
    private final Listeners listeners;
    private final BackendRelease releases;
    private final Management management;
    private final BackendWatch watch;
    private final HealthKeeper health;
    private volatile TargetConfiguration configuration;
    private volatile List<Controller> controllers = List.of();
    /** Set once the target closes: what to do when the last controller is gone. */
    private Runnable onEmpty;

    /**
     * Called before any connection can come.
     *
     * @param loop the control loop
     * @param loops all loops that connections may be on
     * @param transports one for each type of address among the ports
     * @param executor for calls that block
     */
    public Registry(EventLoop loop, Collection<EventLoop> loops, TargetConfiguration configuration,
            List<TargetTransport> transports, Executor executor) {
        this.loop = loop;
        this.proxy = new RegistryProxy(loop, this);
        this.reservations = new ReservationBook(configuration.stateStore());
        this.configuration = configuration;
        this.listeners = new Listeners(transports);
        for (EventLoop each : loops) {
            contexts.put(each, new LoopContext(each, proxy));
        }
        this.releases = new BackendRelease(loop, contexts, executor);
        this.management = new Management(this, new ChangeQueue(loop, executor));
        this.watch = new BackendWatch(loop, contexts, proxy, management);
        this.health = new HealthKeeper(loop, configuration.stateStore(), executor);
        this.discoverySubsystem = Subsystem.discovery(
                configuration.discoveryNqn().orElse(NvmeQualifiedName.DISCOVERY), loop.nanoTime());
        this.subsystems.put(discoverySubsystem.nqn(), discoverySubsystem);
        this.discovery = new DiscoveryView(discoverySubsystem.nqn());
        for (SubsystemConfiguration each : configuration.subsystems()) {
            reservations.loadWhatCanBe(each.namespaces());
            this.subsystems.put(each.nqn(), health.loadNow(Subsystem.of(each, reservations, loop.nanoTime())));
            watch.listenTo(each);
        }
    }

    /** Listens on every port. From a failure on nothing listens any more. Called once; blocks. */
    public void start() throws IOException {
        boolean started = false;
        try {
            configuration.ports().forEach(listeners::transport);
            for (PortConfiguration each : configuration.ports()) {
                Port port = newPort(each);
                listeners.listen(port);
                loop.execute(() -> onPortListening(port));
            }
            started = true;
        } finally {
            if (!started) {
                listeners.close();
            }
        }
    }

    /** Changes what is served. Any thread may call. */
    public TargetManagement management() {
        return management;
    }

    /** The addresses in use, in the order of the ports. Any thread may ask. */
    public List<TransportAddress> addresses() {
        return listeners.addresses();
    }

    // ---- Connect

    void onConnect(ConnectParameters parameters, QueuePair queue) {
        assert loop.inLoop();
        Port port = queue.port();
        NvmeQualifiedName name = parameters.data().subsystemNqn();
        Subsystem subsystem = name.isDiscovery() ? discoverySubsystem : subsystems.get(name);
        if (subsystem == null || port.removed() || !subsystem.isDiscovery() && !port.leadsTo(name)) {
            refuse(parameters, queue, ConnectRefusal.SUBSYSTEM, "no such subsystem on port " + port.id());
        } else if (!subsystem.allows(parameters.data().hostNqn())) {
            refuse(parameters, queue, ConnectRefusal.HOST_NOT_ALLOWED, "host not allowed");
        } else if (parameters.queueId() == 0) {
            connectAdminQueue(subsystem, parameters, queue);
        } else {
            Controller controller = subsystem.controller(parameters.data().controllerId());
            // All queues of a controller come through one port, which is the one its ANA states are for.
            if (controller == null || controller.adminQueue().port() != port) {
                refuse(parameters, queue, ConnectRefusal.CONTROLLER_ID, "no such controller");
            } else {
                controller.proxy().connect(parameters, queue);
            }
        }
    }

    private void connectAdminQueue(Subsystem subsystem, ConnectParameters parameters, QueuePair queue) {
        ConnectRefusal refusal = onEmpty == null ? subsystem.refusal(parameters) : ConnectRefusal.BUSY;
        if (refusal != null) {
            refuse(parameters, queue, refusal, Subsystem.why(refusal));
            return;
        }
        int id = subsystem.reserveControllerId();
        Controller controller = subsystem.isDiscovery()
                ? new DiscoveryController(id, subsystem, parameters, queue, proxy, discovery.content())
                : new IoController(id, subsystem, parameters, queue, proxy);
        subsystem.add(controller);
        publishControllers();
        queue.loop().execute(() -> queue.onConnectAccepted(controller.adminGrant()));
    }

    private void refuse(ConnectParameters parameters, QueuePair queue, ConnectRefusal refusal, String why) {
        contexts.get(loop).failures().info("Connect refused, " + why, parameters.data().hostNqn() + " from "
                + parameters.peer() + " to " + parameters.data().subsystemNqn());
        queue.loop().execute(() -> queue.onConnectRefused(refusal));
    }

    void onControllerGone(Controller controller) {
        assert loop.inLoop();
        Subsystem subsystem = controller.subsystem();
        subsystem.remove(controller);
        if (subsystem.controllers().isEmpty()) {
            leaving.remove(subsystem);
        }
        publishControllers();
        if (onEmpty != null && controllers.isEmpty()) {
            onEmpty.run();
        }
    }

    private void publishControllers() {
        List<Controller> all = new ArrayList<>();
        subsystems.values().forEach(subsystem -> all.addAll(subsystem.controllers()));
        leaving.forEach(subsystem -> all.addAll(subsystem.controllers()));
        controllers = List.copyOf(all);
        health.onControllersChanged(controllers);
    }

    /** The controllers there are now. Any thread may call. */
    public List<ControllerInfo> controllerInfos() {
        return controllers.stream().map(Registry::info).toList();
    }

    private static ControllerInfo info(Controller controller) {
        int ioQueueCount = controller instanceof IoController io ? io.ioQueueCount() : 0;
        return new ControllerInfo(controller.subsystem().nqn(), controller.id(), controller.hostNqn(),
                controller.hostIdentifier(), controller.peer(), ioQueueCount, controller.commandCount());
    }

    // ---- What is served

    /** What is served. Any thread may ask. */
    TargetConfiguration configuration() {
        return configuration;
    }

    /**
     * Serves this from now on: controllers are told of their namespaces and ANA states, those that may be no more are
     * ended, and hosts that listen hear of what there is to discover. Listening is not its business.
     *
     * @param whenInEffect run when every loop knows
     */
    void install(TargetConfiguration next, Runnable whenInEffect) {
        assert loop.inLoop();
        TargetConfiguration former = configuration;
        configuration = next;
        for (SubsystemConfiguration subsystem : former.subsystems()) {
            if (next.subsystems().stream().noneMatch(other -> other.nqn().equals(subsystem.nqn()))) {
                removeSubsystem(subsystem.nqn());
            }
        }
        for (SubsystemConfiguration subsystem : next.subsystems()) {
            Subsystem known = subsystems.get(subsystem.nqn());
            if (known == null) {
                subsystems.put(subsystem.nqn(), health.load(Subsystem.of(subsystem, reservations, loop.nanoTime())));
            } else {
                changeSubsystem(known, subsystem);
            }
            watch.listenTo(subsystem);
        }
        for (PortConfiguration port : next.ports()) {
            Port known = ports.get(port.id());
            if (known != null && !known.configuration().equals(port)) {
                changePort(known, port);
            }
        }
        publishDiscovery();
        settle(whenInEffect);
    }

    private void removeSubsystem(NvmeQualifiedName nqn) {
        Subsystem subsystem = subsystems.remove(nqn);
        health.remove(subsystem);
        if (!subsystem.controllers().isEmpty()) {
            leaving.add(subsystem);
            end(subsystem.controllers(), "the subsystem was removed");
        }
    }

    private void changeSubsystem(Subsystem subsystem, SubsystemConfiguration next) {
        boolean namespacesChanged = subsystem.change(next, reservations);
        for (Controller controller : subsystem.controllers()) {
            if (!next.allows(controller.hostNqn())) {
                end(List.of(controller), "the host is not allowed any more");
            } else if (namespacesChanged) {
                controller.proxy().namespacesChanged(subsystem.namespaces());
            }
        }
    }

    private void changePort(Port port, PortConfiguration next) {
        port.setConfiguration(next);
        for (Controller controller : controllers) {
            if (controller.adminQueue().port() == port && !controller.subsystem().isDiscovery()) {
                controller.proxy().anaChanged(port.anaStates());
            }
        }
    }

    /** Ends controllers; their hosts may connect anew if they are allowed to. */
    void end(Collection<Controller> ended, String why) {
        CloseReason reason = CloseReason.of(CloseReason.Kind.LOCAL, why);
        ended.forEach(controller -> controller.proxy().end(reason));
    }

    /** Runs something when each loop has done all it was told before, and all that this made it tell others. */
    void settle(Runnable then) {
        afterRound(() -> afterRound(then));
    }

    private void afterRound(Runnable then) {
        Countdown all = new Countdown(contexts.size(), then);
        contexts.keySet().forEach(each -> each.execute(() -> loop.execute(all::arrive)));
    }

    /** What there is to discover may be something else now. */
    void publishDiscovery() {
        discovery.publish(ports.values(), configuration, discoverySubsystem.controllers());
    }

    /** Tells where there is discovery, at once and whenever that changes, on the control loop. Any thread may call. */
    public void watchDiscovery(Consumer<List<DiscoveryService>> watcher) {
        loop.execute(() -> discovery.watch(watcher));
    }

    // ---- Ports

    Port newPort(PortConfiguration port) {
        return new Port(port, proxy, contexts);
    }

    /** The port exists from now on. */
    void onPortListening(Port port) {
        assert loop.inLoop();
        ports.put(port.id(), port);
        publishDiscovery();
    }

    /** The port exists no more: ends the controllers and connections that came through it. */
    void onPortRemoved(int portId) {
        Port port = ports.remove(portId);
        port.remove();
        CloseReason reason = CloseReason.of(CloseReason.Kind.LOCAL, "the port was removed");
        contexts.values().forEach(context -> context.loop().execute(() -> context.onPortRemoved(port, reason)));
        end(controllers.stream().filter(controller -> controller.adminQueue().port() == port).toList(),
                reason.message());
    }

    // ---- What management uses

    EventLoop loop() {
        return loop;
    }

    Listeners listeners() {
        return listeners;
    }

    BackendWatch watch() {
        return watch;
    }

    HealthKeeper health() {
        return health;
    }

    BackendRelease releases() {
        return releases;
    }

    ReservationBook reservations() {
        return reservations;
    }

    /** The subsystem with this name, or {@code null}. */
    Subsystem subsystem(NvmeQualifiedName nqn) {
        return subsystems.get(nqn);
    }

    // ---- Shutdown

    /**
     * Stops listening, ends every controller and connection, lets the last commands finish, flushes every backend. Any
     * thread but a loop may call.
     *
     * @return the backends to close, when no loop uses one any more
     */
    public CompletableFuture<List<NamespaceBackend>> shutDown() {
        CompletableFuture<List<NamespaceBackend>> done = new CompletableFuture<>();
        listeners.close();
        loop.execute(() -> new Shutdown(this, contexts.values(), controllers, done).begin());
        return done;
    }

    /** No controller is made any more; runs something when the last one is gone. */
    void whenEmpty(Runnable then) {
        management.close();
        onEmpty = then;
        if (controllers.isEmpty()) {
            then.run();
        }
    }

    /** The backends of all namespaces that are served. */
    List<NamespaceBackend> backends() {
        List<NamespaceBackend> backends = new ArrayList<>();
        configuration.subsystems().forEach(subsystem ->
                subsystem.namespaces().forEach(namespace -> backends.add(namespace.backend())));
        return backends;
    }
}
