package io.nvmeof.interop.simulation;

import io.nvmeof.initiator.ConnectOptions;
import io.nvmeof.initiator.Initiator;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A run: several hosts with several paths each work on the namespaces of a subsystem that one target serves, or two
 * together, while an operator changes everything that can be changed and switches the storage over between the targets.
 * First the storm; then faults off, and what the hosts know must be what is configured; then all is given back, and
 * every command must succeed; in the end nothing is left over, the power is cut, and what was promised must be there.
 */
final class ClusterRun {
    static final int COUNTER_NAMESPACE = 9;
    private static final int RESERVED_NAMESPACE = 8;
    private static final int COMMANDS = 300;
    private static final int COMMANDS_AFTERWARDS = 60;
    private static final long TIME_MAX = 3600 * Simulation.SECOND;
    private static final long EVENTS_MAX = 3_000_000;
    private static final int BLOCKS_MAX = 64;

    final Simulation simulation;
    private final boolean digests;
    private final Faults faults;
    private final int blockSize;
    private final DiskPort.Defect defect;
    private final SimulatedLoops hostLoops;
    private final SimulatedTransport network;
    private final List<ClusterTarget> targets = new ArrayList<>();
    private final List<ClusterNamespace> namespaces = new ArrayList<>();
    private final List<NvmeQualifiedName> hostNames = new ArrayList<>();
    private final List<ClusterPath> paths = new ArrayList<>();
    private final List<List<ClusterPath>> pathsByHost = new ArrayList<>();
    private final List<CounterHost> counterHosts = new ArrayList<>();
    private final CounterHost.Counter counter = new CounterHost.Counter();
    private final ClusterOperator operator;
    /** With one target: the two do not know of each other's reservations. */
    private final ClusterNamespace reserved;
    private final ReservationHosts reservationHosts;
    private int commandsLeft = COMMANDS;
    private int working;
    private int successCount;
    private int lostCount;
    private boolean storm = true;
    private boolean calm;
    private AssertionError failure;

    ClusterRun(long seed, DiskPort.Defect defect) {
        this.simulation = new Simulation(seed);
        this.defect = defect;
        SplittableRandom random = simulation.random;
        digests = random.nextBoolean();
        faults = new Faults(random, digests);
        blockSize = random.nextBoolean() ? 512 : 4096;
        hostLoops = new SimulatedLoops(simulation, "host", 1 + random.nextInt(2), 16 << 20);
        int targetCount = random.nextInt(3) == 0 ? 1 : 2;
        ControllerConnectionOptions options = ControllerConnectionOptions.defaults()
                .withInCapsuleDataBytes(random.nextInt(5) * 4096).withMaxH2cDataBytes(4096 << random.nextInt(6));
        SimulatedLoops first = targetLoops(0);
        network = new SimulatedTransport(simulation, faults, first, options);
        targets.add(new ClusterTarget(0, first, network));
        if (targetCount == 2) {
            SimulatedLoops second = targetLoops(1);
            targets.add(new ClusterTarget(1, second, new SimulatedTransport(network, second)));
        }
        for (int id = 1; id <= 1 + random.nextInt(3); id++) {
            namespaces.add(newNamespace(id, 1 + random.nextInt(ClusterOperator.GROUPS), BLOCKS_MAX));
        }
        reserved = targetCount == 1 ? newNamespace(RESERVED_NAMESPACE, 1, BLOCKS_MAX) : null;
        if (reserved != null) {
            namespaces.add(reserved);
        }
        namespaces.add(newNamespace(COUNTER_NAMESPACE, 1, CounterHost.BLOCKS));
        int hostCount = 1 + random.nextInt(3);
        for (int i = 0; i < hostCount; i++) {
            hostNames.add(NvmeQualifiedName.of("nqn.2026-01.io.nvmeof:host" + i));
        }
        operator = new ClusterOperator(this, targets, hostNames);
        for (int i = 0; i < hostCount; i++) {
            makePaths(i);
            if (random.nextBoolean()) {
                makeCounter(i);
            }
        }
        reservationHosts = reserved == null ? null : new ReservationHosts(this, targets.getFirst(), reserved,
                pathsByHost, defect == DiskPort.Defect.FENCES_NOBODY);
    }

    private SimulatedLoops targetLoops(int target) {
        return new SimulatedLoops(simulation, "target-" + target, 1 + simulation.random.nextInt(3),
                (4L << simulation.random.nextInt(3)) << 20);
    }

    private ClusterNamespace newNamespace(int id, int group, int blocks) {
        SimulatedDisk disk = new SimulatedDisk(simulation, faults, blockSize, blocks, SimulatedDisk.Defect.NONE);
        BlockModel model = id == COUNTER_NAMESPACE ? null : new BlockModel(blockSize, blocks);
        ReservationFence fence = id == RESERVED_NAMESPACE ? new ReservationFence(this::failed) : null;
        return new ClusterNamespace(id, group, new UUID(simulation.seed, id), disk, model, fence, 2);
    }

    DiskPort newPort(ClusterNamespace namespace, int target) {
        return new DiskPort(namespace, "namespace " + namespace.id + " of target " + target, defect, this::failed);
    }

    private void makePaths(int host) {
        SplittableRandom random = simulation.random;
        Initiator initiator = Initiator.builder(network, hostLoops).hostNqn(hostNames.get(host))
                .hostId(ReservationModel.hostIdentifier(host)).build();
        List<ClusterPath> own = new ArrayList<>();
        for (ClusterTarget target : targets) {
            int only = random.nextInt(3) == 0 ? random.nextInt(ClusterTarget.PORTS) : -1;
            for (int port = 0; port < ClusterTarget.PORTS; port++) {
                if (only < 0 || only == port) {
                    ConnectOptions options = ConnectOptions
                            .builder(target.address(port), ClusterTarget.SUBSYSTEM)
                            .ioQueueCount(1 + random.nextInt(2)).queueSize(4 + random.nextInt(13))
                            .headerDigest(digests).dataDigest(digests).disableSqFlowControl(random.nextBoolean())
                            .build();
                    own.add(new ClusterPath(this, initiator, options, hostNames.get(host), target, port));
                }
            }
        }
        paths.addAll(own);
        pathsByHost.add(own);
    }

    private void makeCounter(int host) {
        List<TransportAddress> addresses = new ArrayList<>();
        for (ClusterTarget target : targets) {
            for (int port = 0; port < ClusterTarget.PORTS; port++) {
                addresses.add(target.address(port));
            }
        }
        counterHosts.add(new CounterHost(this, counter, (SimulatedLoop) hostLoops.next(), network, addresses, digests,
                hostNames.get(host), ReservationModel.hostIdentifier(host)));
    }

    // ---- The run

    /** Runs all of it; throws AssertionError at the first thing that is wrong. */
    void run() throws IOException {
        for (ClusterTarget target : targets) {
            target.start(operator.first(target.index), hostNames, operator.states(target.index), task ->
                    simulation.after(simulation.random.nextLong(5 * Simulation.MILLISECOND), task));
        }
        paths.forEach(ClusterPath::connect);
        counterHosts.forEach(CounterHost::start);
        startWorkers();
        if (reservationHosts != null) {
            reservationHosts.start();
        }
        operator.start();
        disturb();
        runUntil("the storm is over", () -> commandsLeft <= 0);
        storm = false;
        operator.stop();
        faults.switchOff();
        runUntil("the operator is done", operator::idle);
        checkWhatHostsKnow();
        await("all is given back", operator.restore());
        calm = true;
        commandsLeft = COMMANDS_AFTERWARDS;
        runUntil("the last commands of the storm", () -> working == 0);
        startWorkers();
        runUntil("all commands", () -> working == 0);
        if (reservationHosts != null) {
            reservationHosts.stop();
            runUntil("the last report", reservationHosts::stopped);
        }
        counterHosts.forEach(CounterHost::stop);
        runUntil("the last additions", () -> counterHosts.stream().allMatch(CounterHost::stopped));
        checkData();
        shutDown();
        for (ClusterNamespace namespace : namespaces) {
            if (namespace.model != null) {
                namespace.disk.cutPower();
                for (int block = 0; block < namespace.disk.blockCount(); block++) {
                    namespace.model.checkSurvivor(block, namespace.disk.block(block));
                }
            }
        }
    }

    private void startWorkers() {
        for (int host = 0; host < pathsByHost.size(); host++) {
            startWorkers(host, 1 + simulation.random.nextInt(6), null);
            if (reserved != null) {
                startWorkers(host, 1 + simulation.random.nextInt(3), reserved);
            }
        }
    }

    private void startWorkers(int host, int count, ClusterNamespace only) {
        for (int i = 0; i < count; i++) {
            working++;
            new ClusterWorker(this, host, pathsByHost.get(host), only).next();
        }
    }

    /** Aborts and resets, as hosts that lose their patience send them. */
    private void disturb() {
        if (storm) {
            ClusterPath path = paths.get(simulation.random.nextInt(paths.size()));
            if (simulation.random.nextInt(20) == 0) {
                path.reset();
            } else {
                path.abort();
            }
            simulation.after(simulation.random.nextLong(50 * Simulation.MILLISECOND), this::disturb);
        }
    }

    private void runUntil(String what, BooleanSupplier condition) {
        simulation.runUntil(what, () -> failure != null || condition.getAsBoolean(), TIME_MAX, EVENTS_MAX);
        if (failure != null) {
            throw failure;
        }
    }

    private void await(String what, CompletableFuture<?> future) {
        runUntil(what, future::isDone);
        if (future.isCompletedExceptionally()) {
            throw new AssertionError(what + ": " + future.exceptionNow(), future.exceptionNow());
        }
    }

    private void checkWhatHostsKnow() {
        List<ClusterPath> allowed = paths.stream().filter(ClusterPath::allowed).toList();
        runUntil("every host that may is connected", () -> allowed.stream().allMatch(ClusterPath::open));
        simulation.runFor(5 * Simulation.SECOND);
        runUntil("nobody lost a connection meanwhile", () -> allowed.stream().allMatch(ClusterPath::open));
        simulation.runFor(5 * Simulation.SECOND);
        for (ClusterPath path : allowed) {
            await("the host is asked", path.check());
        }
    }

    private void checkData() {
        for (ClusterNamespace namespace : namespaces) {
            if (namespace.model == null) {
                for (int block = 0; block < CounterHost.BLOCKS; block++) {
                    counter.check(ByteBuffer.wrap(namespace.disk.block(block)).order(ByteOrder.nativeOrder()).getLong(),
                            counter.known());
                }
                continue;
            }
            for (int block = 0; block < namespace.disk.blockCount(); block++) {
                namespace.model.checkRead(block, namespace.disk.block(block), namespace.model.now());
            }
        }
    }

    private void shutDown() {
        boolean hostsFirst = simulation.random.nextBoolean();
        paths.forEach(path -> path.leave(hostsFirst));
        List<CompletableFuture<Void>> down = new ArrayList<>();
        targets.forEach(target -> down.add(target.target().shutDown()));
        await("the targets are shut down", CompletableFuture.allOf(down.toArray(CompletableFuture[]::new)));
        runUntil("every connection is gone", () -> network.connectionCount() == 0);
        simulation.runFor(Simulation.SECOND);
        for (ClusterTarget target : targets) {
            require(target.target().controllers().isEmpty(), "target " + target.index + " has controllers left");
            require(target.loops.takenBytes() == 0, target.loops.takenBytes() + " bytes of a target's buffers are out");
            require(target.loops.waiterCount() == 0, "somebody waits for a buffer for ever");
            for (ClusterNamespace namespace : namespaces) {
                require(namespace.port(target.index).closed(), "a backend was not closed");
                require(namespace.port(target.index).outstanding() == 0, "operations of a backend are outstanding");
            }
        }
        require(hostLoops.takenBytes() == 0, hostLoops.takenBytes() + " bytes of the hosts' buffers are out");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    // ---- What the parts of the run ask and tell

    /** Runs a part; what it throws would go no further than somebody's log. */
    void check(Runnable part) {
        try {
            part.run();
        } catch (AssertionError e) {
            failed(e);
        } catch (RuntimeException e) {
            failed(new AssertionError(e.toString(), e));
        }
    }

    void failed(AssertionError failed) {
        if (failure == null) {
            failure = failed;
        }
    }

    SplittableRandom random() {
        return simulation.random;
    }

    int blockSizeBytes() {
        return blockSize;
    }

    int blocksMax() {
        return BLOCKS_MAX;
    }

    List<ClusterNamespace> namespaces() {
        return namespaces;
    }

    List<ClusterNamespace> dataNamespaces() {
        return namespaces.subList(0, namespaces.size() - (reserved == null ? 1 : 2));
    }

    /** Whether everything must succeed by now. */
    boolean calm() {
        return calm;
    }

    void onSuccess() {
        successCount++;
    }

    void onLost() {
        lostCount++;
    }

    /** A command has ended, for better or worse, and may count; returns whether its worker is to go on. */
    boolean onCommandEnd(boolean counts) {
        commandsLeft -= counts ? 1 : 0;
        if (commandsLeft <= 0) {
            working--;
            return false;
        }
        return true;
    }

    long traceHash() {
        return simulation.traceHash();
    }

    int successCount() {
        return successCount;
    }

    int lostCount() {
        return lostCount;
    }

    int switchoverCount() {
        return operator.switchoverCount();
    }

    int changeCount() {
        return operator.changeCount();
    }

    /** Reservation commands that succeeded. */
    int reservationCount() {
        return reservationHosts == null ? 0 : reservationHosts.doneCount();
    }

    /** Reservation commands that nobody knew the fate of. */
    int unknownReservationCount() {
        return reservationHosts == null ? 0 : reservationHosts.unknownCount();
    }

    /** Commands that a reservation kept out. */
    long excludedCount() {
        return reserved == null ? 0 : reserved.fence.refusedCount();
    }

    long addedCount() {
        return counter.known();
    }
}
