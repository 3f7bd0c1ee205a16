package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keep Alive under a virtual clock. The timeout is 5 seconds unless said otherwise. */
class KeepAliveTest {
    private final Bench bench = new Bench();
    private final FakeController fake = bench.controller;
    private final List<Long> sentMillis = new ArrayList<>();

    @Test
    void isSentAtHalfTheTimeout() {
        record();
        bench.connect();
        bench.advanceMillis(10_000);
        assertThat(sentMillis).containsExactly(2500L, 5000L, 7500L, 10_000L);
    }

    @Test
    void isNotSentWithoutATimeout() {
        record();
        fake.identify().keepAliveSupport(0);
        bench.connect(Bench.options().keepAliveTimeoutMillis(0));
        bench.advanceMillis(60_000);
        assertThat(sentMillis).isEmpty();
    }

    @Test
    void trafficTakesItsPlaceIfTheControllerSaysSo() {
        record();
        fake.identify().controllerAttributes(IdentifyController.CTRATT_TRAFFIC_BASED_KEEP_ALIVE);
        RemoteNamespace namespace = bench.namespace();
        sentMillis.clear();
        for (int i = 0; i < 100; i++) {
            bench.await(namespace.flush());
            bench.advanceMillis(100);
        }
        assertThat(sentMillis).isEmpty();
        long quietSince = bench.loops.loop(0).nanoTime() / Bench.MILLI;
        bench.advanceMillis(10_000);
        assertThat(sentMillis).as("within half the timeout").first().satisfies(
                first -> assertThat(first - quietSince).isBetween(0L, 2500L));
        assertThat(sentMillis).hasSizeBetween(3, 5);
    }

    @Test
    void withoutAnAnswerTheControllerIsLost() {
        RemoteNamespace namespace = bench.namespace();
        List<CloseReason> reasons = new ArrayList<>();
        namespace.controller().onClosed(reasons::add);
        fake.script = command -> command.admin(0x18) || command.connection.queueId > 0;
        var read = namespace.read(0, 1, Bench.memory(512));
        bench.advanceMillis(9_000);
        assertThat(reasons).hasSize(1);
        assertThat(reasons.getFirst().kind()).isEqualTo(CloseReason.Kind.TIMEOUT);
        assertThat(bench.failure(read)).isInstanceOf(ConnectionLostException.class);
        assertThat(fake.openConnections).isZero();
        assertThat(namespace.controller().isOpen()).isFalse();
    }

    @Test
    void withABadAnswerTheControllerIsLost() {
        HostController controller = bench.connect();
        fake.script = command -> {
            boolean concerned = command.admin(0x18);
            if (concerned) {
                command.fail(GenericStatus.INTERNAL_ERROR, false);
            }
            return concerned;
        };
        List<CloseReason> reasons = new ArrayList<>();
        controller.onClosed(reasons::add);
        bench.advanceMillis(3_000);
        assertThat(reasons).singleElement().satisfies(
                reason -> assertThat(reason.message()).contains("Keep Alive failed").contains("Internal Error"));
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void aLossMeanwhileIsReportedAsWhatItIs() {
        HostController controller = bench.connect();
        List<CloseReason> reasons = new ArrayList<>();
        controller.onClosed(reasons::add);
        fake.script = command -> {
            if (command.admin(0x18)) {
                command.connection.drop(CloseReason.Kind.PEER_CLOSED, "gone");
            }
            return true;
        };
        bench.advanceMillis(3_000);
        assertThat(reasons).singleElement().extracting(CloseReason::kind).isEqualTo(CloseReason.Kind.PEER_CLOSED);
    }

    @Test
    void findsASlotWhenAdminCommandsFillTheQueue() {
        record();
        HostController controller = bench.connect();
        fake.script = command -> {
            if (command.admin(0x18)) {
                sentMillis.add(1L);
            }
            return command.admin(0x0A);
        };
        for (int i = 0; i < 500; i++) {
            controller.adminCommand(PassthroughCommand.of(0x0A));
        }
        sentMillis.clear();
        bench.advanceMillis(5_000);
        assertThat(sentMillis).hasSize(2);
        assertThat(controller.isOpen()).isTrue();
    }

    @Test
    void urgentCommandsPassTheLine() {
        HostController controller = bench.connect();
        List<FakeCommand> held = new ArrayList<>();
        fake.script = command -> (command.admin(0x0A) || command.fabrics(4)) && held.add(command);
        for (int i = 0; i < 30; i++) {
            controller.adminCommand(PassthroughCommand.of(0x0A));
            controller.property(0x08, false);
        }
        bench.loops.runTasks();
        assertThat(held).as("31 slots, 4 of them with event requests").hasSize(27);
        assertThat(held.stream().filter(command -> command.fabrics(4)).count()).isGreaterThanOrEqualTo(8);
        held.getFirst().answer(0);
        bench.loops.runTasks();
        assertThat(held.getLast().fabrics(4)).isTrue();
    }

    private void record() {
        fake.script = command -> {
            if (command.admin(0x18)) {
                sentMillis.add(bench.loops.loop(0).nanoTime() / Bench.MILLI);
            }
            return false;
        };
    }
}
