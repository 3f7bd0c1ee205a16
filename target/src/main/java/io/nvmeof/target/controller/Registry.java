package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ControllerInfo;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subsystems of a target and their controllers: who may connect to what, and what there is to discover. Owned by
 * the control loop, but for the methods that say any thread may call them.
 */
public final class Registry {
    /** How long the last commands may take when the target closes. */
    private static final long DRAIN_TIMEOUT_NANOS = 30_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final EventLoop loop;
    private final Map<EventLoop, LoopContext> contexts = new IdentityHashMap<>();
    private final RegistryProxy proxy;
    private final Map<NvmeQualifiedName, Subsystem> subsystems = new HashMap<>();
    private final DiscoveryView discovery = new DiscoveryView();
    private final List<Port> ports = new ArrayList<>();
    private volatile List<Controller> controllers = List.of();
    /** Set once the target closes: what to do when the last controller is gone. */
    private Runnable onEmpty;

    /**
     * Called before any connection can come.
     *
     * @param loop the control loop
     * @param loops all loops that connections may be on
     */
    public Registry(EventLoop loop, Collection<EventLoop> loops, Collection<SubsystemConfiguration> subsystems) {
        this.loop = loop;
        this.proxy = new RegistryProxy(loop, this);
        for (EventLoop each : loops) {
            contexts.put(each, new LoopContext(each));
        }
        this.subsystems.put(NvmeQualifiedName.DISCOVERY, Subsystem.discovery());
        for (SubsystemConfiguration subsystem : subsystems) {
            this.subsystems.put(subsystem.nqn(), Subsystem.of(subsystem));
        }
        publishDiscovery();
    }

    /** Adds a port. Called before any connection can come, and before it listens. */
    public PortHandle addPort(int id, TransportAddress address) {
        return new PortHandle(new Port(id, address, proxy, contexts), this);
    }

    void onPortListening(Port port) {
        ports.add(port);
        publishDiscovery();
    }

    private void publishDiscovery() {
        discovery.replace(ports, subsystems.values().stream().filter(subsystem -> !subsystem.isDiscovery())
                .map(Subsystem::configuration)
                .sorted((a, b) -> a.nqn().toString().compareTo(b.nqn().toString())).toList());
    }

    // ---- Connect

    void onConnect(ConnectParameters parameters, QueuePair queue) {
        assert loop.inLoop();
        Subsystem subsystem = subsystems.get(parameters.data().subsystemNqn());
        if (subsystem == null) {
            refuse(parameters, queue, ConnectRefusal.SUBSYSTEM, "no such subsystem");
        } else if (!subsystem.allows(parameters.data().hostNqn())) {
            refuse(parameters, queue, ConnectRefusal.HOST_NOT_ALLOWED, "host not allowed");
        } else if (parameters.queueId() == 0) {
            connectAdminQueue(subsystem, parameters, queue);
        } else {
            Controller controller = subsystem.controller(parameters.data().controllerId());
            if (controller == null) {
                refuse(parameters, queue, ConnectRefusal.CONTROLLER_ID, "no such controller");
            } else {
                controller.proxy().connect(parameters, queue);
            }
        }
    }

    private void connectAdminQueue(Subsystem subsystem, ConnectParameters parameters, QueuePair queue) {
        // CAP.MQES: a slot for each entry is made, so that what a stranger may ask for is what the owner allowed.
        if (parameters.entryCount() > subsystem.queueSizeMax()) {
            refuse(parameters, queue, ConnectRefusal.QUEUE_SIZE, "queue too large");
            return;
        }
        int id = onEmpty == null ? subsystem.reserveControllerId() : -1;
        if (id < 0) {
            refuse(parameters, queue, ConnectRefusal.BUSY, "as many controllers as allowed");
            return;
        }
        Controller controller = subsystem.isDiscovery()
                ? new DiscoveryController(id, subsystem, parameters, queue, proxy, discovery)
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
        controller.subsystem().remove(controller);
        publishControllers();
        if (onEmpty != null && controllers.isEmpty()) {
            onEmpty.run();
        }
    }

    private void publishControllers() {
        List<Controller> all = new ArrayList<>();
        subsystems.values().forEach(subsystem -> all.addAll(subsystem.controllers()));
        controllers = List.copyOf(all);
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

    // ---- Namespaces

    /**
     * Gives a subsystem these namespaces instead of those it has. Hosts are told; commands at work on a namespace that
     * goes are finished first. Any thread may call.
     *
     * @return done when every controller has been told
     */
    public CompletableFuture<Void> setNamespaces(NvmeQualifiedName nqn, Collection<NamespaceConfiguration> namespaces) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<NamespaceConfiguration> copy = List.copyOf(namespaces);
        loop.execute(() -> onSetNamespaces(nqn, copy, done));
        return done;
    }

    private void onSetNamespaces(NvmeQualifiedName nqn, List<NamespaceConfiguration> configurations,
            CompletableFuture<Void> done) {
        Subsystem subsystem = subsystems.get(nqn);
        if (subsystem == null || subsystem.isDiscovery()) {
            done.completeExceptionally(new IllegalArgumentException("no subsystem " + nqn));
            return;
        }
        NamespaceTable old = subsystem.namespaces();
        List<Namespace> next = new ArrayList<>();
        for (NamespaceConfiguration configuration : configurations) {
            Namespace known = old.find(configuration.id());
            boolean same = known != null && known.configuration().equals(configuration);
            next.add(same ? known : new Namespace(configuration, new NamespaceCore()));
        }
        NamespaceTable table = new NamespaceTable(next);
        subsystem.setNamespaces(table);
        for (Controller controller : subsystem.controllers()) {
            controller.proxy().namespacesChanged(table);
        }
        done.complete(null);
    }

    /** Tells the hosts that listen that there is something new to discover. Any thread may call. */
    public void announceDiscoveryChange() {
        loop.execute(() -> {
            publishDiscovery();
            subsystems.get(NvmeQualifiedName.DISCOVERY).controllers()
                    .forEach(controller -> controller.proxy().discoveryChanged());
        });
    }

    // ---- Shutdown

    /**
     * Ends every controller and connection, lets the last commands finish, flushes every backend. Any thread may call;
     * nothing listens any more.
     *
     * @return the backends to close, when no loop uses one any more
     */
    public CompletableFuture<List<NamespaceBackend>> shutDown() {
        CompletableFuture<List<NamespaceBackend>> done = new CompletableFuture<>();
        loop.execute(() -> onShutDown(done));
        return done;
    }

    private void onShutDown(CompletableFuture<List<NamespaceBackend>> done) {
        CloseReason reason = CloseReason.of(CloseReason.Kind.LOCAL, "the target closes");
        EventLoop.Timer timeout = loop.schedule(DRAIN_TIMEOUT_NANOS, () -> {
            LOG.error("commands of {} controllers are still not done after {} s: closing nevertheless",
                    controllers.size(), DRAIN_TIMEOUT_NANOS / 1_000_000_000L);
            onEmpty = () -> {};
            finishShutDown(done);
        });
        onEmpty = () -> {
            timeout.cancel();
            onEmpty = () -> {};
            finishShutDown(done);
        };
        contexts.values().forEach(context -> context.loop().execute(() -> context.onShutdown(reason)));
        if (controllers.isEmpty()) {
            onEmpty.run();
        } else {
            controllers.forEach(controller -> controller.proxy().end(reason));
        }
    }

    /** One namespace after the other, on the control loop. */
    private void finishShutDown(CompletableFuture<List<NamespaceBackend>> done) {
        List<Namespace> namespaces = new ArrayList<>();
        subsystems.values().forEach(subsystem -> namespaces.addAll(subsystem.namespaces().namespaces()));
        flushNext(namespaces, 0, done);
    }

    private void flushNext(List<Namespace> namespaces, int index, CompletableFuture<List<NamespaceBackend>> done) {
        if (index == namespaces.size()) {
            done.complete(namespaces.stream().map(Namespace::backend).toList());
            return;
        }
        Namespace namespace = namespaces.get(index);
        LoopContext context = contexts.get(loop);
        BackendChannel channel = context.acquire(namespace.backend());
        if (channel == null) {
            context.release(namespace.backend());
            flushNext(namespaces, index + 1, done);
            return;
        }
        channel.flush(status -> {
            logFlush(namespace, status);
            context.release(namespace.backend());
            loop.execute(() -> flushNext(namespaces, index + 1, done));
        });
    }

    private static void logFlush(Namespace namespace, StatusCode status) {
        if (!status.successful()) {
            LOG.error("{} could not be flushed: {}", namespace.backend().describe(), status.description());
        }
    }
}
