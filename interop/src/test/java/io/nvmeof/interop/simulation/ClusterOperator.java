package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.ControllerInfo;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.TargetManagement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Whoever runs the targets: changes one thing after the other, as the seed says, and sees that each change holds. */
final class ClusterOperator {
    static final int GROUPS = 2;
    private static final NvmeQualifiedName NQN = ClusterTarget.SUBSYSTEM;
    private static final long BETWEEN_NANOS = 300 * Simulation.MILLISECOND;
    private static final long CHANGE_NANOS_MAX = 90 * Simulation.SECOND;
    private static final AnaState[] STATES = AnaState.values();
    private static final AnaState[] CLOSED = {AnaState.INACCESSIBLE, AnaState.PERSISTENT_LOSS, AnaState.CHANGE};

    private final ClusterRun run;
    private final SplittableRandom random;
    private final List<ClusterTarget> targets;
    private final List<NvmeQualifiedName> hosts;
    /** Which target may use the storage of a group. */
    private final int[] owners = new int[GROUPS + 1];
    private int changeCount;
    private int switchoverCount;
    private boolean stopping;
    private boolean busy;

    ClusterOperator(ClusterRun run, List<ClusterTarget> targets, List<NvmeQualifiedName> hosts) {
        this.run = run;
        this.random = run.random();
        this.targets = targets;
        this.hosts = hosts;
        for (int group = 1; group <= GROUPS; group++) {
            owners[group] = random.nextInt(targets.size());
        }
    }

    boolean owns(int target, int group) {
        return owners[group] == target;
    }

    /** The states of the groups on the ports of a target at the beginning. */
    Map<Integer, AnaState> states(int target) {
        return Map.of(1, owns(target, 1) ? AnaState.OPTIMIZED : AnaState.INACCESSIBLE,
                2, owns(target, 2) ? AnaState.OPTIMIZED : AnaState.INACCESSIBLE);
    }

    void start() {
        run.simulation.after(random.nextLong(BETWEEN_NANOS), this::next);
    }

    void stop() {
        stopping = true;
    }

    boolean idle() {
        return !busy;
    }

    int changeCount() {
        return changeCount;
    }

    int switchoverCount() {
        return switchoverCount;
    }

    private void next() {
        if (!stopping) {
            busy = true;
            run.check(() -> step().whenComplete((x, failure) -> {
                busy = false;
                run.check(() -> acceptable(failure));
                run.simulation.after(random.nextLong(BETWEEN_NANOS), this::next);
            }));
        }
    }

    private static void acceptable(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause != null && !(cause instanceof ConfigurationException) && !(cause instanceof TimeoutException)) {
            throw new AssertionError("a change failed: " + cause, cause);
        }
    }

    /** A change that has to be done in bounded time, whatever the hosts do. */
    private CompletableFuture<Void> timed(String what, CompletableFuture<Void> change) {
        changeCount++;
        Simulation.Task limit = run.simulation.after(CHANGE_NANOS_MAX, () -> run.failed(new AssertionError(
                what + " was not done after " + CHANGE_NANOS_MAX / Simulation.SECOND + " s")));
        return change.whenComplete((x, failure) -> {
            limit.cancel();
            run.simulation.trace(what.hashCode() ^ (failure == null ? 0 : 1));
        });
    }

    private CompletableFuture<Void> later(long nanosMax, Supplier<CompletableFuture<Void>> then) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        run.simulation.after(random.nextLong(nanosMax), () -> run.check(() -> then.get().whenComplete((x, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        })));
        return done;
    }

    private CompletableFuture<Void> step() {
        ClusterTarget target = targets.get(random.nextInt(targets.size()));
        TargetManagement management = target.management();
        List<ClusterNamespace> all = run.namespaces();
        ClusterNamespace namespace = all.get(random.nextInt(all.size()));
        int id = namespace.id;
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> switchOver(1 + random.nextInt(GROUPS));
            case 4 -> setState(target, 1 + random.nextInt(GROUPS));
            case 5 -> timed("enable", management.enableNamespace(NQN, id, random.nextInt(3) > 0));
            case 6 -> timed("read-only", management.setNamespaceReadOnly(NQN, id, random.nextBoolean()));
            case 7 -> timed("mask", management.setNamespaceHosts(NQN, id, mask()));
            case 8, 9 -> target.namespace(id) == null ? add(target, namespace) : remove(target, namespace);
            case 10, 11 -> resize(namespace);
            case 12 -> pause(target);
            case 13 -> host(target, hosts.get(random.nextInt(hosts.size())));
            case 14 -> endController(target);
            default -> port(target, random.nextInt(ClusterTarget.PORTS));
        };
    }

    private Optional<Set<NvmeQualifiedName>> mask() {
        return random.nextBoolean() ? Optional.empty()
                : Optional.of(Set.of(hosts.get(random.nextInt(hosts.size()))));
    }

    /** A planned switchover: from the moment the one target has given way, it must not touch the storage. */
    private CompletableFuture<Void> switchOver(int group) {
        ClusterTarget from = targets.get(owners[group]);
        ClusterTarget to = targets.get((owners[group] + 1) % targets.size());
        AnaState state = random.nextInt(4) == 0 ? AnaState.PERSISTENT_LOSS : AnaState.INACCESSIBLE;
        return timed("giveWay", from.management().giveWay(group, state)).thenCompose(x -> {
            switchoverCount++;
            for (ClusterNamespace namespace : run.namespaces()) {
                if (namespace.anaGroup == group) {
                    namespace.port(from.index).forbid("the target gave way");
                    if (!namespace.quiet()) {
                        throw new AssertionError("target " + from.index + " gave way, but namespace " + namespace.id
                                + " has operations at work, or " + namespace.disk.cachedCount()
                                + " blocks that were not flushed");
                    }
                }
            }
            return later(Simulation.SECOND, () -> takeOver(to, group));
        });
    }

    private CompletableFuture<Void> takeOver(ClusterTarget to, int group) {
        owners[group] = to.index;
        run.namespaces().stream().filter(each -> each.anaGroup == group).forEach(each -> each.port(to.index).allow());
        return open(to, group, random.nextBoolean() ? AnaState.OPTIMIZED : AnaState.NON_OPTIMIZED);
    }

    private CompletableFuture<Void> open(ClusterTarget target, int group, AnaState state) {
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        for (int port = 0; port < ClusterTarget.PORTS; port++) {
            if (target.port(port) != null) {
                int id = target.portId(port);
                done = done.thenCompose(x -> timed("setAnaState", target.management().setAnaState(id, group, state)));
            }
        }
        return done;
    }

    private CompletableFuture<Void> setState(ClusterTarget target, int group) {
        AnaState state = owns(target.index, group) ? STATES[random.nextInt(STATES.length)]
                : CLOSED[random.nextInt(CLOSED.length)];
        return timed("setAnaState",
                target.management().setAnaState(target.portId(random.nextInt(ClusterTarget.PORTS)), group, state));
    }

    private CompletableFuture<Void> add(ClusterTarget target, ClusterNamespace namespace) {
        DiskPort port = run.newPort(namespace, target.index);
        if (!owns(target.index, namespace.anaGroup)) {
            port.forbid("another target has the storage");
        }
        return timed("add", target.management().addNamespace(NQN, namespace.configuration(target.index, port)));
    }

    private CompletableFuture<Void> remove(ClusterTarget target, ClusterNamespace namespace) {
        return timed("remove", target.management().removeNamespace(NQN, namespace.id)).thenRun(() -> {
            if (!namespace.port(target.index).closed()) {
                throw new AssertionError("namespace " + namespace.id + " was removed, but its backend is open");
            }
        });
    }

    /** The owner makes it larger or smaller, the other one takes the size over, sooner or later. */
    private CompletableFuture<Void> resize(ClusterNamespace namespace) {
        ClusterTarget owner = targets.get(owners[namespace.anaGroup]);
        if (namespace.model == null || owner.namespace(namespace.id) == null) {
            return CompletableFuture.completedFuture(null);
        }
        int blocks = 1 + random.nextInt(run.blocksMax());
        CompletableFuture<Void> done = timed("resize", owner.management().resizeNamespace(NQN, namespace.id,
                Optional.of((long) blocks * run.blockSizeBytes())));
        for (ClusterTarget other : targets) {
            if (other != owner && other.namespace(namespace.id) != null) {
                done = done.thenCompose(x -> later(Simulation.SECOND, () -> timed("resize",
                        other.management().resizeNamespace(NQN, namespace.id, Optional.empty()))));
            }
        }
        return done;
    }

    private CompletableFuture<Void> pause(ClusterTarget target) {
        return timed("pause", target.management().pause(NQN)).thenCompose(x -> {
            List<DiskPort> owned = new ArrayList<>();
            for (ClusterNamespace namespace : run.namespaces()) {
                if (owns(target.index, namespace.anaGroup) && target.namespace(namespace.id) != null) {
                    owned.add(namespace.port(target.index));
                }
            }
            owned.forEach(port -> port.forbid("the subsystem is paused"));
            return later(Simulation.SECOND, () -> {
                owned.forEach(DiskPort::allow);
                return timed("resume", target.management().resume(NQN));
            });
        });
    }

    private CompletableFuture<Void> host(ClusterTarget target, NvmeQualifiedName host) {
        return target.subsystem().allows(host) ? timed("disallow", target.management().disallowHost(NQN, host))
                : timed("allow", target.management().allowHost(NQN, host));
    }

    private CompletableFuture<Void> endController(ClusterTarget target) {
        List<ControllerInfo> controllers = target.target().controllers();
        return controllers.isEmpty() ? CompletableFuture.completedFuture(null)
                : timed("end", target.management().endController(NQN,
                        controllers.get(random.nextInt(controllers.size())).controllerId()));
    }

    private CompletableFuture<Void> port(ClusterTarget target, int port) {
        if (target.port(port) != null) {
            return timed("remove port", target.management().removePort(target.portId(port)));
        }
        return timed("add port", target.management().addPort(target.portConfiguration(port, states(target.index))));
    }

    /** All that was taken away is given back. */
    CompletableFuture<Void> restore() {
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        for (ClusterTarget target : targets) {
            TargetManagement management = target.management();
            for (NvmeQualifiedName host : hosts) {
                done = done.thenCompose(x -> management.allowHost(NQN, host));
            }
            for (int port = 0; port < ClusterTarget.PORTS; port++) {
                int index = port;
                done = done.thenCompose(x -> target.port(index) == null ? port(target, index)
                        : CompletableFuture.completedFuture(null));
            }
            for (ClusterNamespace namespace : run.namespaces()) {
                int id = namespace.id;
                done = done.thenCompose(x -> target.namespace(id) == null ? add(target, namespace)
                                : management.resizeNamespace(NQN, id, Optional.empty()))
                        .thenCompose(x -> management.enableNamespace(NQN, id, true))
                        .thenCompose(x -> management.setNamespaceReadOnly(NQN, id, false))
                        .thenCompose(x -> management.setNamespaceHosts(NQN, id, Optional.empty()));
            }
            for (int group = 1; group <= GROUPS; group++) {
                int id = group;
                done = done.thenCompose(x -> owns(target.index, id) ? open(target, id, AnaState.OPTIMIZED)
                        : CompletableFuture.completedFuture(null));
            }
        }
        return done;
    }

    /** The namespaces that a target serves at the beginning. */
    List<NamespaceConfiguration> first(int target) {
        return run.namespaces().stream().map(namespace -> {
            DiskPort port = run.newPort(namespace, target);
            if (!owns(target, namespace.anaGroup)) {
                port.forbid("another target has the storage");
            }
            return namespace.configuration(target, port);
        }).toList();
    }
}
