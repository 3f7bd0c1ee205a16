package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.LbaFormat;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Namespaces through futures: data, splitting, waiting in line, limits, failures. */
class NamespaceTest {
    private static final int BLOCK = FakeController.BLOCK_BYTES;

    private final Bench bench = new Bench();
    private final FakeController fake = bench.controller;
    private final HostController controller =
            bench.connect(Bench.options().ioQueueCount(2).queueSize(5).pendingCommandsMax(20));
    private final RemoteNamespace namespace = bench.await(controller.namespace(1));

    @Test
    void knowsItsGeometryAndNames() {
        assertThat(namespace.blockSizeBytes()).isEqualTo(BLOCK);
        assertThat(namespace.blockCount()).isEqualTo(4096);
        assertThat(namespace.attached()).isTrue();
        assertThat(namespace.writeProtected()).isFalse();
        assertThat(namespace.descriptors().flatMap(NamespaceIdentificationDescriptors::uuid)).contains(new UUID(1, 1));
        assertThat(namespace.identify().sizeBlocks()).isEqualTo(4096);
        assertThat(bench.await(controller.namespace(1))).isSameAs(namespace);
    }

    @Test
    void movesDataBothWays() {
        MemorySegment data = Bench.pattern(3 * BLOCK, 1);
        MemorySegment back = Bench.memory(3 * BLOCK);
        bench.await(namespace.write(7, 3, data));
        bench.await(namespace.read(7, 3, back));
        assertThat(back.mismatch(data)).isEqualTo(-1);
        bench.await(namespace.compare(7, 3, data));
        bench.await(namespace.writeZeroes(8, 1, false));
        assertThat(bench.failure(namespace.compare(7, 3, data))).isInstanceOfSatisfying(CommandException.class,
                e -> assertThat(e.status()).isEqualTo(MediaStatus.COMPARE_FAILURE));
        bench.await(namespace.deallocate(7, 3));
        bench.await(namespace.read(7, 3, back));
        assertThat(back.mismatch(Bench.memory(3 * BLOCK))).isEqualTo(-1);
        bench.await(namespace.flush());
        assertThat(fake.flushes).isEqualTo(1);
    }

    @Test
    void splitsWhatIsLongerThanATransferAndKeepsTheOrderOfBytes() {
        int blocks = 1000; // Transfers take 128 blocks: seven and a rest.
        MemorySegment data = Bench.pattern(blocks * BLOCK, 9);
        MemorySegment back = Bench.memory(blocks * BLOCK);
        bench.await(namespace.write(11, blocks, data, true));
        assertThat(fake.conversation.stream().filter(line -> line.endsWith(" 01")).count()).isEqualTo(8);
        bench.await(namespace.read(11, blocks, back));
        assertThat(back.mismatch(data)).isEqualTo(-1);
        assertThat(fake.namespaces.get(1).asSlice(11L * BLOCK, data.byteSize()).mismatch(data)).isEqualTo(-1);
    }

    @Test
    void splitsWriteZeroesAtWhatTheFieldHolds() {
        fake.addNamespace(2, 70_000);
        fake.namespaces.get(2).fill((byte) 1);
        RemoteNamespace large = bench.await(controller.namespace(2));
        bench.await(large.writeZeroes(1, 69_999, true));
        assertThat(fake.conversation.stream().filter(line -> line.matches("q[12] 08")).count()).isEqualTo(2);
        assertThat(fake.namespaces.get(2).asSlice(BLOCK).mismatch(Bench.memory(69_999 * BLOCK))).isEqualTo(-1);
        assertThat(fake.namespaces.get(2).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 511)).isEqualTo((byte) 1);
    }

    @Test
    void aSplitCommandNeverHasMoreThanEightPartsOutstanding() {
        HostController wide = bench.connect(Bench.options().ioQueueCount(1));
        RemoteNamespace same = bench.await(wide.namespace(1));
        List<FakeCommand> held = hold();
        CompletableFuture<Void> read = same.read(0, 4096, Bench.memory(4096 * BLOCK));
        int most = 0;
        while (!read.isDone()) {
            bench.loops.runTasks();
            most = Math.max(most, held.size());
            held.removeFirst().answer(0);
            bench.loops.runTasks();
        }
        assertThat(most).isEqualTo(GivenCommand.PARTS_OUTSTANDING_MAX);
        assertThat(read).isCompleted();
    }

    @Test
    void aSplitCommandThatFailsEndsAfterItsLastPart() {
        List<FakeCommand> held = hold();
        CompletableFuture<Void> read = namespace.read(0, 4096, Bench.memory(4096 * BLOCK));
        bench.loops.runTasks();
        assertThat(held).hasSize(4);
        held.get(1).fail(MediaStatus.UNRECOVERED_READ_ERROR, true);
        bench.loops.runTasks();
        assertThat(held).as("nothing more is sent").hasSize(4);
        assertThat(read).isNotDone();
        held.get(0).answer(0);
        held.get(2).fail(GenericStatus.INTERNAL_ERROR, false);
        bench.loops.runTasks();
        assertThat(read).isNotDone();
        held.get(3).answer(0);
        assertThat(bench.failure(read)).isInstanceOf(CommandException.class)
                .hasMessageStartingWith("Read of 4096 blocks from block 0 on, namespace 1, I/O queue ")
                .hasMessageContaining("Unrecovered Read Error (status 281h, do not retry)");
    }

    @Test
    void futuresWaitInLineInOrder() {
        HostController one = bench.connect(Bench.options().ioQueueCount(1).queueSize(3).pendingCommandsMax(20));
        RemoteNamespace same = bench.await(one.namespace(1));
        List<FakeCommand> held = hold();
        List<Integer> done = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int n = i;
            same.read(i, 1, Bench.memory(BLOCK)).thenRun(() -> done.add(n));
        }
        bench.loops.runTasks();
        assertThat(held).hasSize(2);
        for (int i = 0; i < 10; i++) {
            assertThat(held.getFirst().entry.commandQword(10)).isEqualTo(i);
            held.removeFirst().answer(0);
            bench.loops.runTasks();
        }
        assertThat(done).isEqualTo(IntStream.range(0, 10).boxed().toList());
    }

    @Test
    void beyondTheLimitFuturesFailAtOnce() {
        hold();
        List<CompletableFuture<Void>> taken = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            taken.add(namespace.read(0, 1, Bench.memory(BLOCK)));
        }
        bench.loops.runTasks();
        assertThat(taken).noneMatch(CompletableFuture::isDone);
        CompletableFuture<Void> beyond = namespace.read(0, 1, Bench.memory(BLOCK));
        assertThat(beyond).as("without any loop running").isCompletedExceptionally();
        assertThat(bench.failure(beyond)).isInstanceOf(QueueFullException.class)
                .hasMessageContaining("already has 20 commands outstanding and waiting");
        fake.connections.get(1).drop(CloseReason.Kind.PEER_CLOSED, "gone");
        bench.loops.runTasks();
        assertThat(taken).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void theLimitIsAboutWhatIsPending() {
        for (int i = 0; i < 200; i++) {
            bench.await(namespace.read(0, 1, Bench.memory(BLOCK)));
        }
        assertThat(controller.isOpen()).isTrue();
    }

    @Test
    void everyFutureFailsOnceWhenAConnectionIsLost() {
        hold();
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        int[] ends = {0};
        for (int i = 0; i < 20; i++) {
            futures.add(namespace.read(0, 300, Bench.memory(300 * BLOCK)));
            futures.getLast().whenComplete((x, failure) -> ends[0]++);
        }
        bench.loops.runTasks();
        fake.connections.get(2).drop(CloseReason.Kind.TRANSPORT_ERROR, "cable cut");
        bench.loops.runTasks();
        assertThat(ends[0]).isEqualTo(20);
        assertThat(futures).allSatisfy(future -> assertThat(bench.failure(future))
                .isInstanceOfSatisfying(ConnectionLostException.class,
                        e -> assertThat(e.reason().kind()).isEqualTo(CloseReason.Kind.TRANSPORT_ERROR))
                .hasMessageContaining("cable cut"));
        assertThat(bench.failure(namespace.flush())).isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("cable cut");
        assertThat(bench.failure(controller.namespaceIds())).isInstanceOf(ConnectionLostException.class);
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void refusesMistakesOfTheCallerAtOnce() {
        MemorySegment memory = Bench.memory(BLOCK);
        refuse(() -> namespace.read(4096, 1, memory), "namespace 1 has 4096 blocks");
        refuse(() -> namespace.read(Long.MAX_VALUE, 1, memory), "has 4096 blocks");
        refuse(() -> namespace.read(0, -1, memory), "-1 blocks");
        refuse(() -> namespace.read(0, 2, memory), "2 blocks are 1024 bytes, the memory has 512");
        refuse(() -> namespace.read(0, 1, memory.asReadOnly()), "read-only");
        refuse(() -> namespace.write(0, 1, MemorySegment.ofArray(new byte[BLOCK])), "off-heap");
        refuse(() -> namespace.deallocate(0, 1L << 40), "1099511627776 blocks");
        refuse(() -> controller.namespace(0), "namespace 0");
    }

    @Test
    void refusesMemoryOfAnotherThread() throws InterruptedException {
        MemorySegment[] confined = new MemorySegment[1];
        Thread other = new Thread(() -> confined[0] = Arena.ofConfined().allocate(BLOCK));
        other.start();
        other.join();
        assertThat(bench.failure(namespace.write(0, 1, confined[0]))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("confined arena").hasMessageContaining("Arena.ofShared()");
        assertThat(controller.isOpen()).isTrue();
    }

    @Test
    void listsTheActiveNamespaces() {
        for (int id = 2; id < 2000; id++) {
            fake.addNamespace(id, 8);
        }
        assertThat(bench.await(controller.namespaceIds())).isEqualTo(IntStream.range(1, 2000).boxed().toList());
    }

    @Test
    void refusesWhatItCannotUse() {
        assertThat(bench.failure(controller.namespace(5))).isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("no active namespace 5");
        fake.script = command -> {
            boolean concerned = command.admin(0x06) && command.cdw(10) == 0;
            if (concerned) {
                command.fail(GenericStatus.INVALID_NAMESPACE_OR_FORMAT, true);
            }
            return concerned;
        };
        assertThat(bench.failure(controller.namespace(6))).isInstanceOf(NoSuchElementException.class);
        refuseFormat(LbaFormat.ofBlockSize(4096), 10, "", false);
        refuseFormat(new LbaFormat(8, 12, 0), 10, "8 bytes of metadata per block", true);
        refuseFormat(new LbaFormat(0, 8, 0), 10, "10 blocks of 0 bytes", true);
        refuseFormat(LbaFormat.ofBlockSize(131_072), 10, "with transfers of up to 65536 bytes", true);
        refuseFormat(LbaFormat.ofBlockSize(4096), -1, "18446744073709551615 blocks", true);
    }

    private void refuseFormat(LbaFormat format, long blocks, String why, boolean refused) {
        fake.script = command -> {
            boolean concerned = command.admin(0x06) && command.cdw(10) == 0;
            if (concerned) {
                IdentifyNamespace.builder().sizeBlocks(blocks).capacityBlocks(blocks).lbaFormats(List.of(format))
                        .build()
                        .encode(command.memory, 0);
                command.answer(0);
            }
            return concerned;
        };
        if (refused) {
            assertThat(bench.failure(controller.namespace(9))).isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(why);
        } else {
            assertThat(bench.await(controller.namespace(9)).blockCount()).isEqualTo(blocks);
        }
    }

    private List<FakeCommand> hold() {
        List<FakeCommand> held = new ArrayList<>();
        fake.script = command -> command.connection.queueId > 0 && held.add(command);
        return held;
    }

    private static void refuse(Runnable action, String why) {
        assertThatThrownBy(action::run).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }
}
