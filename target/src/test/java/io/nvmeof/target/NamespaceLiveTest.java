package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.storage.HeldBackend;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Namespaces that change under hosts that use them, and what each of the hosts is told. */
class NamespaceLiveTest {
    private static final NvmeQualifiedName NQN = TestTarget.SUBSYSTEM;
    private static final NvmeQualifiedName ALICE = NvmeQualifiedName.of("nqn.2024-01.com.example:alice");
    private static final NvmeQualifiedName BOB = NvmeQualifiedName.of("nqn.2024-01.com.example:bob");
    private static final long SECOND = 1_000_000_000L;
    private static final int READ = NvmOpcode.READ.code();
    private static final int WRITE = NvmOpcode.WRITE.code();

    private final HeldBackend first = new HeldBackend(1 << 20, 512);
    private final HeldBackend second = new HeldBackend(1 << 20, 512);
    private final TestTarget target = new TestTarget(3, builder -> builder.allowAnyHost(true)
            .namespace(new NamespaceConfiguration(1, new UUID(1, 1), first))
            .namespace(new NamespaceConfiguration(2, new UUID(2, 2), second)
                    .withVisibleTo(Optional.of(Set.of(ALICE)))));
    private final TargetManagement management = target.target().management();
    private final TestHost alice = new TestHost(target, TestTarget.ADDRESS, ALICE);
    private final TestHost bob = new TestHost(target, TestTarget.ADDRESS, BOB);
    private int aliceEvent;
    private int bobEvent;

    @BeforeEach
    void listen() {
        alice.listen(AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE | AsynchronousEvent.ENABLE_ANA_CHANGE);
        bob.listen(AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE | AsynchronousEvent.ENABLE_ANA_CHANGE);
        aliceEvent = alice.admin().requestEvent();
        bobEvent = bob.admin().requestEvent();
    }

    private void done(CompletableFuture<Void> future) {
        target.loops().runTasks();
        assertThat(future).isCompleted();
    }

    private void aliceHears(int... changed) {
        assertThat(success(alice.admin().poll(aliceEvent)).result())
                .isEqualTo(AsynchronousEvent.ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED.dword0());
        assertThat(alice.changed()).containsExactly(changed);
        aliceEvent = alice.admin().requestEvent();
    }

    private void bobHears(int... changed) {
        assertThat(success(bob.admin().poll(bobEvent)).result())
                .isEqualTo(AsynchronousEvent.ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED.dword0());
        assertThat(bob.changed()).containsExactly(changed);
        bobEvent = bob.admin().requestEvent();
    }

    private void aliceHearsNothing() {
        assertThat(alice.admin().poll(aliceEvent)).isNull();
        assertThat(alice.changed()).isEmpty();
    }

    private void bobHearsNothing() {
        assertThat(bob.admin().poll(bobEvent)).isNull();
        assertThat(bob.changed()).isEmpty();
    }

    @Test
    void aHostSeesAndUsesWhatIsForIt() {
        assertThat(alice.active()).containsExactly(1, 2);
        assertThat(bob.active()).containsExactly(1);
        assertThat(bob.call(READ, 2)).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        assertThat(success(bob.admin().identify(0, 2, 0)).data()).as("as inactive").containsOnly(0);
        assertThat(bob.admin().identify(3, 2, 0).status()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        assertThat(bob.ana().groups().getFirst().namespaces().namespaceIds()).containsExactly(1);
        assertThat(alice.ana().groups().getFirst().namespaces().namespaceIds()).containsExactly(1, 2);
        success(bob.io(1).call(entry(NvmOpcode.FLUSH.code(), entry -> entry.namespaceId(0xFFFFFFFF)), null, 0));
        assertThat(second.flushCount()).isZero();

        done(management.setNamespaceHosts(NQN, 2, Optional.of(Set.of(BOB))));
        aliceHears(2);
        bobHears(2);
        assertThat(alice.active()).containsExactly(1);
        assertThat(bob.active()).containsExactly(1, 2);
        assertThat(bob.call(READ, 2)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(alice.call(READ, 2)).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        done(management.setNamespaceHosts(NQN, 2, Optional.empty()));
        aliceHears(2);
        bobHearsNothing();
    }

    @Test
    void onlyThoseWhoSeeTheNamespaceHearOfIt() {
        done(management.setNamespaceReadOnly(NQN, 2, true));
        aliceHears(2);
        bobHearsNothing();
        assertThat(alice.namespace(2).attributes()).isEqualTo(1);
        assertThat(alice.call(WRITE, 2)).isEqualTo(GenericStatus.NAMESPACE_IS_WRITE_PROTECTED);
        done(management.setNamespaceRateLimit(NQN, 2, new RateLimit(1000, 0, 100)));
        done(management.setNamespaceReadOnly(NQN, 2, true));
        aliceHearsNothing();
        done(management.setNamespaceReadOnly(NQN, 2, false));
        aliceHears(2);
        assertThat(alice.call(WRITE, 2)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        done(management.enableNamespace(NQN, 2, false));
        aliceHears(2);
        bobHearsNothing();
        assertThat(second.openChannelCount()).isZero();
        assertThat(second.closed()).isFalse();
        done(management.enableNamespace(NQN, 2, true));
        aliceHears(2);
        assertThat(alice.call(READ, 2)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void aNamespaceGrowsUnderItsCommands() {
        first.hold(true);
        int read = bob.io(2).submit(entry(READ, entry -> entry.namespaceId(1)), null, 512);
        target.loops().runTasks();
        done(management.resizeNamespace(NQN, 1, Optional.of(2L << 20)));
        first.hold(false);
        first.releaseAll();
        success(bob.io(2).poll(read));
        aliceHears(1);
        bobHears(1);
        assertThat(bob.namespace(1).sizeBlocks()).isEqualTo(4096);
        success(bob.io(1).call(entry(READ, entry -> entry.namespaceId(1).commandQword(10, 4095)), null, 512));
        done(management.resizeNamespace(NQN, 1, Optional.empty()));
        aliceHearsNothing();
    }

    @Test
    void aNamespaceShrinksWhenNobodyIsInside() {
        first.hold(true);
        int inside = bob.io(1).submit(entry(WRITE, entry -> entry.namespaceId(1).commandQword(10, 2047)),
                new byte[512], 512);
        alice.io(2).sender().holdData(true);
        int onItsWay = alice.io(2).submit(entry(WRITE, entry -> entry.namespaceId(1).commandQword(10, 2040)),
                new byte[512], 512);
        int remains = alice.io(2).submit(entry(WRITE, entry -> entry.namespaceId(1).commandQword(10, 5)),
                new byte[512], 512);
        target.loops().runTasks();
        CompletableFuture<Void> resized = management.resizeNamespace(NQN, 1, Optional.of(1L << 19));
        target.loops().runTasks();
        assertThat(resized).isNotDone();
        assertThat(first.blockCount()).isEqualTo(2048);
        int waits = bob.io(2).submit(entry(READ, entry -> entry.namespaceId(1).commandQword(10, 1024)), null, 512);
        assertThat(bob.io(2).poll(waits)).isNull();
        first.hold(false);
        first.releaseAll();
        success(bob.io(1).poll(inside));
        done(resized);
        assertThat(bob.io(2).poll(waits).status()).isEqualTo(GenericStatus.LBA_OUT_OF_RANGE);
        alice.io(2).sender().deliverData(0);
        alice.io(2).sender().deliverData(1);
        assertThat(alice.io(2).poll(onItsWay).status()).isEqualTo(GenericStatus.LBA_OUT_OF_RANGE);
        success(alice.io(2).poll(remains));
        aliceHears(1);
        assertThat(alice.namespace(1).sizeBlocks()).isEqualTo(1024);
        done(management.resizeNamespace(NQN, 1, Optional.of(1L << 20)));
        assertThat(success(bob.io(1).call(entry(READ, entry -> entry.namespaceId(1).commandQword(10, 2047)), null,
                512)).data()).as("what was cut off does not come back").containsOnly(0);
    }

    @Test
    void aStuckCommandKeepsTheSize() {
        first.hold(true);
        bob.io(1).submit(entry(WRITE, entry -> entry.namespaceId(1)), new byte[512], 512);
        target.loops().runTasks();
        CompletableFuture<Void> resized = management.resizeNamespace(NQN, 1, Optional.of(1L << 19));
        target.loops().advance(31 * SECOND);
        assertThat(resized.exceptionNow()).isInstanceOf(TimeoutException.class);
        assertThat(alice.namespace(1).sizeBlocks()).isEqualTo(2048);
        first.hold(false);
        first.releaseAll();
        assertThat(alice.call(READ, 1)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        done(management.resizeNamespace(NQN, 1, Optional.of(1L << 19)));
    }

    @Test
    void aRemovedNamespaceIsClosedOnceAndAfterTheLastCommand() {
        first.hold(true);
        int[] reads = new int[3];
        for (int loop = 0; loop < 3; loop++) {
            reads[loop] = alice.io(loop).submit(entry(READ, entry -> entry.namespaceId(1)), null, 512);
        }
        target.loops().runTasks();
        CompletableFuture<Void> removed = management.removeNamespace(NQN, 1);
        CompletableFuture<Void> next = management.setNamespaceReadOnly(NQN, 2, true);
        target.loops().runTasks();
        assertThat(next).as("does not wait for a drain").isCompleted();
        assertThat(removed).isNotDone();
        assertThat(alice.call(READ, 1)).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        bobHears(1);
        target.loops().advance(60 * SECOND);
        assertThat(first.closed()).isFalse();
        alice.io(0).sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        first.hold(false);
        first.releaseAll();
        done(removed);
        for (int loop = 1; loop < 3; loop++) {
            success(alice.io(loop).poll(reads[loop]));
        }
        assertThat(first.flushCount()).isEqualTo(1);
        assertThat(first.closed()).isTrue();
        CompletableFuture<Void> closed = target.target().shutDown();
        target.loops().runTasks();
        assertThat(closed).isCompleted();
        assertThat(second.closed()).isTrue();
    }

    @Test
    void aRemovedNamespaceThatCannotBeFlushedIsNotPassedOverInSilence() {
        first.failWith(MediaStatus.WRITE_FAULT);
        CompletableFuture<Void> removed = management.removeNamespace(NQN, 1);
        target.loops().runTasks();
        assertThat(removed.exceptionNow()).isInstanceOf(IOException.class).hasMessageContaining("may be lost");
        assertThat(first.closed()).isTrue();
        assertThat(bob.active()).isEmpty();
    }

    @Test
    void theTargetClosesAfterWhatItWasAskedToRemove() {
        first.hold(true);
        alice.io(1).submit(entry(READ, entry -> entry.namespaceId(1)), null, 512);
        target.loops().runTasks();
        CompletableFuture<Void> removed = management.removeNamespace(NQN, 1);
        target.loops().runTasks();
        CompletableFuture<Void> closed = target.target().shutDown();
        target.loops().runTasks();
        assertThat(closed).isNotDone();
        first.hold(false);
        first.releaseAll();
        target.loops().runTasks();
        assertThat(removed).isCompleted();
        assertThat(closed).isCompleted();
        assertThat(first.closed()).isTrue();
    }

    @Test
    void storageThatIsGoneIsANamespaceThatIsGone() {
        second.lose("the cable is out");
        aliceHears(2);
        bobHearsNothing();
        assertThat(alice.active()).containsExactly(1);
        assertThat(alice.call(READ, 2)).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        assertThat(management.configuration().subsystems().getFirst().namespaces().get(1).enabled()).isFalse();
        second.lose("still out");
        aliceHearsNothing();
        done(management.enableNamespace(NQN, 2, true));
        aliceHears(2);
        assertThat(alice.call(READ, 2)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void storageThatNoLoopCanOpenIsGone() {
        done(management.enableNamespace(NQN, 2, false));
        aliceHears(2);
        second.failToOpen(true);
        management.enableNamespace(NQN, 2, true);
        target.loops().runTasks();
        assertThat(alice.active()).containsExactly(1);
        assertThat(management.configuration().subsystems().getFirst().namespaces().get(1).enabled()).isFalse();
        second.failToOpen(false);
        done(management.enableNamespace(NQN, 2, true));
        assertThat(alice.call(READ, 2)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }
}
