package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AnaGroupDescriptor;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.storage.HeldBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random changes of a running target, while several hosts read and write on loops that run in random order: every
 * command ends, no backend is used after its end or closed twice, and hosts are shown what is configured.
 */
class ManagementRandomTest {
    private static final NvmeQualifiedName NQN = TestTarget.SUBSYSTEM;
    private static final TransportAddress[] PORTS = {TestTarget.ADDRESS, TransportAddress.tcp("192.0.2.2", 4420)};
    private static final NvmeQualifiedName[] HOSTS = {
        NvmeQualifiedName.of("nqn.2024-01.com.example:alice"),
        NvmeQualifiedName.of("nqn.2024-01.com.example:bob"),
        NvmeQualifiedName.of("nqn.2024-01.com.example:carol"),
    };
    private static final int ROUNDS = 12;
    private static final int STEPS = 120;
    private static final int LOOPS = 3;
    private static final int IDS = 5;
    private static final int GROUPS = 3;
    private static final int OUTSTANDING_MAX = 60;
    private static final NvmOpcode[] OPCODES = {NvmOpcode.READ, NvmOpcode.WRITE, NvmOpcode.FLUSH, NvmOpcode.COMPARE,
        NvmOpcode.WRITE_ZEROES};

    private record Command(HostQueue queue, int id) {}

    private final TestTarget target = new TestTarget(LOOPS, TargetConfiguration.builder()
            .port(new PortConfiguration(1, PORTS[0])).port(new PortConfiguration(2, PORTS[1]))
            .subsystem(SubsystemConfiguration.builder(NQN).allowAnyHost(true).build()).build());
    private final TargetManagement management = target.target().management();
    private final List<HeldBackend> backends = new ArrayList<>();
    private final List<CompletableFuture<Void>> changes = new ArrayList<>();
    private final List<Command> outstanding = new ArrayList<>();
    private final TestHost[] hosts = new TestHost[HOSTS.length];
    private SplittableRandom random;
    private int namespacesMade;

    static LongStream seeds() {
        Long seed = Long.getLong("management.seed");
        return seed != null ? LongStream.of(seed) : LongStream.rangeClosed(1, Integer.getInteger("management.seeds", 40));
    }

    @ParameterizedTest(name = "-Dmanagement.seed={0}")
    @MethodSource("seeds")
    void hostsAndTargetStayInAgreement(long seed) {
        random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < hosts.length; i++) {
                if (hosts[i] == null || hosts[i].admin().sender().closed()) {
                    hosts[i] = new TestHost(target, PORTS[i % PORTS.length], HOSTS[i]);
                }
            }
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            quiesce();
            check();
        }
        CompletableFuture<Void> closed = target.target().shutDown();
        target.loops().runTasks();
        assertThat(closed).isCompleted();
        assertThat(backends).allMatch(backend -> backend.misuse() == null).allMatch(HeldBackend::closed)
                .allMatch(backend -> backend.openChannelCount() == 0);
        for (int loop = 0; loop < LOOPS; loop++) {
            assertThat(target.loops().loop(loop).buffers().takenBytes()).isZero();
        }
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> submit();
            case 8, 9, 10 -> changes.add(change());
            case 11, 12, 13, 14 -> {
                // Often enough that changes come to their end while commands are at work.
                for (int i = random.nextInt(8); i >= 0; i--) {
                    target.loops().loop(random.nextInt(LOOPS)).runTasks();
                }
            }
            case 15 -> deliverData();
            case 16, 17 -> {
                if (!backends.isEmpty()) {
                    HeldBackend backend = backends.get(random.nextInt(backends.size()));
                    backend.hold(random.nextBoolean());
                    backend.releaseAll();
                }
            }
            case 18 -> hosts[random.nextInt(hosts.length)].io(random.nextInt(LOOPS)).sender()
                    .holdData(random.nextBoolean());
            default -> {
                if (random.nextInt(10) == 0) {
                    hosts[random.nextInt(hosts.length)].admin().sender()
                            .breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
                }
            }
        }
    }

    private void submit() {
        HostQueue queue = hosts[random.nextInt(hosts.length)].io(random.nextInt(LOOPS));
        if (queue.sender().closed() || outstanding.stream().filter(command -> command.queue == queue).count()
                >= OUTSTANDING_MAX) {
            return;
        }
        int opcode = OPCODES[random.nextInt(OPCODES.length)].code();
        int nsid = 1 + random.nextInt(IDS);
        long block = random.nextInt(160);
        boolean read = opcode == NvmOpcode.READ.code();
        outstanding.add(new Command(queue, queue.submit(
                entry(opcode, entry -> entry.namespaceId(nsid).commandQword(10, block)),
                read ? null : new byte[512], 512)));
    }

    private void deliverData() {
        for (TestHost host : hosts) {
            for (int loop = 0; loop < LOOPS; loop++) {
                FakeCapsuleSender sender = host.io(loop).sender();
                for (int slot = 0; slot < sender.slotCount(); slot++) {
                    if (sender.wantsData(slot) && !sender.closed()) {
                        sender.deliverData(slot);
                    }
                }
            }
        }
    }

    private CompletableFuture<Void> change() {
        int nsid = 1 + random.nextInt(IDS);
        int group = 1 + random.nextInt(GROUPS);
        AnaState[] states = AnaState.values();
        return switch (random.nextInt(13)) {
            case 0, 1, 2 -> management.addNamespace(NQN, new NamespaceConfiguration(nsid,
                    new UUID(nsid, ++namespacesMade), newBackend()).withAnaGroup(group));
            case 3 -> management.removeNamespace(NQN, nsid);
            case 4 -> management.enableNamespace(NQN, nsid, random.nextInt(3) > 0);
            case 5 -> management.resizeNamespace(NQN, nsid, Optional.of(512L * (64 + random.nextInt(128))));
            case 6 -> management.setNamespaceReadOnly(NQN, nsid, random.nextBoolean());
            case 7 -> management.setNamespaceHosts(NQN, nsid, random.nextBoolean() ? Optional.empty()
                    : Optional.of(Set.of(HOSTS[random.nextInt(HOSTS.length)])));
            case 8 -> management.setAnaGroup(NQN, nsid, group);
            case 9 -> management.setAnaState(1 + random.nextInt(2), group, states[random.nextInt(states.length)]);
            case 10 -> management.giveWay(group, states[random.nextInt(states.length)]);
            case 11 -> random.nextBoolean() ? management.pause(NQN) : management.resume(NQN);
            default -> random.nextInt(6) > 0 ? management.setNamespaceRateLimit(NQN, nsid, new RateLimit(0, 0, 10))
                    : management.endController(NQN, hosts[random.nextInt(hosts.length)].controllerId());
        };
    }

    private HeldBackend newBackend() {
        HeldBackend backend = new HeldBackend(64 << 10, 512);
        backend.hold(random.nextBoolean());
        if (random.nextBoolean()) {
            backend.letFlushesPass();
        }
        backends.add(backend);
        return backend;
    }

    /** Lets everything come to its end. */
    private void quiesce() {
        CompletableFuture<Void> resumed = management.resume(NQN);
        for (TestHost host : hosts) {
            for (int loop = 0; loop < LOOPS; loop++) {
                host.io(loop).sender().holdData(false);
            }
        }
        backends.forEach(backend -> backend.hold(false));
        int rest;
        do {
            deliverData();
            backends.forEach(HeldBackend::releaseAll);
            rest = target.loops().runTasks();
        } while (rest > 0 || backends.stream().anyMatch(backend -> backend.heldCount() > 0));
        assertThat(resumed).isDone();
        for (CompletableFuture<Void> change : changes) {
            assertThat(change).as("change").isDone();
            if (change.isCompletedExceptionally()) {
                assertThat(change.exceptionNow()).isInstanceOfAny(ConfigurationException.class,
                        IllegalStateException.class);
            }
        }
        changes.clear();
        for (Command command : outstanding) {
            if (command.queue.sender().closed()) {
                continue;
            }
            assertThat(command.queue.sender().takeResponse(command.id)).as("an answer").isNotNull();
        }
        outstanding.clear();
    }

    private void check() {
        SubsystemConfiguration subsystem = management.configuration().subsystems().getFirst();
        List<HeldBackend> served = subsystem.namespaces().stream().map(namespace -> (HeldBackend) namespace.backend())
                .toList();
        for (HeldBackend backend : backends) {
            assertThat(backend.misuse()).isNull();
            boolean used = served.contains(backend);
            assertThat(backend.closed() && used).as("closed while it is served").isFalse();
            if (!used) {
                assertThat(backend.openChannelCount()).isZero();
            }
        }
        // A backend whose namespace could not be added is still its owner's.
        backends.removeIf(backend -> !served.contains(backend));
        for (int i = 0; i < hosts.length; i++) {
            if (!hosts[i].admin().sender().closed()) {
                check(hosts[i], HOSTS[i], management.configuration().ports().get(i % PORTS.length), subsystem);
            }
        }
    }

    private static void check(TestHost host, NvmeQualifiedName name, PortConfiguration port,
            SubsystemConfiguration subsystem) {
        List<NamespaceConfiguration> visible = subsystem.namespaces().stream()
                .filter(namespace -> namespace.enabled() && namespace.visibleTo(name)).toList();
        assertThat(host.active()).containsExactly(
                visible.stream().mapToInt(NamespaceConfiguration::id).sorted().toArray());
        for (NamespaceConfiguration namespace : visible) {
            assertThat(host.namespace(namespace.id()).sizeBlocks()).isEqualTo(namespace.backend().blockCount());
            assertThat(host.namespace(namespace.id()).anaGroupIdentifier()).isEqualTo(namespace.anaGroup());
            assertThat(host.namespace(namespace.id()).attributes()).isEqualTo(namespace.readOnly() ? 1 : 0);
            AnaState state = port.anaState(namespace.anaGroup());
            assertThat(host.call(NvmOpcode.WRITE.code(), namespace.id()))
                    .isEqualTo(expected(state, namespace.readOnly()));
        }
        for (AnaGroupDescriptor group : host.ana().groups()) {
            assertThat(group.state()).isEqualTo(port.anaState((int) group.groupId()));
            assertThat(group.namespaces().namespaceIds()).containsExactly(visible.stream()
                    .filter(namespace -> namespace.anaGroup() == group.groupId())
                    .mapToInt(NamespaceConfiguration::id).sorted().toArray());
        }
    }

    private static StatusCode expected(AnaState state, boolean readOnly) {
        return switch (state) {
            case OPTIMIZED, NON_OPTIMIZED -> readOnly
                    ? GenericStatus.NAMESPACE_IS_WRITE_PROTECTED : GenericStatus.SUCCESSFUL_COMPLETION;
            case INACCESSIBLE -> PathRelatedStatus.ASYMMETRIC_ACCESS_INACCESSIBLE;
            case PERSISTENT_LOSS -> PathRelatedStatus.ASYMMETRIC_ACCESS_PERSISTENT_LOSS;
            case CHANGE -> PathRelatedStatus.ASYMMETRIC_ACCESS_TRANSITION;
        };
    }
}
