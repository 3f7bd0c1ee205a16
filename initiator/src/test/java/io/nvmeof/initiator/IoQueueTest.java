package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The callback path: submission, completion exactly once, and what hostile or dying controllers do to it. */
class IoQueueTest {
    private final Bench bench = new Bench(1);
    private final FakeController fake = bench.controller;
    private final HostController controller = bench.connect(Bench.options().ioQueueCount(1).queueSize(9));
    private final RemoteNamespace namespace = bench.await(controller.namespace(1));
    private final IoQueue queue = namespace.queue(0);
    private final ManualLoop loop = (ManualLoop) queue.loop();
    private final MemorySegment memory = Bench.memory(4096);

    /** Gives the next command when one is done, a hundred times. */
    private final class AgainCallback implements CommandCallback {
        private int rounds;

        @Override
        public void onComplete(StatusCode status, long result) {
            if (++rounds < 100) {
                assertThat(queue.read(namespace, 0, 1, memory, 0, this)).isTrue();
            }
        }

        @Override
        public void onConnectionLost(CloseReason reason) {
            throw new AssertionError(reason);
        }
    }

    /** A caller with a bug. */
    private static final class BrokenCallback implements CommandCallback {
        @Override
        public void onComplete(StatusCode status, long result) {
            throw new IllegalStateException("a bug of the caller");
        }

        @Override
        public void onConnectionLost(CloseReason reason) {
            throw new IllegalStateException("a bug of the caller");
        }
    }

    @Test
    void writesAndReadsBack() {
        MemorySegment data = Bench.pattern(4096, 3);
        Recorder wrote = new Recorder();
        assertThat(onLoop(() -> queue.write(namespace, 10, 4, data, 2048, true, wrote))).isTrue();
        assertThat(wrote.status).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        Recorder read = new Recorder();
        onLoop(() -> queue.read(namespace, 10, 4, memory, 1024, read));
        assertThat(read.completions).isEqualTo(1);
        assertThat(memory.asSlice(1024, 2048).mismatch(data.asSlice(2048))).isEqualTo(-1);
        assertThat(queue.outstanding()).isZero();
    }

    @Test
    void saysWhatTheWireNeeds() {
        List<String> entries = new ArrayList<>();
        fake.script = c -> {
            entries.add("%02X nsid %d %d %08X %08X %08X".formatted(c.opcode, c.entry.namespaceId(),
                    c.entry.commandQword(10), c.cdw(12), c.cdw(13), c.cdw(11)));
            return false;
        };
        Recorder done = new Recorder();
        onLoop(() -> queue.write(namespace, 5, 8, memory, 0, true, done));
        onLoop(() -> queue.write(namespace, 5, 1, memory, 0, false, done));
        onLoop(() -> queue.compare(namespace, 5, 1, memory, 0, done));
        onLoop(() -> queue.writeZeroes(namespace, 6, 2, true, done));
        onLoop(() -> queue.flush(namespace, done));
        onLoop(() -> queue.deallocate(namespace, 7, 3, done));
        assertThat(entries).containsExactly("01 nsid 1 5 40000007 00000000 00000000",
                "01 nsid 1 5 00000000 00000000 00000000", "05 nsid 1 5 00000000 00000000 00000000",
                "08 nsid 1 6 02000001 00000000 00000000", "00 nsid 1 0 00000000 00000000 00000000",
                "09 nsid 1 17179869184 00000000 00000000 00000004");
        assertThat(done.completions).isEqualTo(6);
    }

    @Test
    void refusesWhenFullAndTakesAgainAfterACompletion() {
        List<FakeCommand> held = hold();
        Recorder recorder = new Recorder();
        for (int i = 0; i < queue.depth(); i++) {
            assertThat(read(recorder)).isTrue();
        }
        assertThat(read(recorder)).isFalse();
        assertThat(queue.outstanding()).isEqualTo(8);
        held.remove(3).answer(0);
        loop.runTasks();
        assertThat(recorder.completions).isEqualTo(1);
        assertThat(read(recorder)).isTrue();
        assertThat(read(recorder)).isFalse();
    }

    @Test
    void anAnswerFreesTheSlotForTheCallback() {
        AgainCallback again = new AgainCallback();
        onLoop(() -> queue.read(namespace, 0, 1, memory, 0, again));
        assertThat(again.rounds).isEqualTo(100);
    }

    @Test
    void everyOutstandingCommandIsLostOnce() {
        hold();
        List<Recorder> recorders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            recorders.add(new Recorder());
            read(recorders.getLast());
        }
        fake.connections.get(1).drop(CloseReason.Kind.TRANSPORT_ERROR, "cable cut");
        bench.loops.runTasks();
        assertThat(recorders).allSatisfy(recorder -> {
            assertThat(recorder.losses).isEqualTo(1);
            assertThat(recorder.completions).isZero();
            assertThat(recorder.reason.message()).contains("cable cut");
        });
        assertThat(read(new Recorder())).isFalse();
        assertThat(queue.isOpen()).isFalse();
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void aThrowingCallbackHarmsNobodyElse() {
        List<FakeCommand> held = hold();
        CommandCallback broken = new BrokenCallback();
        Recorder fine = new Recorder();
        onLoop(() -> queue.read(namespace, 0, 1, memory, 0, broken));
        onLoop(() -> queue.read(namespace, 0, 1, memory, 0, broken));
        read(fine);
        read(fine);
        held.get(0).answer(0);
        held.get(2).answer(0);
        loop.runTasks();
        assertThat(fine.completions).isEqualTo(1);
        fake.connections.get(1).drop(CloseReason.Kind.PEER_CLOSED, "gone");
        bench.loops.runTasks();
        assertThat(fine.losses).isEqualTo(1);
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void anAnswerToNoCommandEndsTheConnection() {
        hold();
        Recorder recorder = new Recorder();
        read(recorder);
        respond(500);
        assertThat(recorder.losses).isEqualTo(1);
        assertThat(recorder.reason.kind()).isEqualTo(CloseReason.Kind.PROTOCOL_ERROR);
        assertThat(recorder.reason.message())
                .contains("response to command 01F4h of queue 1, which is not outstanding");
        assertThat(fake.connections.get(1).closedBecause.kind()).isEqualTo(CloseReason.Kind.PROTOCOL_ERROR);
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void aSecondAnswerEndsTheConnectionAndMeetsNoOtherCommand() {
        List<FakeCommand> held = hold();
        Recorder first = new Recorder();
        Recorder second = new Recorder();
        read(first);
        held.get(0).answer(0);
        loop.runTasks();
        read(second);
        respond(held.get(0).commandId);
        assertThat(first.completions).isEqualTo(1);
        assertThat(first.losses).isZero();
        assertThat(second.completions).isZero();
        assertThat(second.losses).isEqualTo(1);
    }

    @Test
    void answersThatComeAfterGivingUpAreIgnored() {
        List<FakeCommand> held = hold();
        Recorder recorder = new Recorder();
        read(recorder);
        FakeConnection connection = fake.connections.get(1);
        loop.run(() -> {
            connection.receiver.onResponse(77, entry(77), true);
            connection.receiver.onResponse(held.get(0).commandId, entry(held.get(0).commandId), true);
        });
        assertThat(recorder.completions).isZero();
        bench.loops.runTasks();
        assertThat(recorder.completions + recorder.losses).isEqualTo(1);
        assertThat(recorder.losses).isEqualTo(1);
    }

    @Test
    void damagedDataIsATransientTransportError() {
        List<FakeCommand> held = hold();
        Recorder recorder = new Recorder();
        read(recorder);
        held.get(0).answerCorrupt();
        loop.runTasks();
        assertThat(recorder.status).isEqualTo(GenericStatus.TRANSIENT_TRANSPORT_ERROR);
        assertThat(queue.isOpen()).isTrue();
    }

    @Test
    void aCommandThatIsNeverAnsweredEndsTheController() {
        hold();
        Recorder recorder = new Recorder();
        read(recorder);
        List<CloseReason> closed = new ArrayList<>();
        controller.onClosed(closed::add);
        bench.advanceMillis(29_900);
        assertThat(recorder.losses).isZero();
        bench.advanceMillis(2_200);
        assertThat(recorder.losses).isEqualTo(1);
        assertThat(recorder.reason.kind()).isEqualTo(CloseReason.Kind.TIMEOUT);
        assertThat(recorder.reason.message()).contains("of queue 1 (opcode 02h) was not answered in time");
        assertThat(closed).hasSize(1);
        assertThat(closed.getFirst().kind()).isEqualTo(CloseReason.Kind.TIMEOUT);
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void anAnswerInTimeStopsTheClock() {
        List<FakeCommand> held = hold();
        Recorder recorder = new Recorder();
        for (int i = 0; i < 20; i++) {
            read(recorder);
            bench.advanceMillis(20_000);
            held.removeFirst().answer(0);
            loop.runTasks();
        }
        assertThat(recorder.completions).isEqualTo(20);
        assertThat(controller.isOpen()).isTrue();
    }

    @Test
    void refusesMistakesOfTheCaller() {
        Recorder recorder = new Recorder();
        MemorySegment heap = MemorySegment.ofArray(new byte[4096]);
        refuse(() -> queue.read(namespace, 4096, 1, memory, 0, recorder), "namespace 1 has 4096 blocks");
        refuse(() -> queue.read(namespace, 4095, 2, memory, 0, recorder), "2 blocks from block 4095 on");
        refuse(() -> queue.read(namespace, -1, 1, memory, 0, recorder), "block -1");
        refuse(() -> queue.read(namespace, Long.MAX_VALUE, 1, memory, 0, recorder), "block 9223372036854775807");
        refuse(() -> queue.read(namespace, 0, 0, memory, 0, recorder), "0 blocks");
        refuse(() -> queue.read(namespace, 0, 129, memory, 0, recorder), "at most 65536 blocks and 65536 bytes");
        refuse(() -> queue.read(namespace, 0, 8, memory, 1, recorder),
                "4096 bytes at offset 1 of memory of 4096 bytes");
        refuse(() -> queue.read(namespace, 0, 1, memory, -1, recorder), "at offset -1");
        refuse(() -> queue.read(namespace, 0, 1, memory.asReadOnly(), 0, recorder), "read-only");
        refuse(() -> queue.write(namespace, 0, 1, heap, 0, false, recorder), "off-heap");
        refuse(() -> queue.writeZeroes(namespace, 0, 5000, false, recorder), "5000 blocks");
        assertThatThrownBy(() -> queue.read(namespace, 0, 1, memory, 0, recorder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only be used on its own loop");
        assertThat(recorder.completions + recorder.losses).isZero();
        assertThat(queue.outstanding()).isZero();
    }

    @Test
    void refusesMemoryThatIsGone() {
        Arena arena = Arena.ofShared();
        MemorySegment gone = arena.allocate(512);
        arena.close();
        assertThatThrownBy(() -> loop.run(() -> queue.read(namespace, 0, 1, gone, 0, new Recorder())))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("arena of the data has been closed");
        assertThat(queue.outstanding()).isZero();
    }

    @Test
    void aTransportThatThrowsTakesNoSlot() {
        fake.connections.get(1).broken = true;
        Recorder recorder = new Recorder();
        assertThatThrownBy(() -> loop.run(() -> queue.read(namespace, 0, 1, memory, 0, recorder)))
                .hasMessage("broken transport");
        assertThat(queue.outstanding()).isZero();
        assertThat(bench.failure(namespace.read(0, 1, memory))).hasMessage("broken transport");
        fake.connections.get(1).broken = false;
        bench.await(namespace.read(0, 1, memory));
        assertThat(recorder.completions + recorder.losses).isZero();
    }

    private List<FakeCommand> hold() {
        List<FakeCommand> held = new ArrayList<>();
        fake.script = command -> command.connection.queueId > 0 && held.add(command);
        return held;
    }

    private boolean read(Recorder recorder) {
        return onLoop(() -> queue.read(namespace, 0, 1, memory, 0, recorder));
    }

    private boolean onLoop(BooleanSupplier action) {
        boolean[] result = new boolean[1];
        loop.run(() -> result[0] = action.getAsBoolean());
        loop.runTasks();
        return result[0];
    }

    private void refuse(Runnable action, String why) {
        assertThatThrownBy(() -> loop.run(action)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private void respond(int commandId) {
        loop.run(() -> fake.connections.get(1).receiver.onResponse(commandId, entry(commandId), true));
        bench.loops.runTasks();
    }

    private static CompletionQueueEntry entry(int commandId) {
        return new CompletionQueueEntry().wrap(Bench.memory(CompletionQueueEntry.SIZE), 0).encode(0, 0, 0, commandId,
                0);
    }
}
