package io.nvmeof.interop.simulation;

import io.nvmeof.initiator.ConnectOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.Initiator;
import io.nvmeof.initiator.PassthroughCommand;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.AnaGroupDescriptor;
import io.nvmeof.protocol.admin.AnaLog;
import io.nvmeof.protocol.admin.LogPageIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A host's way to one port of one target: connects, and connects again when the connection is lost. */
final class ClusterPath {
    private static final int LOG_BYTES = 4096;
    private static final int ALL_NAMESPACES = 0xFFFF_FFFF;

    private final ClusterRun run;
    private final Initiator initiator;
    private final ConnectOptions options;
    private final NvmeQualifiedName hostNqn;
    private final ClusterTarget target;
    private final int port;
    private final Map<Integer, RemoteNamespace> namespaces = new HashMap<>();
    private HostController controller;
    private boolean leaving;

    ClusterPath(ClusterRun run, Initiator initiator, ConnectOptions options, NvmeQualifiedName hostNqn,
            ClusterTarget target, int port) {
        this.run = run;
        this.initiator = initiator;
        this.options = options;
        this.hostNqn = hostNqn;
        this.target = target;
        this.port = port;
    }

    void connect() {
        if (leaving) {
            return;
        }
        initiator.connect(options).whenComplete((connected, failure) -> {
            if (failure != null) {
                run.simulation.trace(failure.getClass().getName().hashCode());
                run.simulation.after(Simulation.SECOND, this::connect);
                return;
            }
            namespaces.clear();
            controller = connected;
            connected.onNamespacesChanged(changed -> changed.forEach(id -> find(connected, id)));
            connected.onClosed(reason -> {
                controller = null;
                run.simulation.after(run.random().nextLong(Simulation.SECOND), this::connect);
            });
            // What changed before events were asked for is on the list, but was not told.
            changedList(connected).thenCompose(list -> connected.namespaceIds()).whenComplete((ids, unknown) -> {
                if (unknown == null) {
                    ids.forEach(id -> find(connected, id));
                } else {
                    connected.disconnect();
                }
            });
        });
    }

    private void find(HostController from, int id) {
        from.namespace(id).whenComplete((namespace, failure) -> {
            if (from != controller) {
                return;
            }
            if (failure == null) {
                namespaces.put(id, namespace);
            } else if (cause(failure) instanceof NoSuchElementException) {
                namespaces.remove(id);
            } else {
                run.simulation.after(run.random().nextLong(Simulation.SECOND), () -> find(from, id));
            }
        });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    boolean open() {
        return controller != null && controller.isOpen();
    }

    HostController controller() {
        return controller;
    }

    /** The namespace as the host knows it through this path, or {@code null}. */
    RemoteNamespace namespace(int id) {
        RemoteNamespace namespace = namespaces.get(id);
        return namespace != null && namespace.attached() ? namespace : null;
    }

    /** Tries to abort some command, which may be there or not. */
    void abort() {
        if (open()) {
            int queue = 1 + run.random().nextInt(controller.ioQueueCount());
            int command = run.random().nextInt(16);
            controller.adminCommand(PassthroughCommand.of(AdminOpcode.ABORT.code()).dword(10, command << 16 | queue))
                    .whenComplete((result, failure) ->
                            run.simulation.trace(failure == null ? result.value() : -1));
        }
    }

    /** Resets the controller: in order, and then connects anew. */
    void reset() {
        if (open()) {
            controller.disconnect();
        }
    }

    /** Does not come back; disconnects in order, or leaves that to the target. */
    void leave(boolean inOrder) {
        leaving = true;
        if (inOrder) {
            reset();
        }
    }

    // ---- Whether the host knows what is configured

    /** Whether this host may be connected here. */
    boolean allowed() {
        return target.port(port) != null && target.subsystem().allows(hostNqn);
    }

    /** Holds what the controller says, and what this host believes, against the configuration. */
    CompletableFuture<Void> check() {
        PortConfiguration configured = target.port(port);
        List<NamespaceConfiguration> visible = target.subsystem().namespaces().stream()
                .filter(each -> each.enabled() && each.visibleTo(hostNqn)).toList();
        String who = hostNqn + " on port " + configured.id() + ": ";
        List<Integer> ids = visible.stream().map(NamespaceConfiguration::id).sorted().toList();
        for (NamespaceConfiguration each : visible) {
            RemoteNamespace known = namespace(each.id());
            require(known != null, who + "does not know namespace " + each.id());
            require(known.blockCount() == each.backend().blockCount(),
                    who + "size of namespace " + each.id() + " " + known.blockCount());
            require(known.writeProtected() == each.readOnly(), who + "write protection of namespace " + each.id());
        }
        for (int id : namespaces.keySet()) {
            require(namespace(id) == null || ids.contains(id), who + "knows namespace " + id + " although gone");
        }
        return controller.namespaceIds()
                .thenAccept(active -> require(active.equals(ids), who + "active are " + active + ", not " + ids))
                .thenCompose(x -> controller.logPage(LogPageIdentifier.ASYMMETRIC_NAMESPACE_ACCESS.code(),
                        ALL_NAMESPACES, 0, LOG_BYTES))
                .thenAccept(log -> checkAna(who, log, configured, visible))
                .thenCompose(x -> changedList(controller))
                .thenAccept(list -> require(list.get(ValueLayout.JAVA_INT_UNALIGNED, 0) == 0,
                        who + "namespaces changed that nobody was told of"));
    }

    private static CompletableFuture<MemorySegment> changedList(HostController from) {
        return from.logPage(LogPageIdentifier.CHANGED_ATTACHED_NAMESPACE_LIST.code(), ALL_NAMESPACES, 0, LOG_BYTES);
    }

    private static void checkAna(String who, MemorySegment page, PortConfiguration configured,
            List<NamespaceConfiguration> visible) {
        for (AnaGroupDescriptor group : AnaLog.decode(page, 0, LOG_BYTES).groups()) {
            int id = (int) group.groupId();
            require(group.state() == configured.anaState(id), who + "ANA group " + id + " is " + group.state());
            List<Integer> members = visible.stream().filter(each -> each.anaGroup() == id)
                    .map(NamespaceConfiguration::id).sorted().toList();
            List<Integer> said = Arrays.stream(group.namespaces().namespaceIds()).boxed().toList();
            require(said.equals(members), who + "ANA group " + id + " has " + said + ", not " + members);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
