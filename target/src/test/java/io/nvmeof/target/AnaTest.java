package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nvmeof.protocol.admin.AnaGroupDescriptor;
import io.nvmeof.protocol.admin.AnaLog;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.storage.HeldBackend;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Two ports that differ in what they give access to, and a group that gives way while commands are at work. */
class AnaTest {
    private static final NvmeQualifiedName NQN = TestTarget.SUBSYSTEM;
    private static final TransportAddress NEAR = TestTarget.ADDRESS;
    private static final TransportAddress FAR = TransportAddress.tcp("192.0.2.2", 4420);
    private static final long SECOND = 1_000_000_000L;
    private static final int READ = NvmOpcode.READ.code();
    private static final int WRITE = NvmOpcode.WRITE.code();
    private static final int FLUSH = NvmOpcode.FLUSH.code();

    private final HeldBackend first = new HeldBackend(1 << 20, 512);
    private final HeldBackend second = new HeldBackend(1 << 20, 512);
    private final HeldBackend third = new HeldBackend(1 << 20, 512);
    private final TestTarget target = new TestTarget(3, TargetConfiguration.builder()
            .port(new PortConfiguration(1, NEAR))
            .port(new PortConfiguration(2, FAR).withAnaStates(Map.of(1, AnaState.NON_OPTIMIZED,
                    7, AnaState.INACCESSIBLE)))
            .subsystem(SubsystemConfiguration.builder(NQN).allowAnyHost(true)
                    .namespace(new NamespaceConfiguration(1, new UUID(1, 1), first))
                    .namespace(new NamespaceConfiguration(2, new UUID(2, 2), second).withAnaGroup(7))
                    .namespace(new NamespaceConfiguration(3, new UUID(3, 3), third).withAnaGroup(7)).build())
            .build());
    private final TargetManagement management = target.target().management();
    private final TestHost near = new TestHost(target, NEAR, TestTarget.HOST);
    private final TestHost far = new TestHost(target, FAR, TestTarget.HOST);

    private void done(CompletableFuture<Void> future) {
        target.loops().runTasks();
        assertThat(future).isCompleted();
    }

    private static void check(AnaGroupDescriptor group, long id, AnaState state, int... namespaceIds) {
        assertThat(group.groupId()).isEqualTo(id);
        assertThat(group.state()).isEqualTo(state);
        assertThat(group.namespaces().namespaceIds()).containsExactly(namespaceIds);
    }

    @Test
    void eachPortReportsItsOwnStates() {
        AnaLog log = near.ana();
        assertThat(log.groups()).hasSize(2);
        check(log.groups().get(0), 1, AnaState.OPTIMIZED, 1);
        check(log.groups().get(1), 7, AnaState.OPTIMIZED, 2, 3);
        log = far.ana();
        check(log.groups().get(0), 1, AnaState.NON_OPTIMIZED, 1);
        check(log.groups().get(1), 7, AnaState.INACCESSIBLE, 2, 3);

        byte[] groupsOnly = success(near.admin().getLogPage(0x0C | 1 << 8, 0xFFFFFFFF, 80, 0)).data();
        AnaLog groups = AnaLog.decode(MemorySegment.ofArray(groupsOnly), 0, 80);
        check(groups.groups().get(0), 1, AnaState.OPTIMIZED);
        check(groups.groups().get(1), 7, AnaState.OPTIMIZED);
    }

    @Test
    void identifySaysWhatTheLogPageCanHold() {
        IdentifyController identify = IdentifyController.decode(
                MemorySegment.ofArray(success(near.admin().identify(1, 0, 0)).data()), 0);
        assertThat(identify.multipathCapabilities() & IdentifyController.CMIC_ANA).isNotZero();
        assertThat(identify.anaTransitionTimeSeconds()).isEqualTo(10);
        assertThat(identify.anaCapabilities()).isEqualTo(0x1F);
        assertThat(identify.anaGroupIdentifierMaximum()).isEqualTo(128);
        assertThat(identify.anaGroupIdentifiers()).isEqualTo(128);
        assertThat(identify.optionalAsynchronousEvents() & AsynchronousEvent.ENABLE_ANA_CHANGE).isNotZero();
        assertThat(near.namespace(2).anaGroupIdentifier()).isEqualTo(7);
        assertThat(near.namespace(1).anaGroupIdentifier()).isEqualTo(1);
        assertThat(near.controllerId()).isNotEqualTo(far.controllerId());
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIMIZED,       SUCCESSFUL_COMPLETION",
        "NON_OPTIMIZED,   SUCCESSFUL_COMPLETION",
        "INACCESSIBLE,    ASYMMETRIC_ACCESS_INACCESSIBLE",
        "PERSISTENT_LOSS, ASYMMETRIC_ACCESS_PERSISTENT_LOSS",
        "CHANGE,          ASYMMETRIC_ACCESS_TRANSITION",
    })
    void eachStateAnswersCommands(AnaState state, String expected) {
        done(management.setAnaState(1, 7, state));
        StatusCode status = state == AnaState.OPTIMIZED || state == AnaState.NON_OPTIMIZED
                ? GenericStatus.SUCCESSFUL_COMPLETION : PathRelatedStatus.valueOf(expected);
        for (int opcode : List.of(READ, WRITE, FLUSH, NvmOpcode.COMPARE.code(), NvmOpcode.WRITE_ZEROES.code())) {
            assertThat(near.call(opcode, 2)).as("opcode %d", opcode).isEqualTo(status);
            assertThat(near.call(opcode, 1)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        }
        Response response = near.io(1).call(entry(READ, entry -> entry.namespaceId(2)), null, 512);
        assertThat(response.doNotRetry()).as("another path, or later").isFalse();
        assertThat(near.io(1).call(entry(FLUSH, entry -> entry.namespaceId(0xFFFFFFFF)), null, 0).status())
                .isEqualTo(status);
        // Error Recovery is a feature of the namespace; the number of queues is not.
        Response feature = near.admin().call(0x0A, entry -> entry.namespaceId(2).commandDword(10, 0x05));
        assertThat(feature.status()).isEqualTo(status);
        success(near.admin().getFeature(0x07, 0));
        success(near.admin().identify(0, 2, 0));
        check(near.ana().groups().get(1), 7, state, 2, 3);
        check(far.ana().groups().get(1), 7, AnaState.INACCESSIBLE, 2, 3);
    }

    @Test
    void aChangeIsAnnouncedOnItsPortAndCounted() {
        near.listen(AsynchronousEvent.ENABLE_ANA_CHANGE);
        far.listen(AsynchronousEvent.ENABLE_ANA_CHANGE);
        int nearEvent = near.admin().requestEvent();
        int farEvent = far.admin().requestEvent();
        AnaLog before = far.ana();
        done(management.setAnaState(2, 7, AnaState.OPTIMIZED));
        assertThat(near.admin().poll(nearEvent)).isNull();
        assertThat(success(far.admin().poll(farEvent)).result()).isEqualTo(0x000C0302);
        AnaLog after = far.ana();
        assertThat(after.changeCount()).isEqualTo(before.changeCount() + 1);
        assertThat(after.groups().get(0)).isEqualTo(before.groups().get(0));
        assertThat(after.groups().get(1).changeCount()).isEqualTo(after.changeCount());
        assertThat(far.call(READ, 3)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void aNamespaceThatMovesIsAnAnaChangeAndNoOther() {
        near.listen(AsynchronousEvent.ENABLE_ANA_CHANGE | AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE);
        int event = near.admin().requestEvent();
        int none = near.admin().requestEvent();
        done(management.setAnaGroup(NQN, 3, 128));
        assertThat(success(near.admin().poll(event)).result())
                .isEqualTo(AsynchronousEvent.ASYMMETRIC_NAMESPACE_ACCESS_CHANGE.dword0());
        assertThat(near.admin().poll(none)).isNull();
        assertThat(near.changed()).isEmpty();
        check(near.ana().groups().get(1), 7, AnaState.OPTIMIZED, 2);
        check(near.ana().groups().get(2), 128, AnaState.OPTIMIZED, 3);
        assertThat(far.call(READ, 3)).as("the far port knows nothing of group 128").isEqualTo(
                GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(near.namespace(3).anaGroupIdentifier()).isEqualTo(128);
    }

    @Test
    void aCommandWhoseDataIsOnItsWayMeetsTheNewState() {
        near.io(1).sender().holdData(true);
        int write = near.io(1).submit(entry(WRITE, entry -> entry.namespaceId(2)), new byte[512], 512);
        target.loops().runTasks();
        done(management.setAnaState(1, 7, AnaState.INACCESSIBLE));
        near.io(1).sender().deliverData(0);
        assertThat(near.io(1).poll(write).status()).isEqualTo(PathRelatedStatus.ASYMMETRIC_ACCESS_INACCESSIBLE);
    }

    @Test
    void givesWayWhenTheLastCommandIsDoneAndAllIsFlushed() {
        near.listen(AsynchronousEvent.ENABLE_ANA_CHANGE);
        int event = near.admin().requestEvent();
        second.hold(true);
        int[] atWork = new int[3];
        for (int loop = 0; loop < 3; loop++) {
            atWork[loop] = near.io(loop).submit(entry(WRITE, entry -> entry.namespaceId(2)), new byte[512], 512);
        }
        near.io(2).sender().holdData(true);
        int onItsWay = near.io(2).submit(entry(WRITE, entry -> entry.namespaceId(3)), new byte[512], 512);
        target.loops().runTasks();

        CompletableFuture<Void> gone = management.giveWay(7, AnaState.INACCESSIBLE);
        target.loops().runTasks();
        assertThat(gone).isNotDone();
        success(near.admin().poll(event));
        check(near.ana().groups().get(1), 7, AnaState.CHANGE, 2, 3);
        check(far.ana().groups().get(1), 7, AnaState.CHANGE, 2, 3);
        assertThat(near.call(WRITE, 3)).isEqualTo(PathRelatedStatus.ASYMMETRIC_ACCESS_TRANSITION);
        assertThat(near.call(READ, 1)).as("another group").isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(second.flushCount()).as("not while a write is at work").isZero();
        int nextEvent = near.admin().requestEvent();

        second.hold(false);
        second.releaseAll();
        for (int loop = 0; loop < 3; loop++) {
            success(near.io(loop).poll(atWork[loop]));
        }
        done(gone);
        assertThat(second.flushCount()).isEqualTo(1);
        assertThat(third.flushCount()).isEqualTo(1);
        assertThat(first.flushCount()).isZero();
        success(near.admin().poll(nextEvent));
        check(near.ana().groups().get(1), 7, AnaState.INACCESSIBLE, 2, 3);
        near.io(2).sender().deliverData(1);
        assertThat(near.io(2).poll(onItsWay).status()).as("must not touch the storage any more")
                .isEqualTo(PathRelatedStatus.ASYMMETRIC_ACCESS_INACCESSIBLE);
        assertThat(management.configuration().ports().getFirst().anaState(7)).isEqualTo(AnaState.INACCESSIBLE);

        done(management.setAnaState(1, 7, AnaState.OPTIMIZED));
        assertThat(near.call(WRITE, 2)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void aStuckCommandEndsTheSwitchoverWhereItBegan() {
        second.hold(true);
        int stuck = near.io(1).submit(entry(WRITE, entry -> entry.namespaceId(2)), new byte[512], 512);
        target.loops().runTasks();
        CompletableFuture<Void> gone = management.giveWay(7, AnaState.INACCESSIBLE);
        target.loops().advance(9 * SECOND);
        assertThat(gone).isNotDone();
        target.loops().advance(2 * SECOND);
        assertThat(gone.exceptionNow()).isInstanceOf(TimeoutException.class);
        check(near.ana().groups().get(1), 7, AnaState.OPTIMIZED, 2, 3);
        check(far.ana().groups().get(1), 7, AnaState.INACCESSIBLE, 2, 3);
        second.hold(false);
        second.releaseAll();
        success(near.io(1).poll(stuck));
        assertThat(near.call(READ, 2)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        done(management.giveWay(7, AnaState.PERSISTENT_LOSS));
        assertThat(near.call(READ, 2)).isEqualTo(PathRelatedStatus.ASYMMETRIC_ACCESS_PERSISTENT_LOSS);
    }

    @Test
    void storageThatCannotBeFlushedDoesNotGiveWay() {
        second.failWith(MediaStatus.WRITE_FAULT);
        CompletableFuture<Void> gone = management.giveWay(7, AnaState.INACCESSIBLE);
        target.loops().runTasks();
        assertThat(gone.exceptionNow()).hasMessageContaining("could not be flushed");
        second.failWith(null);
        assertThat(near.call(READ, 2)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        check(near.ana().groups().get(1), 7, AnaState.OPTIMIZED, 2, 3);
    }

    @Test
    void givesWayAfterWhatWasRemovedJustBefore() {
        second.hold(true);
        int atWork = near.io(1).submit(entry(WRITE, entry -> entry.namespaceId(2)), new byte[512], 512);
        target.loops().runTasks();
        CompletableFuture<Void> removed = management.removeNamespace(NQN, 2);
        CompletableFuture<Void> gone = management.giveWay(7, AnaState.INACCESSIBLE);
        target.loops().runTasks();
        assertThat(gone).as("a command is at work on the group's storage").isNotDone();
        second.hold(false);
        second.releaseAll();
        success(near.io(1).poll(atWork));
        done(removed);
        done(gone);
        assertThat(second.closed()).isTrue();
    }

    @Test
    void saysWhenAHostWouldHaveGivenUp() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.nvmeof.target.controller.AnaTransitions");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        done(management.setAnaState(1, 7, AnaState.CHANGE));
        done(management.setAnaState(2, 7, AnaState.CHANGE));
        target.loops().advance(5 * SECOND);
        done(management.setAnaState(2, 7, AnaState.OPTIMIZED));
        target.loops().advance(6 * SECOND);
        logger.detachAppender(log);
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).singleElement().asString()
                .contains("group 7", "port 1", "10 s");
    }

    @Test
    void givesWayWhilePaused() {
        done(management.pause(NQN));
        int waiting = near.io(1).submit(entry(WRITE, entry -> entry.namespaceId(2)), new byte[512], 512);
        target.loops().runTasks();
        done(management.giveWay(7, AnaState.INACCESSIBLE));
        assertThat(near.io(1).poll(waiting)).isNull();
        done(management.resume(NQN));
        assertThat(near.io(1).poll(waiting).status()).isEqualTo(PathRelatedStatus.ASYMMETRIC_ACCESS_INACCESSIBLE);
    }

    @Test
    void aQueueOfAnotherPortIsNoQueueOfTheController() {
        HostQueue queue = new HostQueue(target.loops(), target.transport().connect(target.loops().loop(0), FAR, FAR));
        Response response = queue.connect(9, 31, 0, 0, new ConnectData(
                TestTarget.HOST_ID, near.controllerId(), NQN, TestTarget.HOST));
        assertThat(response.status().successful()).isFalse();
    }
}
