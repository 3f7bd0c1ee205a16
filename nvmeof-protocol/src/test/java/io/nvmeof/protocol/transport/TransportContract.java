package io.nvmeof.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.ContractHost.Response;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every transport must do, whatever it is made of; a subclass says how to make one. */
public abstract class TransportContract {
    /** One transport, both of its sides, and what it runs on; made anew for each test. */
    public interface Fabric extends AutoCloseable {
        TargetTransport targetTransport();

        HostTransport hostTransport();

        /** The loop that hosts connect from. */
        EventLoop hostLoop();

        /** Where to listen; the service identifier lets the system choose. */
        TransportAddress listenAddress();

        /** Whether hosts ask for header digests. */
        default boolean headerDigest() {
            return false;
        }

        /** Whether hosts ask for data digests. */
        default boolean dataDigest() {
            return false;
        }

        /** Lets everything go on until the condition holds; throws an AssertionError if it does not within seconds. */
        void until(BooleanSupplier condition);

        /** Lets everything go on for a moment, long enough for what must not happen to happen. */
        void settle();

        /** Closes loops and all; the transports have been closed before. */
        @Override
        void close();
    }

    private static final int QUEUE_SIZE = 64;
    private static final long CONNECT_TIMEOUT_NANOS = 5_000_000_000L;

    private final List<ContractController> controllers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean refuse = new AtomicBoolean();
    private final SplittableRandom random = new SplittableRandom(1);
    private Fabric fabric;
    private TargetTransport.Listener listener;

    /** Makes a fabric whose transports are open. */
    protected abstract Fabric open() throws Exception;

    @BeforeEach
    void listen() throws Exception {
        fabric = open();
        listener = fabric.targetTransport().listen(fabric.listenAddress(), sender -> {
            if (refuse.get()) {
                return null;
            }
            ContractController controller = new ContractController(sender);
            controllers.add(controller);
            return controller;
        });
    }

    @AfterEach
    void everythingIsGivenBack() {
        fabric.hostTransport().close();
        fabric.targetTransport().close();
        fabric.until(() -> controllers.stream().allMatch(controller -> controller.closedCount > 0));
        for (ContractController controller : controllers) {
            AtomicLong taken = new AtomicLong(-1);
            fabric.until(() -> {
                controller.loop().execute(() -> taken.set(controller.loop().buffers().takenBytes()));
                return taken.get() == 0;
            });
            assertThat(controller.closedCount).isEqualTo(1);
        }
        fabric.close();
    }

    @Test
    void connects() {
        ContractHost host = connect();
        assertThat(host.sender.loop()).isSameAs(fabric.hostLoop());
        assertThat(host.sender.peer()).isEqualTo(listener.address());
        assertThat(controllers).hasSize(1);
        assertThat(controllers.getFirst().sender().limits().local()).isEqualTo(listener.address());
        assertThat(host.connectedCount).isEqualTo(1);
    }

    @Test
    void saysThatNobodyListens() {
        listener.close();
        ContractHost host = new ContractHost();
        fabric.hostTransport().connect(fabric.hostLoop(), listener.address(), options(), host);
        fabric.until(() -> host.closedCount == 1);
        assertThat(host.closeReason.kind()).isEqualTo(CloseReason.Kind.TRANSPORT_ERROR);
        assertThat(host.connectedCount).isZero();
    }

    @Test
    void closesAConnectionThatTheControllerRefuses() {
        refuse.set(true);
        ContractHost host = new ContractHost();
        fabric.hostTransport().connect(fabric.hostLoop(), listener.address(), options(), host);
        fabric.until(() -> host.closedCount == 1);
        fabric.settle();
        assertThat(host.closedCount).isEqualTo(1);
    }

    @Test
    void refusesAnAddressInUse() {
        assertThatThrownBy(() -> fabric.targetTransport().listen(listener.address(), sender -> null))
                .isInstanceOf(IOException.class);
    }

    @Test
    void existingConnectionsOutliveTheListener() {
        ContractHost host = connect();
        listener.close();
        assertThat(command(host, ContractController.ECHO, 3, 7, 0).result()).isEqualTo(7);
    }

    @Test
    void carriesResultStatusAndHead() {
        ContractHost host = connect();
        Response echo = command(host, ContractController.ECHO, 9, 0x1234_5678_9ABC_DEF0L, 0x4004);
        assertThat(echo.commandId()).isEqualTo(9);
        assertThat(echo.result()).isEqualTo(0x1234_5678_9ABC_DEF0L);
        assertThat(echo.statusField()).isEqualTo(0x4004);
        assertThat(echo.sqHead()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 511, 512, 4096, 8191, 8192, 8193, 16_384, 16_385, 65_536, 131_072, 1_048_575, 1_048_576})
    void movesDataBothWays(int length) {
        ContractHost host = connect();
        MemorySegment memory = randomMemory(length + 9);
        MemorySegment back = Arena.ofAuto().allocate(length + 10L);
        Response write = transfer(host, ContractController.WRITE, 100, memory, 9, length);
        Response read = transfer(host, ContractController.READ, 100, back, 5, length);
        assertThat(write.successful()).as(write.toString()).isTrue();
        assertThat(read.successful()).as(read.toString()).isTrue();
        assertThat(memory.asSlice(9, length).mismatch(back.asSlice(5, length))).isEqualTo(-1);
        assertThat(back.asSlice(0, 5).mismatch(MemorySegment.ofArray(new byte[5]))).isEqualTo(-1);
        assertThat(back.asSlice(5L + length, 5).mismatch(MemorySegment.ofArray(new byte[5]))).isEqualTo(-1);
    }

    @Test
    void largestInCapsuleDataGoesBothWays() {
        ContractHost host = connect();
        onHost(() -> host.sender.setInCapsuleDataSize(controllers.getFirst().sender().limits().inCapsuleDataBytes()));
        for (int length : new int[] {4096, 8193, 16_384, 16_385}) {
            MemorySegment memory = randomMemory(length);
            MemorySegment back = Arena.ofAuto().allocate(length);
            assertThat(transfer(host, ContractController.WRITE, 0, memory, 0, length).successful()).isTrue();
            assertThat(transfer(host, ContractController.READ, 0, back, 0, length).successful()).isTrue();
            assertThat(memory.mismatch(back)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersInAnyOrder(boolean reverse) {
        ContractHost host = connect();
        onHost(() -> {
            for (int i = 0; i < QUEUE_SIZE; i++) {
                host.send(ContractController.HOLD, i, 0, 0);
            }
        });
        ContractController controller = controllers.getFirst();
        fabric.until(() -> controller.heldCount == QUEUE_SIZE);
        controller.loop().execute(() -> controller.releaseHeld(reverse));
        fabric.until(() -> host.responseCount() == QUEUE_SIZE);
        List<Response> responses = host.takeResponses();
        for (int i = 0; i < QUEUE_SIZE; i++) {
            assertThat(responses.get(i).commandId()).isEqualTo(reverse ? QUEUE_SIZE - 1 - i : i);
        }
    }

    @Test
    void keepsManyTransfersApart() {
        ContractHost host = connect();
        int length = 40_000;
        MemorySegment memory = randomMemory(QUEUE_SIZE * length);
        MemorySegment back = Arena.ofAuto().allocate(memory.byteSize());
        for (int round = 0; round < 3; round++) {
            int opcode = round == 2 ? ContractController.READ
                    : round == 1 ? ContractController.WRITE_LATER : ContractController.WRITE;
            MemorySegment used = round == 2 ? back : memory;
            onHost(() -> {
                for (int i = 0; i < QUEUE_SIZE; i++) {
                    int bytes = i % 2 == 0 ? length : i * 60;
                    host.send(opcode, i, (long) i * length, 0, used, (long) i * length, bytes);
                }
            });
            fabric.until(() -> host.responseCount() == QUEUE_SIZE);
            assertThat(host.takeResponses()).allMatch(Response::successful);
        }
        for (int i = 0; i < QUEUE_SIZE; i++) {
            int bytes = i % 2 == 0 ? length : i * 60;
            long at = (long) i * length;
            assertThat(memory.asSlice(at, bytes).mismatch(back.asSlice(at, bytes))).as("command %d", i).isEqualTo(-1);
        }
    }

    @Test
    void movesALotOfData() {
        ContractHost host = connect();
        int length = 1 << 20;
        MemorySegment memory = randomMemory(4 * length);
        MemorySegment back = Arena.ofAuto().allocate(memory.byteSize());
        for (int round = 0; round < 6; round++) {
            boolean write = round % 2 == 0;
            onHost(() -> {
                for (int i = 0; i < 4; i++) {
                    host.send(write ? ContractController.WRITE : ContractController.READ, i, (long) i * length, 0,
                            write ? memory : back, (long) i * length, length);
                }
            });
            fabric.until(() -> host.responseCount() == 4);
            assertThat(host.takeResponses()).allMatch(Response::successful);
        }
        assertThat(memory.mismatch(back)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 8192, 100_000})
    void aRefusedWriteCostsNothingElse(int length) {
        ContractHost host = connect();
        Response refused = transfer(host, ContractController.REFUSE_DATA, 0, randomMemory(length), 0, length);
        assertThat(refused.statusField()).isEqualTo(0x8004);
        assertThat(command(host, ContractController.ECHO, 5, 55, 0).result()).isEqualTo(55);
    }

    @Test
    void successWithDataMissingIsNotIntact() {
        ContractHost host = connect();
        MemorySegment memory = randomMemory(100_000);
        assertThat(transfer(host, ContractController.IGNORE_DATA, 0, memory, 0, 100_000).dataIntact()).isFalse();
        onHost(() -> host.send(ContractController.READ_SHORT, 1, 0, 4096, memory, 0, 8192));
        fabric.until(() -> host.responseCount() == 1);
        assertThat(host.takeResponses().getFirst().dataIntact()).isFalse();
    }

    @Test
    void tooLargeATransferIsACommandError() {
        ContractHost host = connect();
        int length = controllers.getFirst().sender().limits().dataTransferBytesMax() + 1;
        Response response = transfer(host, ContractController.WRITE, 0, Arena.ofAuto().allocate(length), 0, length);
        assertThat(response.statusField()).isNotZero();
        assertThat(command(host, ContractController.ECHO, 1, 5, 0).result()).isEqualTo(5);
    }

    @Test
    void theHostCloses() {
        ContractHost host = connect();
        onHost(() -> {
            host.send(ContractController.HOLD, 1, 0, 0);
            host.sender.close(CloseReason.of(CloseReason.Kind.LOCAL, "done"));
            host.send(ContractController.ECHO, 2, 0, 0);
        });
        fabric.until(() -> host.closedCount > 0 && controllers.getFirst().closedCount > 0);
        fabric.settle();
        assertThat(host.closeReason.kind()).isEqualTo(CloseReason.Kind.LOCAL);
        assertThat(controllers.getFirst().closeReason.kind()).isEqualTo(CloseReason.Kind.PEER_CLOSED);
        assertThat(host.closedCount).isEqualTo(1);
        assertThat(host.responseCount()).isZero();
    }

    @Test
    void theControllerClosesAfterItsLastResponse() {
        ContractHost host = connect();
        Response last = command(host, ContractController.GOODBYE, 4, 0, 0);
        assertThat(last.successful()).isTrue();
        fabric.until(() -> host.closedCount > 0 && controllers.getFirst().closedCount > 0);
        assertThat(host.closeReason.kind()).isEqualTo(CloseReason.Kind.PEER_CLOSED);
        assertThat(controllers.getFirst().closeReason.kind()).isEqualTo(CloseReason.Kind.LOCAL);
    }

    @Test
    void theControllerBreaksOff() {
        ContractHost host = connect();
        onHost(() -> host.send(ContractController.ABORT, 4, 0, 0));
        fabric.until(() -> host.closedCount > 0 && controllers.getFirst().closedCount > 0);
        assertThat(controllers.getFirst().closeReason.kind()).isEqualTo(CloseReason.Kind.PROTOCOL_ERROR);
        assertThat(host.responseCount()).isZero();
    }

    @Test
    void aFaultOfTheControllerCostsOneConnection() {
        ContractHost host = connect();
        ContractHost other = connect();
        onHost(() -> host.send(ContractController.THROW, 4, 0, 0));
        fabric.until(() -> host.closedCount > 0 && controllers.getFirst().closedCount > 0);
        assertThat(controllers.getFirst().closeReason.kind()).isEqualTo(CloseReason.Kind.INTERNAL_ERROR);
        assertThat(controllers.getFirst().closeReason.cause()).isInstanceOf(IllegalStateException.class);
        assertThat(command(other, ContractController.ECHO, 1, 8, 0).result()).isEqualTo(8);
    }

    @Test
    void moreCommandsThanTheQueueHoldsEndTheConnection() {
        ContractHost host = connectWithQueueOf(8);
        onHost(() -> {
            for (int i = 0; i < 9; i++) {
                host.send(ContractController.HOLD, i, 0, 0);
            }
        });
        fabric.until(() -> host.closedCount > 0 && controllers.getFirst().closedCount > 0);
        assertThat(controllers.getFirst().closeReason.kind()).isEqualTo(CloseReason.Kind.PROTOCOL_ERROR);
        assertThat(controllers.getFirst().commandCount).isEqualTo(9);
    }

    @Test
    void theTransportClosesWithDataOnItsWay() {
        ContractHost host = connect();
        MemorySegment memory = randomMemory(1 << 20);
        onHost(() -> {
            for (int i = 0; i < 8; i++) {
                host.send(i % 2 == 0 ? ContractController.WRITE : ContractController.READ, i, 0, 0, memory, 0, 1 << 20);
            }
        });
        fabric.targetTransport().close();
        fabric.until(() -> host.closedCount > 0 && controllers.getFirst().closedCount > 0);
        fabric.settle();
        assertThat(host.closedCount).isEqualTo(1);
    }

    private HostQueueOptions options() {
        return new HostQueueOptions(QUEUE_SIZE, fabric.headerDigest(), fabric.dataDigest(), CONNECT_TIMEOUT_NANOS);
    }

    private ContractHost connect() {
        return connectWithQueueOf(QUEUE_SIZE);
    }

    private ContractHost connectWithQueueOf(int slots) {
        ContractHost host = new ContractHost();
        int before = controllers.size();
        fabric.hostTransport().connect(fabric.hostLoop(), listener.address(), options(), host);
        fabric.until(() -> host.connectedCount == 1 && controllers.size() > before);
        assertThat(command(host, ContractController.CONNECT, 0, slots, 0).result()).isEqualTo(1);
        return host;
    }

    private Response command(ContractHost host, int opcode, int commandId, long qword10, int dword12) {
        onHost(() -> host.send(opcode, commandId, qword10, dword12));
        return only(host);
    }

    private Response transfer(ContractHost host, int opcode, long at, MemorySegment memory, long offset, int length) {
        onHost(() -> host.send(opcode, 7, at, 0, memory, offset, length));
        return only(host);
    }

    private Response only(ContractHost host) {
        fabric.until(() -> host.responseCount() == 1 || host.closedCount > 0);
        List<Response> responses = host.takeResponses();
        assertThat(responses).as("closed: %s", host.closeReason).hasSize(1);
        return responses.getFirst();
    }

    private void onHost(Runnable task) {
        fabric.hostLoop().execute(task);
    }

    private MemorySegment randomMemory(int length) {
        MemorySegment memory = Arena.ofAuto().allocate(length);
        for (int i = 0; i < length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        return memory;
    }
}
