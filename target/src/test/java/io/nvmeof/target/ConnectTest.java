package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeCapsuleSender.Response;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a Connect can fail, and where the host is told that it went wrong. */
class ConnectTest {
    private static final int RECFMT = 40;
    private static final int QID = 42;
    private static final int SQSIZE = 44;
    private static final int IN_DATA = 1 << 16;
    private static final int HOSTID = 0;
    private static final int CNTLID = 16;
    private static final int SUBNQN = 256;
    private static final int HOSTNQN = 512;
    private static final HostIdentifier NOBODY = new HostIdentifier(new UUID(0, 0));
    private static final HostIdentifier ANOTHER = new HostIdentifier(new UUID(1, 1));
    private static final NvmeQualifiedName STRANGER = NvmeQualifiedName.of("nqn.2024-01.com.example:stranger");

    private static ConnectData data(HostIdentifier id, int controllerId, NvmeQualifiedName subsystem,
            NvmeQualifiedName host) {
        return new ConnectData(id, controllerId, subsystem, host);
    }

    private static ConnectData dynamic() {
        return TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER);
    }

    static Stream<Arguments> adminRefusals() {
        StatusCode invalid = CommandSpecificStatus.CONNECT_INVALID_PARAMETERS;
        return Stream.of(
                Arguments.of("record format 1", 0, 31, dynamic(),
                        (Consumer<SubmissionQueueEntry>) entry -> entry.commandDword(10, 1),
                        CommandSpecificStatus.CONNECT_INCOMPATIBLE_FORMAT, RECFMT),
                Arguments.of("SQSIZE 0", 0, 0, dynamic(), null, invalid, SQSIZE),
                Arguments.of("SQSIZE too big", 0, 0xFFFF, dynamic(), null, invalid, SQSIZE),
                Arguments.of("SQSIZE above MQES", 0, 1024, dynamic(), null, invalid, SQSIZE),
                Arguments.of("a controller of its choice", 0, 31, TestTarget.connectData(1), null, invalid,
                        IN_DATA | CNTLID),
                Arguments.of("the static model", 0, 31, TestTarget.connectData(ConnectData.ANY_STATIC_CONTROLLER), null,
                        invalid, IN_DATA | CNTLID),
                Arguments.of("no host identifier", 0, 31,
                        data(NOBODY, 0xFFFF, TestTarget.SUBSYSTEM, TestTarget.HOST), null, invalid,
                        IN_DATA | HOSTID),
                Arguments.of("no such subsystem", 0, 31,
                        data(TestTarget.HOST_ID, 0xFFFF, STRANGER, TestTarget.HOST), null, invalid, IN_DATA | SUBNQN),
                Arguments.of("a host not allowed", 0, 31,
                        data(TestTarget.HOST_ID, 0xFFFF, TestTarget.SUBSYSTEM, STRANGER), null,
                        CommandSpecificStatus.CONNECT_INVALID_HOST, IN_DATA | HOSTNQN),
                Arguments.of("an I/O queue of any controller", 1, 31, dynamic(), null, invalid, IN_DATA | CNTLID),
                Arguments.of("an I/O queue of no controller", 1, 31, TestTarget.connectData(77), null, invalid,
                        IN_DATA | CNTLID));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("adminRefusals")
    void refusesAndSaysWhere(String name, int queueId, int sqSize, ConnectData data,
            Consumer<SubmissionQueueEntry> change, StatusCode status, int location) {
        TestTarget target = new TestTarget(1, builder -> builder.allowHost(TestTarget.HOST));
        HostQueue queue = target.open(0);
        expectRefusal(connect(queue, queueId, sqSize, data, change), status, location);
        assertThat(target.target().controllers()).isEmpty();
        // The connection lives on, and a better Connect succeeds on it.
        success(queue.connect(0, 31, 0, 0, dynamic()));
    }

    static Stream<Arguments> ioRefusals() {
        StatusCode invalid = CommandSpecificStatus.CONNECT_INVALID_PARAMETERS;
        return Stream.of(
                Arguments.of("another host", 2, 31, TestTarget.HOST_ID, TestTarget.SUBSYSTEM, STRANGER, invalid,
                        IN_DATA | HOSTNQN),
                Arguments.of("another host identifier", 2, 31, ANOTHER, TestTarget.SUBSYSTEM, TestTarget.HOST,
                        invalid, IN_DATA | HOSTID),
                Arguments.of("another subsystem", 2, 31, TestTarget.HOST_ID, STRANGER, TestTarget.HOST, invalid,
                        IN_DATA | SUBNQN),
                Arguments.of("more queues than granted", 5, 31, TestTarget.HOST_ID, TestTarget.SUBSYSTEM,
                        TestTarget.HOST, invalid, QID),
                Arguments.of("more entries than MQES", 2, 64, TestTarget.HOST_ID, TestTarget.SUBSYSTEM,
                        TestTarget.HOST, invalid, SQSIZE),
                Arguments.of("SQSIZE 0", 2, 0, TestTarget.HOST_ID, TestTarget.SUBSYSTEM, TestTarget.HOST, invalid,
                        SQSIZE),
                Arguments.of("a queue that exists", 1, 31, TestTarget.HOST_ID, TestTarget.SUBSYSTEM,
                        TestTarget.HOST, GenericStatus.COMMAND_SEQUENCE_ERROR, QID));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ioRefusals")
    void refusesAnIoQueueAndSaysWhere(String name, int queueId, int sqSize, HostIdentifier hostId,
            NvmeQualifiedName subsystem, NvmeQualifiedName host, StatusCode status, int location) {
        TestTarget target = new TestTarget(2, builder ->
                builder.allowAnyHost(true).queueSizeMax(64).ioQueueCountMax(4));
        target.connectAdmin(0);
        target.connectIo(1, 1, 31);
        HostQueue queue = target.open(1);
        expectRefusal(queue.connect(queueId, sqSize, 0, 0,
                data(hostId, target.newestControllerId(), subsystem, host)), status, location);
    }

    @Test
    void anIoQueueNeedsAnEnabledController() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue admin = target.open(0);
        success(admin.connect(0, 31, 0, 0, dynamic()));
        ConnectData data = TestTarget.connectData(target.newestControllerId());
        HostQueue io = target.open(0);
        expectRefusal(io.connect(1, 31, 0, 0, data), GenericStatus.COMMAND_SEQUENCE_ERROR, QID);
        TestTarget.enable(admin);
        success(io.connect(1, 31, 0, 0, data));
    }

    @Test
    void nothingButConnectComesFirstAndOnlyOnce() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue queue = target.open(0);
        assertThat(queue.propertyGet(Property.CAP).status()).isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
        assertThat(queue.identify(1, 0, 0).status()).isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
        success(queue.connect(0, 31, 0, 0, dynamic()));
        assertThat(queue.identify(1, 0, 0).status()).as("before enable")
                .isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
        assertThat(queue.connect(0, 31, 0, 0, dynamic()).status()).isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
        TestTarget.enable(queue);
        success(queue.identify(1, 0, 0));
        HostQueue io = target.connectIo(0, 1);
        assertThat(io.connect(1, 31, 0, 0, TestTarget.connectData(target.newestControllerId())).status())
                .isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
        assertThat(io.propertyGet(Property.CAP).status()).isEqualTo(GenericStatus.INVALID_OPCODE);
    }

    @Test
    void agreesToDisableFlowControl() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue queue = target.open(0);
        Response response = success(
                queue.connect(0, 31, ConnectCommand.CATTR_DISABLE_SQ_FLOW_CONTROL, 0, dynamic()));
        assertThat(response.sqHead()).isEqualTo(0xFFFF);
        assertThat(queue.sender().flowControlDisabled()).isTrue();
        assertThat(queue.sender().slotCount()).isEqualTo(32);
    }

    @Test
    void theSubmissionQueueHeadGoesRound() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue queue = target.open(0);
        assertThat(success(queue.connect(0, 3, 0, 0, dynamic())).sqHead()).isEqualTo(1);
        for (int head : new int[] {2, 3, 0, 1}) {
            assertThat(queue.propertyGet(Property.CAP).sqHead()).isEqualTo(head);
        }
    }

    @Test
    void everyControllerHasAnIdentifierOfItsOwn() {
        TestTarget target = new TestTarget(2, builder -> builder.allowAnyHost(true).controllerCountMax(2));
        HostQueue first = target.connectAdmin(0);
        target.connectAdmin(1);
        assertThat(target.target().controllers()).extracting(ControllerInfo::controllerId).doesNotHaveDuplicates();
        HostQueue third = target.open(0);
        Response busy = third.connect(0, 31, 0, 0, dynamic());
        assertThat(StatusCode.ofFabricsField(busy.statusField()))
                .isEqualTo(CommandSpecificStatus.CONNECT_CONTROLLER_BUSY);
        assertThat(busy.doNotRetry()).isFalse();
        first.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        success(third.connect(0, 31, 0, 0, dynamic()));
    }

    @Test
    void aConnectionThatBreaksWhileItConnectsLeavesNothing() {
        TestTarget target = TestTarget.withMemory(2);
        HostQueue admin = target.connectAdmin(0);
        ConnectData ioData = TestTarget.connectData(target.newestControllerId());
        for (HostQueue queue : new HostQueue[] {target.open(1), target.open(1)}) {
            submitConnect(queue, 1, ioData);
            target.loops().loop(1).runTasks(); // The data arrives, and the question is on its way to another loop.
            queue.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
            target.loops().runTasks();
        }
        HostQueue another = target.open(1);
        submitConnect(another, 0, dynamic());
        target.loops().loop(1).runTasks();
        another.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        target.loops().runTasks();
        assertThat(target.target().controllers()).hasSize(1);
        success(target.open(1).connect(1, 31, 0, 0, ioData));
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
        assertThat(admin.sender().closed()).isFalse();
    }

    @Test
    void aSilentConnectionIsClosed() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue silent = target.open(0);
        HostQueue connected = target.connectAdmin(0);
        target.loops().advance(11_000_000_000L);
        assertThat(silent.sender().closeReason().kind()).isEqualTo(CloseReason.Kind.TIMEOUT);
        assertThat(connected.sender().closed()).isFalse();
    }

    @Test
    void tooManySilentConnectionsAreRefused() {
        TestTarget target = TestTarget.withMemory(1);
        int accepted = 0;
        while (target.transport().connect(target.loops().loop(0)) != null) {
            accepted++;
        }
        assertThat(accepted).isEqualTo(512);
    }

    private static void submitConnect(HostQueue queue, int queueId, ConnectData data) {
        MemorySegment memory = MemorySegment.ofArray(new byte[SubmissionQueueEntry.SIZE]);
        new ConnectCommand().wrap(memory, 0).encode(0, queueId, 31, 0, 0);
        byte[] bytes = new byte[ConnectData.SIZE];
        data.encode(MemorySegment.ofArray(bytes), 0);
        queue.submit(memory, bytes, bytes.length);
    }

    private static Response connect(HostQueue queue, int queueId, int sqSize, ConnectData data,
            Consumer<SubmissionQueueEntry> change) {
        if (change == null) {
            return queue.connect(queueId, sqSize, 0, 0, data);
        }
        MemorySegment memory = MemorySegment.ofArray(new byte[SubmissionQueueEntry.SIZE]);
        new ConnectCommand().wrap(memory, 0).encode(0, queueId, sqSize, 0, 0);
        change.accept(new SubmissionQueueEntry().wrap(memory, 0));
        byte[] bytes = new byte[ConnectData.SIZE];
        data.encode(MemorySegment.ofArray(bytes), 0);
        return queue.call(memory, bytes, bytes.length);
    }

    private static void expectRefusal(Response response, StatusCode status, int location) {
        assertThat(StatusCode.ofFabricsField(response.statusField())).isEqualTo(status);
        assertThat(response.doNotRetry()).isTrue();
        assertThat((int) response.result()).as("IPO and IATTR").isEqualTo(location);
    }
}
