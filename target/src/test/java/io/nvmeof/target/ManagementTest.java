package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.storage.HeldBackend;
import io.nvmeof.target.storage.NullBackend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every change of a running target: what it does, and that an impossible one does nothing and says why. */
class ManagementTest {
    private static final NvmeQualifiedName NQN = TestTarget.SUBSYSTEM;
    private static final NvmeQualifiedName OTHER_NQN = NvmeQualifiedName.of("nqn.2024-01.com.example:other");
    private static final NvmeQualifiedName ALICE = NvmeQualifiedName.of("nqn.2024-01.com.example:alice");
    private static final NvmeQualifiedName BOB = NvmeQualifiedName.of("nqn.2024-01.com.example:bob");
    private static final TransportAddress FIRST = TestTarget.ADDRESS;
    private static final TransportAddress SECOND = TransportAddress.tcp("192.0.2.2", 4420);
    private static final ReferralConfiguration REFERRAL =
            new ReferralConfiguration(TransportAddress.tcp("192.0.2.9", 8009));

    private final HeldBackend backend = new HeldBackend(1 << 20, 512);
    private final TestTarget target = new TestTarget(2, TargetConfiguration.builder()
            .port(new PortConfiguration(1, FIRST))
            .port(new PortConfiguration(2, SECOND))
            .referral(REFERRAL)
            .subsystem(SubsystemConfiguration.builder(NQN).allowHost(ALICE).allowHost(BOB)
                    .namespace(new NamespaceConfiguration(1, new UUID(1, 1), backend)).build())
            .build());
    private final TargetManagement management = target.target().management();

    /** A change, the key that is said to be at fault, and a word of what is allowed. */
    record Impossible(String name, Function<TargetManagement, CompletableFuture<Void>> change, String key,
            String allowed) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Impossible row(String name, Function<TargetManagement, CompletableFuture<Void>> change, String key,
            String allowed) {
        return new Impossible(name, change, key, allowed);
    }

    static List<Impossible> impossible() {
        NamespaceConfiguration two = new NamespaceConfiguration(2, new UUID(2, 2), new NullBackend(512, 512));
        return List.of(
                row("add a subsystem again", m -> m.addSubsystem(SubsystemConfiguration.builder(NQN).build()),
                        "nqn", "only once"),
                row("remove no subsystem", m -> m.removeSubsystem(OTHER_NQN), "nqn", NQN.toString()),
                row("pause no subsystem", m -> m.pause(OTHER_NQN), "nqn", NQN.toString()),
                row("resume no subsystem", m -> m.resume(OTHER_NQN), "nqn", NQN.toString()),
                row("resume what runs", m -> m.resume(NQN), "state of " + NQN, "paused"),
                row("add a namespace nowhere", m -> m.addNamespace(OTHER_NQN, two), "nqn", NQN.toString()),
                row("add a namespace again", m -> m.addNamespace(NQN, new NamespaceConfiguration(1, new UUID(2, 2),
                        new NullBackend(512, 512))), "namespace id of " + NQN, "only once"),
                row("add a UUID again", m -> m.addNamespace(NQN, new NamespaceConfiguration(2, new UUID(1, 1),
                        new NullBackend(512, 512))), "namespace uuid of " + NQN, "only once"),
                row("remove no namespace", m -> m.removeNamespace(NQN, 7), "namespace id of " + NQN, "[1]"),
                row("enable no namespace", m -> m.enableNamespace(NQN, 7, true), "namespace id of " + NQN, "[1]"),
                row("resize no namespace", m -> m.resizeNamespace(NQN, 7, Optional.empty()),
                        "namespace id of " + NQN, "[1]"),
                row("resize to half a block", m -> m.resizeNamespace(NQN, 1, Optional.of(1000L)),
                        "size of namespace 1 of " + NQN, "multiples of 512"),
                row("resize to nothing", m -> m.resizeNamespace(NQN, 1, Optional.of(0L)),
                        "size of namespace 1 of " + NQN, "multiples of 512"),
                row("resize beyond all", m -> m.resizeNamespace(NQN, 1, Optional.of(1L << 60)),
                        "size of namespace 1 of " + NQN, "up to"),
                row("protect no namespace", m -> m.setNamespaceReadOnly(NQN, 7, true),
                        "namespace id of " + NQN, "[1]"),
                row("show no namespace", m -> m.setNamespaceHosts(NQN, 7, Optional.empty()),
                        "namespace id of " + NQN, "[1]"),
                row("limit no namespace", m -> m.setNamespaceRateLimit(NQN, 7, RateLimit.NONE),
                        "namespace id of " + NQN, "[1]"),
                row("ANA group 0", m -> m.setAnaGroup(NQN, 1, 0), "ana-group of namespace 1", "1 to 128"),
                row("ANA group 129", m -> m.setAnaGroup(NQN, 1, 129), "ana-group of namespace 1", "1 to 128"),
                row("ANA state on no port", m -> m.setAnaState(3, 1, AnaState.CHANGE), "port id", "[1, 2]"),
                row("ANA state of no group", m -> m.setAnaState(1, 129, AnaState.CHANGE), "ana-group of port 1",
                        "1 to 128"),
                row("give way to CHANGE", m -> m.giveWay(1, AnaState.CHANGE), "state of ANA group 1", "but CHANGE"),
                row("give way of no group", m -> m.giveWay(0, AnaState.INACCESSIBLE), "ana-group", "1 to 128"),
                row("allow a host nowhere", m -> m.allowHost(OTHER_NQN, ALICE), "nqn", NQN.toString()),
                row("disallow a stranger", m -> m.disallowHost(NQN, TestTarget.HOST), "allowed host of " + NQN,
                        ALICE.toString()),
                row("allow all nowhere", m -> m.setAllowAnyHost(OTHER_NQN, true), "nqn", NQN.toString()),
                row("limit a host nowhere", m -> m.setHostRateLimit(OTHER_NQN, ALICE, RateLimit.NONE), "nqn",
                        NQN.toString()),
                row("end no controller", m -> m.endController(NQN, 99), "controller of " + NQN, "[]"),
                row("add a port again", m -> m.addPort(new PortConfiguration(1, TransportAddress.tcp("::1", 1))),
                        "port id", "only once"),
                row("add a port for which there is no transport", m -> m.addPort(new PortConfiguration(3,
                        new TransportAddress(TransportType.RDMA, "x", "1"))), "transport of port 3", "TCP"),
                row("remove no port", m -> m.removePort(3), "port id", "[1, 2]"),
                row("add a referral again", m -> m.addReferral(REFERRAL), "referral", "only once"),
                row("remove no referral", m -> m.removeReferral(new ReferralConfiguration(FIRST)), "referral",
                        "192.0.2.9"));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void refusesWhatIsImpossible(Impossible row) {
        TargetConfiguration before = management.configuration();
        CompletableFuture<Void> future = row.change.apply(management);
        target.loops().runTasks();
        assertThat(future).isCompletedExceptionally();
        assertThat(future.exceptionNow()).isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(row.allowed);
        assertThat(((ConfigurationException) future.exceptionNow()).key()).isEqualTo(row.key);
        assertThat(management.configuration()).isEqualTo(before);
        assertThat(backend.closed()).isFalse();
        done(management.setAllowAnyHost(NQN, true));
        assertThat(new TestHost(target, FIRST, ALICE).active()).as("goes on as before").containsExactly(1);
    }

    private void done(CompletableFuture<Void> future) {
        target.loops().runTasks();
        assertThat(future).isCompleted();
    }

    private SubsystemConfiguration subsystem() {
        return management.configuration().subsystems().getFirst();
    }

    @Test
    void namespacesAreChangedWhileTheConfigurationKeepsStep() {
        done(management.addNamespace(NQN, new NamespaceConfiguration(3, new UUID(3, 3), new NullBackend(4096, 512))));
        done(management.setAnaGroup(NQN, 3, 9));
        done(management.setNamespaceReadOnly(NQN, 3, true));
        done(management.setNamespaceHosts(NQN, 3, Optional.of(Set.of(ALICE))));
        RateLimit limit = new RateLimit(1000, 0, 100);
        done(management.setNamespaceRateLimit(NQN, 3, limit));
        done(management.setHostRateLimit(NQN, BOB, limit));
        NamespaceConfiguration three = subsystem().namespaces().get(1);
        assertThat(three.anaGroup()).isEqualTo(9);
        assertThat(three.readOnly()).isTrue();
        assertThat(three.visibleTo()).contains(Set.of(ALICE));
        assertThat(three.rateLimit()).isEqualTo(limit);
        assertThat(subsystem().rateLimit(BOB)).isEqualTo(limit);

        TestHost alice = new TestHost(target, FIRST, ALICE);
        assertThat(alice.active()).containsExactly(1, 3);
        assertThat(alice.namespace(3).anaGroupIdentifier()).isEqualTo(9);
        assertThat(alice.call(NvmOpcode.WRITE.code(), 3)).isEqualTo(GenericStatus.NAMESPACE_IS_WRITE_PROTECTED);
        assertThat(new TestHost(target, FIRST, BOB).active()).containsExactly(1);

        done(management.enableNamespace(NQN, 3, false));
        assertThat(alice.active()).containsExactly(1);
        done(management.removeNamespace(NQN, 3));
        assertThat(subsystem().namespaces()).hasSize(1);
    }

    @Test
    void hostsComeAndGo() {
        TestHost alice = new TestHost(target, FIRST, ALICE);
        TestHost bob = new TestHost(target, FIRST, BOB);
        done(management.disallowHost(NQN, ALICE));
        assertThat(alice.admin().sender().closed()).isTrue();
        assertThat(alice.io(1).sender().closed()).isTrue();
        assertThat(bob.active()).containsExactly(1);
        done(management.setAllowAnyHost(NQN, true));
        TestHost stranger = new TestHost(target, FIRST, TestTarget.HOST);
        done(management.allowHost(NQN, ALICE));
        done(management.setAllowAnyHost(NQN, false));
        assertThat(stranger.admin().sender().closed()).isTrue();
        assertThat(bob.active()).containsExactly(1);
        done(management.endController(NQN, bob.controllerId()));
        assertThat(bob.io(0).sender().closed()).isTrue();
        assertThat(target.target().controllers()).isEmpty();
        assertThat(new TestHost(target, FIRST, BOB).active()).containsExactly(1);
    }

    @Test
    void aSubsystemGoesWithItsControllersAndBackends() {
        TestHost alice = new TestHost(target, FIRST, ALICE);
        backend.hold(true);
        alice.io(1).submit(HostQueue.entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null, 512);
        CompletableFuture<Void> removed = management.removeSubsystem(NQN);
        target.loops().runTasks();
        assertThat(alice.admin().sender().closed()).isTrue();
        assertThat(removed).as("a command is at work").isNotDone();
        assertThat(management.configuration().subsystems()).isEmpty();
        assertThat(target.target().controllers()).as("not gone yet").hasSize(1);
        backend.hold(false);
        backend.releaseAll();
        done(removed);
        assertThat(backend.closed()).isTrue();
        assertThat(backend.flushCount()).isEqualTo(1);
        assertThat(target.target().controllers()).isEmpty();

        HeldBackend fresh = new HeldBackend(1 << 20, 512);
        done(management.addSubsystem(SubsystemConfiguration.builder(NQN).allowAnyHost(true)
                .namespace(new NamespaceConfiguration(5, new UUID(5, 5), fresh)).build()));
        assertThat(new TestHost(target, SECOND, ALICE).active()).containsExactly(5);
    }

    @Test
    void aPauseLetsNothingBeginUntilTheEnd() {
        TestHost alice = new TestHost(target, FIRST, ALICE);
        backend.hold(true);
        int atWork = alice.io(0).submit(HostQueue.entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null,
                512);
        CompletableFuture<Void> paused = management.pause(NQN);
        target.loops().runTasks();
        assertThat(paused).isNotDone();
        backend.hold(false);
        backend.releaseAll();
        success(alice.io(0).poll(atWork));
        done(paused);
        CompletableFuture<Void> again = management.pause(NQN);
        target.loops().runTasks();
        assertThat(again).isCompletedExceptionally();

        HeldBackend late = new HeldBackend(1 << 20, 512);
        done(management.addNamespace(NQN, new NamespaceConfiguration(2, new UUID(2, 2), late)));
        int first = alice.io(1).submit(HostQueue.entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null,
                512);
        int second = alice.io(1).submit(HostQueue.entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(2)), null,
                512);
        assertThat(alice.io(1).poll(first)).isNull();
        assertThat(alice.io(1).poll(second)).as("added meanwhile").isNull();
        done(management.resizeNamespace(NQN, 1, Optional.of(1L << 19)));
        assertThat(alice.namespace(1).sizeBlocks()).isEqualTo(1024);
        done(management.removeNamespace(NQN, 2));
        assertThat(alice.io(1).poll(second).status()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        assertThat(late.closed()).isTrue();
        assertThat(alice.io(1).poll(first)).isNull();
        done(management.resume(NQN));
        success(alice.io(1).poll(first));
    }

    @Test
    void portsComeAndGo() {
        TransportAddress third = TransportAddress.tcp("192.0.2.3", 4420);
        done(management.addPort(new PortConfiguration(3, third).withAnaStates(Map.of(1, AnaState.NON_OPTIMIZED))));
        assertThat(target.target().addresses()).containsExactly(FIRST, SECOND, third);
        TestHost alice = new TestHost(target, third, ALICE);
        TestHost bob = new TestHost(target, FIRST, BOB);
        assertThat(alice.ana().groups().getFirst().state()).isEqualTo(AnaState.NON_OPTIMIZED);
        FakeCapsuleSender unconnected =
                target.transport().connect(target.loops().loop(1), third, third);
        done(management.removePort(3));
        assertThat(alice.admin().sender().closed()).isTrue();
        assertThat(unconnected.closed()).isTrue();
        assertThat(bob.active()).containsExactly(1);
        assertThat(target.target().addresses()).containsExactly(FIRST, SECOND);
        done(management.removePort(2));
        CompletableFuture<Void> last = management.removePort(1);
        target.loops().runTasks();
        assertThat(last.exceptionNow()).hasMessageContaining("at least one port");
        assertThat(bob.active()).containsExactly(1);
    }

    @Test
    void aPortLeadsWhereItIsToldTo() {
        TransportAddress third = TransportAddress.tcp("192.0.2.3", 4420);
        done(management.addPort(new PortConfiguration(3, third).withSubsystems(Optional.of(Set.of(OTHER_NQN)))));
        HostQueue queue = new HostQueue(target.loops(),
                target.transport().connect(target.loops().loop(0), third, third));
        assertThat(queue.connect(0, 31, 0, 0, new ConnectData(TestTarget.HOST_ID, ConnectData.DYNAMIC_CONTROLLER, NQN,
                ALICE)).status().code()).isEqualTo(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS.code());
        success(queue.connect(0, 31, 0, 0, new ConnectData(TestTarget.HOST_ID, ConnectData.DYNAMIC_CONTROLLER,
                NvmeQualifiedName.DISCOVERY, ALICE)));
        TestTarget.enable(queue);
        byte[] page = success(queue.getLogPage(0x70, 0, 8192, 0)).data();
        assertThat(page[8]).as("discovery at three ports, ports 1 and 2 of the other, a referral")
                .isEqualTo((byte) 6);
    }

    @Test
    void discoveryHostsHearOfWhatConcernsThem() {
        HostQueue discovery = target.open(0);
        success(discovery.connect(0, 31, 0, 0, new ConnectData(TestTarget.HOST_ID, ConnectData.DYNAMIC_CONTROLLER,
                NvmeQualifiedName.DISCOVERY, TestTarget.HOST)));
        TestTarget.enable(discovery);
        success(discovery.setFeature(0x0B, AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE));
        int event = discovery.requestEvent();
        done(management.disallowHost(NQN, BOB));
        done(management.setAnaState(1, 1, AnaState.INACCESSIBLE));
        assertThat(discovery.poll(event)).as("changes nothing for this host").isNull();
        done(management.allowHost(NQN, TestTarget.HOST));
        success(discovery.poll(event));
        success(discovery.getLogPage(0x70, 0, 1024, 0));
        event = discovery.requestEvent();
        done(management.removePort(2));
        success(discovery.poll(event));
    }

    @Test
    void whatIsAskedForOnceTheTargetClosesFails() {
        CompletableFuture<Void> closed = target.target().shutDown();
        CompletableFuture<Void> late = management.allowHost(NQN, TestTarget.HOST);
        target.loops().runTasks();
        assertThat(closed).isCompleted();
        assertThat(late.exceptionNow()).hasMessageContaining("closes");
    }
}
