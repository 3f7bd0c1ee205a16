package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.FakeCapsuleSender.Response;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Hosts that stay connected to the discovery controller while what there is to discover changes. */
class PersistentDiscoveryTest {
    private static final NvmeQualifiedName ALICE = TestTarget.HOST;
    private static final NvmeQualifiedName BOB = NvmeQualifiedName.of("nqn.2024-01.com.example:bob");
    private static final long SECOND = 1_000_000_000L;
    private static final int PAGE = AsynchronousEvent.DISCOVERY_LOG_PAGE_CHANGE.dword0();
    private static final ReferralConfiguration REFERRAL =
            new ReferralConfiguration(TransportAddress.tcp("192.0.2.9", 8009));

    private final TestTarget target = new TestTarget(2, TargetConfiguration.builder()
            .port(new PortConfiguration(1, TestTarget.ADDRESS))
            .subsystem(SubsystemConfiguration.builder(TestTarget.SUBSYSTEM).allowHost(ALICE).build())
            .subsystem(SubsystemConfiguration.builder(name(1)).allowHost(BOB).build())
            .build());
    private final TargetManagement management = target.target().management();

    private static NvmeQualifiedName name(int number) {
        return NvmeQualifiedName.of("nqn.2024-01.com.example:disk" + number);
    }

    private void done(CompletableFuture<Void> change) {
        target.loops().runTasks();
        assertThat(change).isCompleted();
    }

    private HostQueue connect(int loop, NvmeQualifiedName host, long keepAliveMillis) {
        HostQueue queue = target.open(loop);
        success(queue.connect(0, 31, 0, keepAliveMillis, new ConnectData(TestTarget.HOST_ID,
                ConnectData.DYNAMIC_CONTROLLER, NvmeQualifiedName.DISCOVERY, host)));
        TestTarget.enable(queue);
        return queue;
    }

    private HostQueue listen(int loop, NvmeQualifiedName host) {
        HostQueue queue = connect(loop, host, 30_000);
        success(queue.setFeature(0x0B, AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE));
        return queue;
    }

    private static long generation(HostQueue queue) {
        return DiscoveryLogPage.generationCounter(
                MemorySegment.ofArray(success(queue.getLogPage(0x70, 0, 20, 0, true)).data()), 0);
    }

    private void changed(Response response) {
        assertThat(success(response).result()).isEqualTo(Integer.toUnsignedLong(PAGE));
    }

    @Test
    void eachHostHearsOfItsOwnChangesOnly() {
        HostQueue alice = listen(0, ALICE);
        HostQueue bob = listen(1, BOB);
        int forAlice = alice.requestEvent();
        int forBob = bob.requestEvent();
        long before = generation(alice);
        done(management.allowHost(name(1), NvmeQualifiedName.of("nqn.2024-01.com.example:eve")));
        assertThat(alice.poll(forAlice)).isNull();
        assertThat(bob.poll(forBob)).isNull();
        done(management.disallowHost(name(1), BOB));
        changed(bob.poll(forBob));
        assertThat(alice.poll(forAlice)).isNull();
        assertThat(generation(alice)).as("the page of this host is as it was").isEqualTo(before);
        done(management.addReferral(REFERRAL));
        changed(alice.poll(forAlice));
        assertThat(generation(alice)).isGreaterThan(before);
    }

    @Test
    void everyChangeThatAHostSeesIsToldWithAnotherGeneration() {
        HostQueue alice = listen(0, ALICE);
        List<Long> generations = new ArrayList<>();
        int event = alice.requestEvent();
        for (Supplier<CompletableFuture<Void>> change : List.<Supplier<CompletableFuture<Void>>>of(
                () -> management.addReferral(REFERRAL),
                () -> management.addSubsystem(SubsystemConfiguration.builder(name(2)).allowAnyHost(true).build()),
                () -> management.addPort(new PortConfiguration(2, TransportAddress.tcp("192.0.2.2", 4420))),
                () -> management.setAllowAnyHost(name(1), true),
                () -> management.removeReferral(REFERRAL),
                () -> management.removeSubsystem(name(2)),
                () -> management.removePort(2),
                () -> management.setAllowAnyHost(name(1), false))) {
            done(change.get());
            changed(alice.poll(event));
            generations.add(DiscoveryTest.read(alice).generationCounter());
            event = alice.requestEvent();
            assertThat(alice.poll(event)).as("one event for one change").isNull();
        }
        assertThat(generations).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void anEventIsNotRepeatedUntilTheLogIsRead() {
        HostQueue alice = listen(0, ALICE);
        int event = alice.requestEvent();
        done(management.addReferral(REFERRAL));
        changed(alice.poll(event));
        event = alice.requestEvent();
        done(management.removeReferral(REFERRAL));
        assertThat(alice.poll(event)).as("masked").isNull();
        generation(alice);
        done(management.addReferral(REFERRAL));
        assertThat(alice.poll(event)).as("read, but the event was to be retained").isNull();
        DiscoveryTest.read(alice);
        assertThat(alice.poll(event)).as("what was read is news no more").isNull();
        done(management.removeReferral(REFERRAL));
        changed(alice.poll(event));
    }

    @Test
    void anEventWaitsForARequest() {
        HostQueue alice = listen(0, ALICE);
        done(management.addReferral(REFERRAL));
        changed(alice.poll(alice.requestEvent()));
    }

    @Test
    void aHostThatDidNotAskHearsNothing() {
        HostQueue alice = connect(0, ALICE, 30_000);
        int event = alice.requestEvent();
        done(management.addReferral(REFERRAL));
        assertThat(alice.poll(event)).isNull();
        success(alice.setFeature(0x0B, AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE));
        assertThat(alice.poll(event)).as("nothing has changed since").isNull();
        assertThat(DiscoveryTest.read(alice).entries()).extracting(DiscoveryLogEntry::subsystemType)
                .contains(DiscoveryLogEntry.SUBTYPE_REFERRAL);
    }

    @Test
    void piecesBelongToTheHeaderThatWasReadLast() {
        HostQueue alice = listen(1, ALICE);
        int event = alice.requestEvent();
        for (int i = 2; i < 12; i++) {
            done(management.addSubsystem(SubsystemConfiguration.builder(name(i)).allowAnyHost(true).build()));
        }
        DiscoveryLogPage whole = DiscoveryTest.read(alice);
        changed(alice.poll(event));
        event = alice.requestEvent();
        long generation = generation(alice);
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) whole.size()]);
        MemorySegment.copy(MemorySegment.ofArray(success(alice.getLogPage(0x70, 0, 1024, 0, true)).data()), 0, bytes,
                0, 1024);
        for (int offset = 1024, i = 2; offset < whole.size(); offset += 1536, i++) {
            // Pieces of one and a half entries, and each time the page becomes shorter.
            if (i < 12) {
                done(management.removeSubsystem(name(i)));
            }
            int length = (int) Math.min(1536, whole.size() - offset);
            byte[] piece = success(alice.getLogPage(0x70, 0, length, offset)).data();
            MemorySegment.copy(MemorySegment.ofArray(piece), 0, bytes, offset, length);
        }
        assertThat(DiscoveryLogPage.decode(bytes, 0, bytes.byteSize())).isEqualTo(whole);
        changed(alice.poll(event));
        assertThat(generation(alice)).as("so the host reads again").isGreaterThan(generation);
        assertThat(DiscoveryTest.read(alice).entries()).hasSizeLessThan(whole.entries().size());
    }

    @Test
    void readingOnInAnOldPageDoesNotHideAnEvent() {
        HostQueue alice = listen(0, ALICE);
        generation(alice);
        done(management.addReferral(REFERRAL));
        success(alice.getLogPage(0x70, 0, 1024, 1024));
        changed(alice.poll(alice.requestEvent()));
    }

    @Test
    void aKeptPromiseKeepsTheControllerAndABrokenOneEndsIt() {
        HostQueue faithful = connect(0, ALICE, 120_000);
        HostQueue silent = connect(0, BOB, 120_000);
        for (int i = 0; i < 10; i++) {
            target.loops().advance(50 * SECOND);
            if (i < 2) {
                assertThat(silent.sender().closed()).as("after %s s", 50 * (i + 1)).isFalse();
            }
            success(faithful.call(AdminOpcode.KEEP_ALIVE.code(), entry -> {}));
        }
        assertThat(silent.sender().closed()).isTrue();
        assertThat(target.target().controllers()).extracting(ControllerInfo::hostNqn).containsExactly(ALICE);
    }

    @Test
    void whoWatchesIsToldWhereThereIsDiscovery() {
        List<List<DiscoveryService>> told = new ArrayList<>();
        target.target().watchDiscovery(told::add);
        target.loops().runTasks();
        DiscoveryService first =
                new DiscoveryService(1, TestTarget.ADDRESS, Optional.empty(), NvmeQualifiedName.DISCOVERY);
        assertThat(told).containsExactly(List.of(first));
        TransportAddress outside = TransportAddress.tcp("203.0.113.5", 14420);
        TransportAddress inside = TransportAddress.tcp("192.0.2.2", 4420);
        done(management.addReferral(REFERRAL));
        done(management.addPort(new PortConfiguration(2, inside).withReachableAs(outside)));
        done(management.removePort(1));
        DiscoveryService second =
                new DiscoveryService(2, inside, Optional.of(outside), NvmeQualifiedName.DISCOVERY);
        assertThat(told).containsExactly(List.of(first), List.of(first, second), List.of(second));
    }
}
