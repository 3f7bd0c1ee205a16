package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class DisconnectTest {
    private final Bench bench = new Bench();
    private final FakeController fake = bench.controller;
    private final RemoteNamespace namespace = bench.namespace();
    private final HostController controller = namespace.controller();

    @Test
    void shutsTheControllerDownAndClosesTheConnections() {
        List<CloseReason> reasons = new ArrayList<>();
        controller.onClosed(reasons::add);
        fake.conversation.clear();
        bench.await(controller.disconnect());
        assertThat(fake.conversation).containsExactly("q0 get 14", "q0 set 14", "q0 get 1C");
        assertThat(fake.cc >>> 14 & 3).isEqualTo(1);
        assertThat(fake.cc & 1).isEqualTo(1);
        assertThat(fake.openConnections).isZero();
        assertThat(reasons).singleElement().extracting(CloseReason::kind).isEqualTo(CloseReason.Kind.LOCAL);
        assertThat(controller.isOpen()).isFalse();
        controller.onClosed(reasons::add);
        assertThat(reasons).as("late listeners hear it too").hasSize(2);
    }

    @Test
    void waitsForWhatIsOutstandingAndRefusesWhatIsNew() {
        List<FakeCommand> held = new ArrayList<>();
        fake.script = command -> command.connection.queueId > 0 && held.add(command);
        Recorder recorder = new Recorder();
        IoQueue queue = controller.queue(0);
        CompletableFuture<Void> write = namespace.write(0, 1, Bench.memory(512));
        ((ManualLoop) queue.loop()).run(
                () -> queue.read(namespace, 0, 1, Bench.memory(512), 0, recorder));
        bench.loops.runTasks();
        CompletableFuture<Void> disconnect = controller.disconnect();
        bench.loops.runTasks();
        assertThat(disconnect).isNotDone();
        assertThat(bench.failure(namespace.flush())).isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("disconnected");
        ((ManualLoop) queue.loop()).run(
                () -> assertThat(queue.read(namespace, 0, 1, Bench.memory(512), 0, recorder)).isFalse());
        held.forEach(command -> command.answer(0));
        bench.await(disconnect);
        assertThat(write).isCompleted();
        assertThat(recorder.completions).isEqualTo(1);
        assertThat(recorder.losses).isZero();
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void keepsAliveWhileItWaits() {
        fake.script = command -> command.connection.queueId > 0;
        namespace.write(0, 1, Bench.memory(512));
        CompletableFuture<Void> disconnect = controller.disconnect();
        bench.advanceMillis(20_000);
        assertThat(fake.conversation.stream().filter("q0 18"::equals).count()).isGreaterThanOrEqualTo(7);
        bench.end(disconnect);
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void saysWhenTheControllerDidNotConfirmAndClosesAnyway() {
        fake.script = command -> {
            boolean status = command.fabrics(4) && command.cdw(11) == 0x1C;
            if (status) {
                command.answer(1 | 1 << 2); // Shutdown goes on, for ever.
            }
            return status;
        };
        assertThat(bench.failure(controller.disconnect())).isInstanceOf(TimeoutException.class);
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void aSilentControllerIsGivenUp() {
        fake.script = command -> true;
        assertThat(bench.failure(controller.disconnect())).isInstanceOf(ConnectionLostException.class);
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void isTheSameWhenRepeatedOrTooLate() {
        CompletableFuture<Void> first = controller.disconnect();
        CompletableFuture<Void> second = controller.disconnect();
        bench.await(first);
        bench.await(second);
        bench.await(controller.disconnect());
        assertThat(fake.conversation.stream().filter("q0 set 14"::equals).count()).as("enable and shutdown")
                .isEqualTo(2);
    }

    @Test
    void aLostControllerIsDisconnectedAlready() {
        fake.connections.getFirst().drop(CloseReason.Kind.PEER_CLOSED, "gone");
        bench.loops.runTasks();
        bench.await(controller.disconnect());
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void closingTheInitiatorDisconnectsEveryController() {
        fake.cc = 0; // Connects to a controller of its own.
        HostController second = bench.connect();
        bench.loops.loop(0).run(bench.initiator::close);
        bench.advanceMillis(1_000);
        assertThat(fake.openConnections).isZero();
        assertThat(controller.isOpen() || second.isOpen()).isFalse();
        assertThat(fake.conversation.stream().filter("q0 set 14"::equals).count()).isEqualTo(4);
        assertThatThrownBy(() -> bench.initiator.connect(Bench.options().build()))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }
}
