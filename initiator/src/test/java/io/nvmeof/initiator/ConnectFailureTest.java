package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Controllers that refuse, lie, stall or go away: connecting fails with a reason, and nothing stays open. */
class ConnectFailureTest {
    private static final String PREFIX = "cannot connect to " + Bench.SUBSYSTEM + " at " + Bench.ADDRESS + ": ";

    static Stream<Arguments> controllers() {
        return Stream.concat(untilReady(), untilQueues());
    }

    private static Stream<Arguments> untilReady() {
        return Stream.of(
            row("no such subsystem", refuseConnect(0, true, ConnectData.SUBNQN_OFFSET), ConnectStep.CONNECT_ADMIN_QUEUE,
                    "Connect Invalid Parameters (status 182h, do not retry): the subsystem name (SUBNQN): "
                            + "there is no such subsystem at this address"),
            row("host name", refuseConnect(0, true, ConnectData.HOSTNQN_OFFSET), ConnectStep.CONNECT_ADMIN_QUEUE,
                    "the host name (HOSTNQN)"),
            row("queue size", refuseConnect(0, false, ConnectCommand.SQSIZE_OFFSET), ConnectStep.CONNECT_ADMIN_QUEUE,
                    "the submission queue size (SQSIZE)"),
            row("odd byte", refuseConnect(0, false, 63), ConnectStep.CONNECT_ADMIN_QUEUE, "byte 63 of the command"),
            row("host not allowed", f -> f.script = c -> fail(c, c.fabrics(1),
                    CommandSpecificStatus.CONNECT_INVALID_HOST), ConnectStep.CONNECT_ADMIN_QUEUE,
                    "Connect Invalid Host (status 184h"),
            row("authentication", f -> f.connectResult |= ConnectCommand.AUTHENTICATION_REQUIRED,
                    ConnectStep.CONNECT_ADMIN_QUEUE,
                    "requires authentication (DH-HMAC-CHAP), which is not supported yet"),
            row("reserved controller id", f -> f.connectResult = 0xFFFF, ConnectStep.CONNECT_ADMIN_QUEUE,
                    "calls itself FFFFh"),
            row("connection refused", f -> f.refusedConnection = 0, ConnectStep.OPEN_ADMIN_CONNECTION,
                    "transport error: the admin queue: connection refused"),
            row("no properties", f -> f.script = c -> fail(c, c.fabrics(4), GenericStatus.INVALID_FIELD_IN_COMMAND),
                    ConnectStep.READ_PROPERTIES, "Invalid Field in Command (status 002h, do not retry)"),
            row("no command set", f -> f.cap &= ~(0xFFL << 37), ConnectStep.ENABLE_CONTROLLER, "offers no command set"),
            row("huge pages", f -> f.cap |= 1L << 48, ConnectStep.ENABLE_CONTROLLER,
                    "smallest memory page is 8192 bytes"),
            row("never ready", f -> f.script = c -> answer(c, c.fabrics(4) && c.cdw(11) == 0x1C, 0),
                    ConnectStep.ENABLE_CONTROLLER, "in the time it promised (CAP.TO 1000 ms)"),
            row("never disabled", f -> {
                f.cc = 1;
                f.script = c -> answer(c, c.fabrics(4) && c.cdw(11) == 0x1C, 1);
            }, ConnectStep.DISABLE_CONTROLLER, "in the time it promised"),
            row("fatal status", f -> f.script = c -> answer(c, c.fabrics(4) && c.cdw(11) == 0x1C, 2),
                    ConnectStep.ENABLE_CONTROLLER, "fatal status (CSTS 2h)"));
    }

    private static Stream<Arguments> untilQueues() {
        return Stream.of(
            row("silent at Identify", f -> f.script = c -> c.admin(0x06), ConnectStep.IDENTIFY_CONTROLLER,
                    "was not answered in time"),
            row("two controllers in one", f -> f.identify().controllerId(8), ConnectStep.IDENTIFY_CONTROLLER,
                    "Identify says controller 8h, Connect said 7h"),
            row("no keep alive", f -> f.identify().keepAliveSupport(0), ConnectStep.IDENTIFY_CONTROLLER,
                    "does not support Keep Alive (KAS is 0)"),
            row("small command capsules", f -> f.identify().commandCapsuleSize(3), ConnectStep.IDENTIFY_CONTROLLER,
                    "too small for an entry (IOCCSZ 3, IORCSZ 1)"),
            row("no response capsules", f -> f.identify().responseCapsuleSize(0), ConnectStep.IDENTIFY_CONTROLLER,
                    "IORCSZ 0"),
            row("capsule data offset", f -> f.identify().inCapsuleDataOffset(1), ConnectStep.IDENTIFY_CONTROLLER,
                    "ICDOFF 1"),
            row("discovery controller", f -> f.identify().controllerType(IdentifyController.TYPE_DISCOVERY),
                    ConnectStep.IDENTIFY_CONTROLLER, "is a discovery controller"),
            row("MAXCMD 1", f -> f.identify().maximumOutstandingCommands(1), ConnectStep.CONNECT_IO_QUEUES,
                    "hold no command (1 entries)"),
            row("no queues granted", f -> f.grantedQueues = 0xFFFF_FFFF, ConnectStep.SET_NUMBER_OF_QUEUES,
                    "grants no I/O queues"),
            row("queues refused", f -> f.script = c -> fail(c, c.admin(0x09), GenericStatus.INTERNAL_ERROR),
                    ConnectStep.SET_NUMBER_OF_QUEUES, "Internal Error"),
            row("second I/O connection refused", f -> f.refusedConnection = 2, ConnectStep.CONNECT_IO_QUEUES,
                    "transport error: I/O queue 2: connection refused"),
            row("I/O Connect refused", refuseConnect(1, false, ConnectCommand.QID_OFFSET),
                    ConnectStep.CONNECT_IO_QUEUES, "the queue identifier (QID)"),
            row("I/O Connect silent", f -> f.script = c -> c.fabrics(1) && c.connection.queueId == 2,
                    ConnectStep.CONNECT_IO_QUEUES, "command 0000h of queue 2 (opcode 7Fh) was not answered in time"),
            row("I/O queue elsewhere", f -> f.script = c -> answer(c, c.fabrics(1) && c.connection.queueId == 1, 9),
                    ConnectStep.CONNECT_IO_QUEUES, "I/O queue 1 was connected to controller 9h instead of 7h"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void failsWithAReasonAndLeavesNothingOpen(String name, Consumer<FakeController> set, ConnectStep step, String why) {
        Bench bench = new Bench();
        set.accept(bench.controller);
        Throwable failure = bench.failure(bench.initiator.connect(Bench.options().build()));
        assertThat(failure).isInstanceOfSatisfying(ConnectException.class, e -> {
            assertThat(e.step()).isEqualTo(step);
            assertThat(e.address()).isEqualTo(Bench.ADDRESS);
            assertThat(e.subsystem()).isEqualTo(Bench.SUBSYSTEM);
        }).hasMessageStartingWith(PREFIX + step.text() + ": ").hasMessageContaining(why);
        assertNothingLeft(bench);
    }

    @Test
    void tellsTheStatusOfARefusal() {
        Bench bench = new Bench();
        bench.controller.script = c -> fail(c, c.fabrics(1), CommandSpecificStatus.CONNECT_INVALID_HOST);
        assertThat(bench.failure(bench.initiator.connect(Bench.options().build())))
                .isInstanceOfSatisfying(ConnectException.class, e -> {
                    assertThat(e.status()).contains(CommandSpecificStatus.CONNECT_INVALID_HOST);
                    assertThat(e.doNotRetry()).isTrue();
                });
    }

    @Test
    void failsWhereverTheConnectionIsLost() {
        Bench good = new Bench();
        good.connect();
        int commandCount = good.controller.conversation.size();
        assertThat(commandCount).isGreaterThan(10);
        // The events are asked for when the controller is there already: losing those is no failure to connect.
        int handshake = (int) good.controller.conversation.stream().filter(line -> !line.endsWith("0C")).count();
        IntStream.range(0, handshake).forEach(ConnectFailureTest::failsWhenLostAt);
    }

    private static void failsWhenLostAt(int n) {
        Bench bench = new Bench();
        int[] seen = {0};
        bench.controller.script = command -> {
            if (seen[0]++ == n) {
                command.connection.drop(CloseReason.Kind.PEER_CLOSED, "gone");
                return true;
            }
            return false;
        };
        Throwable failure = bench.failure(bench.initiator.connect(Bench.options().build()));
        assertThat(failure).as("lost at command " + n).isInstanceOf(ConnectException.class)
                .hasMessageContaining("peer closed").hasMessageContaining("gone");
        assertNothingLeft(bench);
    }

    @Test
    void failsWhenTheConnectionIsRefusedAtAnyQueue() {
        for (int i = 0; i < 3; i++) {
            Bench bench = new Bench();
            bench.controller.refusedConnection = i;
            assertThat(bench.failure(bench.initiator.connect(Bench.options().build())))
                    .hasMessageContaining("connection refused");
            assertNothingLeft(bench);
        }
    }

    @Test
    void givesUpWhenTheInitiatorIsClosedMeanwhile() {
        Bench bench = new Bench();
        bench.controller.script = c -> c.admin(0x06);
        CompletableFuture<HostController> connecting = bench.initiator.connect(Bench.options().build());
        bench.loops.runTasks();
        bench.loops.loop(0).run(bench.initiator::close); // On a loop it does not wait.
        assertThat(bench.failure(connecting)).isInstanceOf(ConnectException.class)
                .hasMessageContaining("the initiator is being closed");
        assertNothingLeft(bench);
    }

    /** No connection, and no timer that still does something. */
    private static void assertNothingLeft(Bench bench) {
        assertThat(bench.controller.openConnections).isZero();
        int said = bench.controller.conversation.size();
        int connections = bench.controller.connections.size();
        bench.advanceMillis(20_000);
        assertThat(bench.controller.conversation).hasSize(said);
        assertThat(bench.controller.connections).hasSize(connections);
    }

    private static Arguments row(String name, Consumer<FakeController> set, ConnectStep step, String why) {
        return Arguments.of(name, set, step, why);
    }

    private static Consumer<FakeController> refuseConnect(int queueId, boolean inData, int offset) {
        return fake -> fake.script = command -> {
            boolean concerned = command.fabrics(1) && command.connection.queueId == queueId;
            if (concerned) {
                command.fail(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS, true,
                        ConnectCommand.invalidParameterResult(inData, offset));
            }
            return concerned;
        };
    }

    private static boolean fail(FakeCommand command, boolean concerned, io.nvmeof.protocol.status.StatusCode status) {
        if (concerned) {
            command.fail(status, true);
        }
        return concerned;
    }

    private static boolean answer(FakeCommand command, boolean concerned, long result) {
        if (concerned) {
            command.answer(result);
        }
        return concerned;
    }
}
