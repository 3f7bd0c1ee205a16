package io.nvmeof.target.controller;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeTransport;
import io.nvmeof.target.HostQueue;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.TestTarget;
import io.nvmeof.target.storage.HeldBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that are kept out of blocks, on two loops, and that none gets in or lost. Blocks of 512 bytes. */
class NamespaceGatesTest {
    private static final int FLUSH = NvmOpcode.FLUSH.code();
    private static final int READ = NvmOpcode.READ.code();
    private static final int WRITE = NvmOpcode.WRITE.code();
    private static final int ALL = 0xFFFFFFFF;

    private final HeldBackend backend = new HeldBackend(1 << 20, 512);
    private final NamespaceConfiguration one = new NamespaceConfiguration(1, new UUID(1, 1), backend);
    private final ManualLoops loops = new ManualLoops(3);
    private final FakeTransport transport = new FakeTransport();
    private final Registry registry = new Registry(loops.loop(0),
            List.of(loops.loop(0), loops.loop(1), loops.loop(2)),
            TargetConfiguration.builder().port(new PortConfiguration(1, TestTarget.ADDRESS)).subsystem(
                    SubsystemConfiguration.builder(TestTarget.SUBSYSTEM).allowAnyHost(true).namespace(one).build())
                    .build(), List.of(transport), Runnable::run);
    private final HostQueue admin = connectAdmin();
    private final HostQueue first = connectIo(0, 1);
    private final HostQueue second = connectIo(1, 2);
    private final NamespaceGates gates =
            ((QueuePair) first.sender().receiver()).namespace(1).namespace().core().gates();
    private int quietCount;

    private HostQueue connectAdmin() {
        try {
            registry.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HostQueue queue = new HostQueue(loops, transport.connect(loops.loop(0)));
        success(queue.connect(0, 31, 0, 0, TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER)));
        TestTarget.enable(queue);
        return queue;
    }

    private HostQueue connectIo(int loop, int queueId) {
        HostQueue queue = new HostQueue(loops, transport.connect(loops.loop(loop)));
        success(queue.connect(queueId, 31, 0, 0, TestTarget.connectData(1)));
        return queue;
    }

    private Closing close(long firstBlock, long blockCount) {
        Closing closing = gates.close(firstBlock, blockCount, loops.loop(0), () -> quietCount++);
        loops.runTasks();
        return closing;
    }

    private void open(Closing closing) {
        closing.open();
        loops.runTasks();
    }

    private static int submit(HostQueue queue, int opcode, long block, int blockCount) {
        byte[] data = opcode == WRITE ? new byte[blockCount * 512] : null;
        return queue.submit(entry(opcode, entry -> entry.namespaceId(1).commandQword(10, block)
                .commandDword(12, blockCount - 1)), data, (long) blockCount * 512);
    }

    private static int count(HostQueue queue, RequestState state) {
        return ((QueuePair) queue.sender().receiver()).count(state);
    }

    private static GenericStatus end(HostQueue queue, int id) {
        return (GenericStatus) queue.poll(id).status();
    }

    @Test
    void waitsForWhatIsInsideOnEveryLoop() {
        backend.hold(true);
        int read = submit(first, READ, 10, 2);
        int write = submit(second, WRITE, 15, 1);
        int beside = submit(second, READ, 16, 1);
        loops.runTasks();
        Closing closing = close(11, 5);
        assertThat(quietCount).isZero();
        backend.release(0);
        assertThat(end(first, read)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(quietCount).isZero();
        backend.release(1);
        assertThat(end(second, write)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(quietCount).isEqualTo(1);
        assertThat(second.poll(beside)).as("does not matter").isNull();
        open(closing);
        backend.releaseAll();
        assertThat(end(second, beside)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThatThrownBy(closing::open).isInstanceOf(IllegalStateException.class).hasMessageContaining("twice");
    }

    @Test
    void keepsOutWhatTouchesTheRangeAndNothingElse() {
        Closing closing = close(100, 10);
        assertThat(quietCount).isEqualTo(1);
        assertThat(end(first, submit(first, READ, 90, 10))).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(end(second, submit(second, WRITE, 110, 1))).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(end(second, submit(second, FLUSH, 0, 1))).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        List<Integer> waiting = List.of(submit(first, READ, 91, 10), submit(first, WRITE, 109, 1),
                submit(first, READ, 0, 1000));
        loops.runTasks();
        assertThat(count(first, RequestState.AWAITING_TURN)).isEqualTo(3);
        assertThat(loops.loop(0).buffers().takenBytes()).as("who waits holds no buffer").isZero();
        backend.hold(true);
        open(closing);
        assertThat(backend.heldRanges()).extracting(HeldBackend.Range::startingBlock).containsExactly(91L, 0L, 109L);
        backend.releaseAll();
        for (int id : waiting) {
            assertThat(end(first, id)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        }
    }

    @Test
    void thoseWhoWaitGoOnInTheirOrder() {
        Closing closing = close(0, 64);
        for (int i = 0; i < 20; i++) {
            submit(first, READ, i, 1);
        }
        backend.hold(true);
        open(closing);
        assertThat(backend.heldRanges()).extracting(HeldBackend.Range::startingBlock)
                .isSorted().hasSize(20);
        backend.releaseAll();
    }

    @Test
    void theWholeNamespaceIncludesFlushAndDeallocation() {
        Closing closing = gates.closeWhole(loops.loop(2), () -> quietCount++);
        loops.runTasks();
        assertThat(quietCount).isEqualTo(1);
        int flush = submit(first, FLUSH, 0, 1);
        int flushAll = second.submit(entry(FLUSH, entry -> entry.namespaceId(ALL)), null, 0);
        int deallocate = second.submit(entry(NvmOpcode.DATASET_MANAGEMENT.code(),
                entry -> entry.namespaceId(1).commandDword(11, 4)), new byte[16], 16);
        loops.runTasks();
        assertThat(count(first, RequestState.AWAITING_TURN)).isEqualTo(1);
        assertThat(count(second, RequestState.AWAITING_TURN)).isEqualTo(2);
        assertThat(backend.flushCount()).isZero();
        open(closing);
        assertThat(end(first, flush)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(end(second, flushAll)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(end(second, deallocate)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(backend.flushCount()).isEqualTo(2);
    }

    @Test
    void oneAfterTheOther() {
        Closing closing = close(0, 10);
        Closing next = close(5, 10);
        Closing cancelled = close(6, 1);
        assertThat(quietCount).isEqualTo(1);
        int write = submit(second, WRITE, 12, 1);
        assertThat(end(second, write)).as("the next has no effect yet").isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        open(cancelled);
        open(closing);
        assertThat(quietCount).isEqualTo(2);
        int waits = submit(second, WRITE, 12, 1);
        assertThat(second.poll(waits)).isNull();
        open(next);
        assertThat(end(second, waits)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(quietCount).isEqualTo(2);
    }

    @Test
    void givenUpBeforeItCameTrue() {
        backend.hold(true);
        submit(first, READ, 0, 8);
        submit(first, READ, 20, 8);
        loops.runTasks();
        Closing closing = close(0, 8);
        open(closing);
        Closing next = close(20, 1);
        backend.release(0);
        loops.runTasks();
        assertThat(quietCount).as("the one that left was of no interest to the second").isZero();
        backend.releaseAll();
        loops.runTasks();
        assertThat(quietCount).isEqualTo(1);
        Closing late = gates.close(0, 1, loops.loop(0), () -> quietCount++);
        next.open();
        late.open();
        loops.runTasks();
        assertThat(quietCount).as("given up while its turn came").isEqualTo(1);
    }

    @Test
    void abortsWhatWaits() {
        Closing closing = close(0, 8);
        int write = submit(first, WRITE, 0, 1);
        loops.runTasks();
        assertThat(success(admin.call(AdminOpcode.ABORT.code(), entry -> entry.commandDword(10, 1 | write << 16)))
                .result()).isZero();
        assertThat(end(first, write)).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        open(closing);
        assertThat(backend.forcedWriteCount()).isZero();
        assertThat(count(first, RequestState.FREE)).isEqualTo(32);
    }

    @Test
    void aQueueThatClosesLeavesTheLine() {
        backend.hold(true);
        submit(first, READ, 0, 8);
        submit(second, READ, 4, 1);
        loops.runTasks();
        Closing closing = close(0, 8);
        submit(first, WRITE, 0, 8);
        submit(second, WRITE, 0, 8);
        loops.runTasks();
        first.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        loops.runTasks();
        assertThat(quietCount).as("the storage still works for it").isZero();
        backend.release(0);
        loops.runTasks();
        assertThat(quietCount).isZero();
        backend.release(0);
        loops.runTasks();
        assertThat(quietCount).isEqualTo(1);
        open(closing);
        assertThat(backend.heldRanges()).containsExactly(new HeldBackend.Range(0, 8));
        backend.releaseAll();
        loops.runTasks();
        assertThat(loops.loop(0).buffers().takenBytes()).isZero();
        assertThat(loops.loop(1).buffers().takenBytes()).isZero();
    }

    @Test
    void aLoopThatComesLaterFindsItClosed() {
        Closing closing = close(0, 8);
        HostQueue third = connectIo(2, 3);
        int read = submit(third, READ, 0, 1);
        assertThat(third.poll(read)).isNull();
        open(closing);
        assertThat(end(third, read)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void whatWaitedForItsDataIsCheckedAgain() {
        HeldBackend fresh = new HeldBackend(1 << 20, 512);
        first.sender().holdData(true);
        second.sender().holdData(true);
        int kept = submit(first, WRITE, 0, 1);
        int refused = submit(second, WRITE, 1, 1);
        int readOnly = submit(second, WRITE, 2, 1);
        Closing closing = close(0, NamespaceGates.WHOLE);
        assertThat(quietCount).as("what waits for its data is outside").isEqualTo(1);
        first.sender().deliverData(0);
        assertThat(first.poll(kept)).isNull();
        open(closing);
        assertThat(end(first, kept)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);

        closing = close(0, NamespaceGates.WHOLE);
        registry.management().removeNamespace(TestTarget.SUBSYSTEM, 1);
        loops.runTasks();
        open(closing);
        second.sender().deliverData(0);
        assertThat(end(second, refused)).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        registry.management().addNamespace(TestTarget.SUBSYSTEM,
                new NamespaceConfiguration(1, new UUID(1, 1), fresh));
        loops.runTasks();
        second.sender().deliverData(1);
        assertThat(end(second, readOnly)).as("another namespace").isEqualTo(GenericStatus.NAMESPACE_NOT_READY);
        assertThat(fresh.openChannelCount()).isEqualTo(2);
        assertThat(backend.closed()).isTrue();
    }

    @Test
    void aTargetThatShutsDownDoesNotWaitForThoseWhoWait() {
        close(0, NamespaceGates.WHOLE);
        submit(first, WRITE, 0, 1);
        submit(second, READ, 0, 1);
        loops.runTasks();
        var done = registry.shutDown();
        loops.runTasks();
        assertThat(done).isDone();
    }

    /** Random commands, closings, ends of connections on loops that run in random order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void nobodyIsInsideAClosedRange(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        backend.hold(true);
        List<HeldBackend.Range> closed = new ArrayList<>();
        List<Closing> closings = new ArrayList<>();
        int submittedCount = 0;
        for (int step = 0; step < 3000; step++) {
            HostQueue queue = random.nextBoolean() ? first : second;
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (count(queue, RequestState.FREE) > 1) {
                        submit(queue, random.nextBoolean() ? READ : WRITE, random.nextInt(40), 1 + random.nextInt(8));
                        submittedCount++;
                    }
                }
                case 2 -> {
                    if (backend.heldCount() > 0) {
                        backend.release(random.nextInt(backend.heldCount()));
                    }
                }
                case 3 -> {
                    HeldBackend.Range range = new HeldBackend.Range(random.nextInt(40), 1 + random.nextInt(4));
                    closings.add(gates.close(range.startingBlock(), range.blockCount(),
                            loops.loop(random.nextInt(3)), () -> closed.add(range)));
                }
                case 4 -> {
                    if (!closings.isEmpty()) {
                        closed.clear();
                        closings.remove(0).open();
                    }
                }
                default -> loops.loop(random.nextInt(3)).runTasks();
            }
            for (HeldBackend.Range range : closed) {
                assertThat(backend.heldRanges()).as("seed %d step %d", seed, step).noneMatch(held ->
                        held.startingBlock() < range.startingBlock() + range.blockCount()
                                && range.startingBlock() < held.startingBlock() + held.blockCount());
            }
        }
        closings.forEach(Closing::open);
        backend.hold(false);
        for (int i = 0; i < 3; i++) {
            loops.runTasks();
            backend.releaseAll();
        }
        loops.runTasks();
        assertThat(first.sender().responses().size() + second.sender().responses().size())
                .as("no lost wake-up").isEqualTo(submittedCount);
    }
}
