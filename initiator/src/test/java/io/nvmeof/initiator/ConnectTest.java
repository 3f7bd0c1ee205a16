package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectTest {
    private final Bench bench = new Bench();
    private final FakeController fake = bench.controller;

    @Test
    void goesThroughTheStepsInOrder() {
        HostController controller = bench.connect();
        assertThat(fake.conversation).startsWith("q0 connect", "q0 get 00", "q0 get 08", "q0 get 14", "q0 set 14",
                "q0 get 1C", "q0 06", "q0 09").endsWith("q0 09", "q0 0C", "q0 0C", "q0 0C", "q0 0C");
        assertThat(fake.conversation.subList(8, 10)).containsExactlyInAnyOrder("q1 connect", "q2 connect");
        assertThat(fake.cc).isEqualTo(0x0046_0001);
        assertThat(controller.ioQueueCount()).isEqualTo(2);
        assertThat(controller.controllerId()).isEqualTo(FakeController.CONTROLLER_ID);
        assertThat(controller.transferBytesMax()).isEqualTo(65_536);
        assertThat(controller.isOpen()).isTrue();
        assertThat(fake.openConnections).isEqualTo(3);
    }

    @Test
    void saysWhoItIsOnEveryQueue() {
        bench.connect();
        assertThat(fake.connects).extracting(ConnectData::hostNqn).containsOnly(Bench.HOST);
        assertThat(fake.connects).extracting(ConnectData::subsystemNqn).containsOnly(Bench.SUBSYSTEM);
        assertThat(fake.connects).extracting(data -> data.hostIdentifier().uuid()).containsOnly(Bench.HOST_ID);
        assertThat(fake.connects).extracting(ConnectData::controllerId)
                .containsExactly(0xFFFF, FakeController.CONTROLLER_ID, FakeController.CONTROLLER_ID);
    }

    @Test
    void asksForTheParametersOfTheOptions() {
        List<int[]> connects = new java.util.ArrayList<>();
        fake.script = command -> {
            if (command.fabrics(1)) {
                connects.add(new int[] {command.cdw(10), command.cdw(11), command.cdw(12)});
            }
            return false;
        };
        bench.connect(Bench.options().ioQueueCount(1).queueSize(64).keepAliveTimeoutMillis(7000)
                .disableSqFlowControl(true).headerDigest(true));
        assertThat(connects.get(0)).containsExactly(0, 4 << 16 | 31, 7000);
        assertThat(connects.get(1)).containsExactly(1 << 16, 4 << 16 | 63, 0);
        assertThat(fake.connections.get(1).options.slotCount()).isEqualTo(63);
        assertThat(fake.connections.get(1).options.headerDigest()).isTrue();
        assertThat(fake.connections.get(1).options.dataDigest()).isFalse();
    }

    @Test
    void limitsTheQueuesByWhatTheControllerCan() {
        fake.cap = ControllerCapabilities.of(48, 1000, ControllerCapabilities.CSS_NVM).value();
        fake.identify().maximumOutstandingCommands(32);
        fake.grantedQueues = 0x0000_0005;
        HostController controller = bench.connect(Bench.options().ioQueueCount(4));
        assertThat(controller.ioQueueCount()).isEqualTo(1);
        assertThat(controller.queue(0).depth()).isEqualTo(31);
    }

    @Test
    void spreadsTheQueuesOverTheLoops() {
        HostController controller = bench.connect(Bench.options().ioQueueCount(4));
        assertThat(IntStream.range(0, 4).mapToObj(i -> controller.queue(i).loop()).distinct()).hasSize(2);
        assertThat(IntStream.range(0, 4).map(i -> controller.queue(i).index())).containsExactly(0, 1, 2, 3);
    }

    @Test
    void tellsTheTransportTheInCapsuleSizeOfIoQueuesOnly() {
        bench.connect();
        bench.loops.runTasks();
        assertThat(fake.connections).extracting(connection -> connection.inCapsuleDataSize)
                .containsExactly(8192, 8192, 8192);
        fake.identify().commandCapsuleSize(4);
        bench.connect();
        bench.loops.runTasks();
        assertThat(fake.connections.subList(3, 6)).extracting(connection -> connection.inCapsuleDataSize)
                .containsExactly(8192, 0, 0);
    }

    @Test
    void disablesAControllerThatIsEnabled() {
        fake.cc = 0x0046_0001;
        fake.csts = 1;
        bench.connect();
        assertThat(fake.conversation).containsSubsequence("q0 get 14", "q0 set 14", "q0 get 1C", "q0 set 14",
                "q0 get 1C",
                "q0 06");
        assertThat(fake.csts & 1).isEqualTo(1);
    }

    @Test
    void waitsForAControllerThatIsSlowToGetReady() {
        fake.cap |= 0xFFL << 24; // CAP.TO: 127.5 s
        fake.script = command -> {
            if (command.fabrics(4) && command.cdw(11) == 0x1C
                    && command.connection.loop().nanoTime() < 90_000 * Bench.MILLI) {
                command.answer(0);
                return true;
            }
            return false;
        };
        assertThat(bench.connect().isOpen()).isTrue();
        assertThat(bench.loops.loop(0).nanoTime()).isGreaterThanOrEqualTo(90_000 * Bench.MILLI);
        assertThat(fake.conversation.stream().filter("q0 get 1C"::equals).count()).as("polls per second")
                .isLessThan(1000);
    }

    @Test
    void selectsTheCommandSetThatIsOffered() {
        fake.cap = ControllerCapabilities.of(128, 1000, ControllerCapabilities.CSS_IO_COMMAND_SETS).value();
        bench.connect();
        assertThat(fake.cc >>> 4 & 7).isEqualTo(6);
        fake.cap = ControllerCapabilities.of(128, 1000, ControllerCapabilities.CSS_NONE).value();
        bench.connect(Bench.options().ioQueueCount(0));
        assertThat(fake.cc >>> 4 & 7).isEqualTo(7);
    }

    @Test
    void connectsWithoutIoQueues() {
        fake.identify().controllerType(IdentifyController.TYPE_DISCOVERY).commandCapsuleSize(0);
        HostController controller = bench.connect(Bench.options().ioQueueCount(0));
        assertThat(controller.ioQueueCount()).isZero();
        assertThat(fake.conversation).doesNotContain("q1 connect");
        RemoteNamespace namespace = bench.await(controller.namespace(1));
        assertThatThrownBy(() -> namespace.flush()).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without I/O queues");
    }

    @Test
    void passesAnyCommandThrough() {
        HostController controller = bench.connect();
        assertThat(bench.await(controller.adminCommand(PassthroughCommand.of(0x0A).dword(10, 0x0F))).dword0())
                .isEqualTo(0x1234);
        assertThat(bench.await(controller.property(0x08, false))).isEqualTo(0x0002_0000);
        assertThat(bench.await(controller.property(0x00, true))).isEqualTo(fake.cap);
        bench.await(controller.ioCommand(PassthroughCommand.of(0x00).namespaceId(1)));
        assertThat(fake.flushes).isEqualTo(1);
        assertThat(bench.failure(controller.adminCommand(PassthroughCommand.of(0xC0).named("Vendor Thing"))))
                .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.doNotRetry()).isTrue())
                .hasMessageContaining("Vendor Thing on the admin queue of " + Bench.SUBSYSTEM + " at " + Bench.ADDRESS
                        + ": Invalid Command Opcode (status 001h, do not retry)");
        assertThat(bench.await(controller.logPage(0x04, -1, 0, 8192)).byteSize()).isEqualTo(8192);
    }

    @Test
    void refusesOptionsOutsideTheirRangeByName() {
        assertThatThrownBy(() -> Bench.options().queueSize(1)).hasMessage("queue size 1: allowed from 2 to 65535");
        assertThatThrownBy(() -> Bench.options().keepAliveTimeoutMillis(5))
                .hasMessageContaining("keep alive timeout ms 5");
    }
}
