package io.nvmeof.interop.simulation;

import io.nvmeof.initiator.ConnectOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.Initiator;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.Target;
import io.nvmeof.target.TargetConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * A run: hosts with several queues work on one namespace of one target over a bad network, on a bad disk. First the
 * storm, then faults off and everything must finish; then the data is read back, the power is cut, and what was
 * promised must be there.
 */
final class StorageRun implements Worker.Run {
    private static final NvmeQualifiedName SUBSYSTEM = NvmeQualifiedName.of("nqn.2026-01.io.nvmeof:simulated");
    private static final TransportAddress ADDRESS = TransportAddress.tcp("10.0.0.2", 4420);
    private static final int COMMANDS = 400;
    private static final long TIME_MAX = 3600 * Simulation.SECOND;
    private static final long EVENTS_MAX = 5_000_000;

    private final Simulation simulation;
    private final boolean digests;
    private final Faults faults;
    private final SimulatedLoops targetLoops;
    private final SimulatedLoops hostLoops;
    private final SimulatedTransport transport;
    private final SimulatedDisk disk;
    private final BlockModel model;
    private final int blocksMax;
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private int commandsLeft = COMMANDS;
    private int commandsLost;
    private int commandsDone;
    private AssertionError failure;

    StorageRun(long seed, SimulatedDisk.Defect defect) {
        simulation = new Simulation(seed);
        SplittableRandom random = simulation.random;
        digests = random.nextBoolean();
        faults = new Faults(random, digests);
        targetLoops = new SimulatedLoops(simulation, "target", 1 + random.nextInt(3), budget(random));
        hostLoops = new SimulatedLoops(simulation, "host", 1 + random.nextInt(2), budget(random));
        ControllerConnectionOptions options = ControllerConnectionOptions.defaults()
                .withInCapsuleDataBytes(random.nextInt(5) * 4096)
                .withMaxH2cDataBytes(4096 << random.nextInt(9))
                .withPduDataAlignment(random.nextInt(4) == 0 ? random.nextInt(32) : 0);
        transport = new SimulatedTransport(simulation, faults, targetLoops, options);
        int blockSize = random.nextBoolean() ? 512 : 4096;
        int blockCount = 1 + random.nextInt(256);
        disk = new SimulatedDisk(simulation, faults, blockSize, blockCount, defect);
        model = new BlockModel(blockSize, blockCount);
        blocksMax = Math.min(blockCount, 1 << random.nextInt(8));
    }

    private static long budget(SplittableRandom random) {
        return (4L << random.nextInt(4)) << 20;
    }

    /** Runs all of it; throws AssertionError at the first thing that is wrong. */
    void run() throws Exception {
        Target target = Target.start(configuration(), targetLoops, List.of(transport));
        int hostCount = 1 + simulation.random.nextInt(3);
        for (int i = 0; i < hostCount; i++) {
            hosts.add(new SimulatedHost(i));
        }
        hosts.forEach(SimulatedHost::connect);
        runUntil("half of the commands", () -> commandsLeft < COMMANDS / 2);
        faults.switchOff();
        runUntil("all commands", () -> commandsLeft <= 0 && idle());
        readEverything();
        hosts.forEach(SimulatedHost::disconnect);
        runUntil("every connection is gone",
                () -> transport.connectionCount() == 0 && target.controllers().isEmpty());
        simulation.runFor(Simulation.SECOND);
        checkNothingLeaks();
        disk.cutPower();
        for (int block = 0; block < disk.blockCount(); block++) {
            model.checkSurvivor(block, disk.block(block));
        }
    }

    private void runUntil(String what, BooleanSupplier condition) {
        simulation.runUntil(what, () -> failure != null || condition.getAsBoolean(), TIME_MAX, EVENTS_MAX);
        if (failure != null) {
            throw failure;
        }
    }

    long traceHash() {
        return simulation.traceHash();
    }

    int commandsDone() {
        return commandsDone;
    }

    int commandsLost() {
        return commandsLost;
    }

    @Override
    public BlockModel model() {
        return model;
    }

    @Override
    public SplittableRandom random() {
        return simulation.random;
    }

    @Override
    public int blocksMax() {
        return blocksMax;
    }

    @Override
    public void trace(long fact) {
        simulation.trace(fact);
    }

    @Override
    public void failed(AssertionError failed) {
        if (failure == null) {
            failure = failed;
        }
    }

    /** A command is done or lost; returns whether another one should follow. */
    private boolean countCommand(boolean lost) {
        commandsLeft--;
        if (lost) {
            commandsLost++;
        } else {
            commandsDone++;
        }
        return commandsLeft > 0;
    }

    private boolean idle() {
        return hosts.stream().allMatch(SimulatedHost::idle);
    }

    private TargetConfiguration configuration() {
        return TargetConfiguration.builder()
                .port(new PortConfiguration(1, ADDRESS))
                .subsystem(SubsystemConfiguration.builder(SUBSYSTEM)
                        .serial("SIMULATED")
                        .allowAnyHost(true)
                        .namespace(new NamespaceConfiguration(1, new UUID(simulation.seed, 1), disk))
                        .build())
                .build();
    }

    private void readEverything() {
        for (int block = 0; block < disk.blockCount(); block++) {
            model.checkRead(block, disk.block(block), model.now());
        }
    }

    private void checkNothingLeaks() {
        require(disk.outstanding() == 0, disk.outstanding() + " operations of the disk are outstanding");
        require(targetLoops.takenBytes() == 0, targetLoops.takenBytes() + " bytes of the target's buffers are out");
        require(hostLoops.takenBytes() == 0, hostLoops.takenBytes() + " bytes of the hosts' buffers are out");
        require(targetLoops.waiterCount() == 0, "somebody waits for a buffer for ever");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    /** A host: connects, works, and when its connection is lost connects anew, as often as it takes. */
    private final class SimulatedHost {
        private final Initiator initiator;
        private final ConnectOptions options;
        private final int workersPerQueue;
        private HostController controller;
        private int working;
        private boolean connecting;

        private SimulatedHost(int index) {
            SplittableRandom random = simulation.random;
            initiator = Initiator.builder(transport, hostLoops)
                    .hostNqn(NvmeQualifiedName.of("nqn.2026-01.io.nvmeof:host" + index))
                    .hostId(new UUID(7, index + 1))
                    .build();
            int queueSize = 2 + random.nextInt(63);
            workersPerQueue = 1 + random.nextInt(Math.min(queueSize - 1, 16));
            options = ConnectOptions.builder(ADDRESS, SUBSYSTEM)
                    .ioQueueCount(1 + random.nextInt(4))
                    .queueSize(queueSize)
                    .headerDigest(digests)
                    .dataDigest(digests)
                    .disableSqFlowControl(random.nextBoolean())
                    .build();
        }

        boolean idle() {
            return working == 0 && !connecting;
        }

        void connect() {
            connecting = true;
            initiator.connect(options).whenComplete((connected, failure) -> {
                if (failure != null) {
                    simulation.trace(failure.getClass().getName().hashCode());
                    simulation.after(Simulation.SECOND, this::connect);
                } else {
                    controller = connected;
                    connected.namespace(1).whenComplete(this::work);
                }
            });
        }

        private void work(RemoteNamespace namespace, Throwable failure) {
            connecting = false;
            if (failure != null) {
                controller.close();
                simulation.after(Simulation.SECOND, this::connect);
                connecting = true;
                return;
            }
            for (int queue = 0; queue < controller.ioQueueCount(); queue++) {
                for (int i = 0; i < workersPerQueue; i++) {
                    start(namespace, queue);
                }
            }
        }

        private void start(RemoteNamespace namespace, int queue) {
            working++;
            Worker worker = new Worker(StorageRun.this, this::onCommandEnd, namespace.queue(queue), namespace);
            namespace.queue(queue).loop().execute(worker::next);
        }

        void disconnect() {
            if (controller != null) {
                controller.disconnect();
            }
        }

        /** Counts this host's workers, and connects again when the last one has lost its connection. */
        private boolean onCommandEnd(boolean lost) {
            boolean goOn = countCommand(lost);
            if (lost || !goOn) {
                working--;
            }
            if (lost && working == 0 && goOn) {
                connecting = true;
                simulation.after(Simulation.SECOND, this::connect);
            }
            return goOn;
        }
    }
}
