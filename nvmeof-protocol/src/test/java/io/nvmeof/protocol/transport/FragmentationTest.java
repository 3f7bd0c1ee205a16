package io.nvmeof.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.tcp.HostConnectionOptions;
import io.nvmeof.protocol.tcp.StreamTransport;
import io.nvmeof.protocol.transport.ContractHost.Response;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random commands over both state machines with random settings, the stream cut at random: what is read is what was
 * written. The whole run follows from its seed; {@code -Dfragmentation.seed=N} runs that one alone.
 */
class FragmentationTest {
    private static final int SEEDS = 60;
    private static final int DEPTH = 8;
    private static final int REGION_BYTES = 64 << 10;
    private static final int ROUNDS = 12;

    private final MemorySegment expected = Arena.ofAuto().allocate((long) DEPTH * REGION_BYTES);
    private final MemorySegment memory = Arena.ofAuto().allocate((long) DEPTH * REGION_BYTES);
    private final List<ContractController> controllers = new ArrayList<>();

    static LongStream seeds() {
        Long seed = Long.getLong("fragmentation.seed");
        return seed != null ? LongStream.of(seed) : LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "-Dfragmentation.seed={0}")
    @MethodSource("seeds")
    void readsWhatWasWritten(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        ManualLoops loops = new ManualLoops(2);
        ControllerConnectionOptions controllerOptions = ControllerConnectionOptions.defaults()
                .withMaxH2cDataBytes(4096 + 4 * random.nextInt(10_000))
                .withInCapsuleDataBytes(16 * random.nextInt(2000))
                .withPduDataAlignment(random.nextInt(32))
                .withOutputBytesMax(1 + random.nextInt(100_000));
        HostConnectionOptions hostOptions = HostConnectionOptions.defaults().withPduDataAlignment(random.nextInt(32))
                .withOutputBytesMax(1 + random.nextInt(100_000));
        StreamTransport transport = new StreamTransport(loops, controllerOptions, hostOptions, random.nextLong(),
                1 + random.nextInt(random.nextBoolean() ? 200 : 100_000));
        try (ManualFabric fabric = new ManualFabric(loops, transport, transport, TransportAddress.tcp("127.0.0.1", 0),
                transport::turn)) {
            ContractHost host = new ContractHost();
            TransportAddress address = transport.listen(fabric.listenAddress(), this::accept).address();
            transport.connect(fabric.hostLoop(), address, new HostQueueOptions(DEPTH, random.nextBoolean(),
                    random.nextBoolean(), Long.MAX_VALUE), host);
            fabric.until(() -> host.connectedCount == 1);
            fabric.hostLoop().execute(() -> host.send(ContractController.CONNECT, 0,
                    DEPTH | (random.nextBoolean() ? 1L << 32 : 0), 0));
            await(fabric, host, 1);
            host.sender.setInCapsuleDataSize(controllerOptions.inCapsuleDataBytes());
            for (int round = 0; round < ROUNDS; round++) {
                fabric.hostLoop().execute(() -> sendRound(host, random));
                await(fabric, host, DEPTH);
                assertThat(memory.mismatch(expected)).isEqualTo(-1);
            }
            transport.close();
            fabric.until(() -> host.closedCount == 1 && controllers.getFirst().closedCount == 1);
            assertThat(controllers.getFirst().loop().buffers().takenBytes()).isZero();
        }
    }

    private CapsuleReceiver accept(CapsuleSender sender) {
        ContractController controller = new ContractController(sender);
        controllers.add(controller);
        return controller;
    }

    private static void await(ManualFabric fabric, ContractHost host, int count) {
        fabric.until(() -> host.responseCount() == count || host.closedCount > 0);
        List<Response> responses = host.takeResponses();
        assertThat(host.closeReason).isNull();
        assertThat(responses).hasSize(count).allMatch(Response::dataIntact).allMatch(each -> each.statusField() == 0);
    }

    /** Each command has a region of its own, writes new bytes there or reads old ones over wrong ones. */
    private void sendRound(ContractHost host, SplittableRandom random) {
        for (int i = 0; i < DEPTH; i++) {
            int length = 1 + random.nextInt(1 << random.nextInt(1, 17));
            int within = random.nextInt(REGION_BYTES - length + 1);
            long at = (long) i * REGION_BYTES + within;
            int kind = random.nextInt(3);
            for (long j = at; j < at + length; j++) {
                if (kind == 0) {
                    memory.set(ValueLayout.JAVA_BYTE, j, (byte) ~memory.get(ValueLayout.JAVA_BYTE, j));
                } else {
                    byte value = (byte) random.nextInt();
                    memory.set(ValueLayout.JAVA_BYTE, j, value);
                    expected.set(ValueLayout.JAVA_BYTE, j, value);
                }
            }
            int opcode = kind == 0 ? ContractController.READ
                    : kind == 1 ? ContractController.WRITE : ContractController.WRITE_LATER;
            host.send(opcode, i, at, 0, memory, at, length);
        }
    }
}
