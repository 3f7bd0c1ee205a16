package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.initiator.ConnectOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.Initiator;
import io.nvmeof.initiator.PassthroughCommand;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.transport.tcp.TcpEngine;
import io.nvmeof.transport.tcp.TcpEventLoops;
import io.nvmeof.transport.tcp.TcpHostTransport;
import io.nvmeof.transport.tcp.TcpOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Our real initiator on real sockets, and the questions asked of it after every hostile controller. */
final class HostBench implements AutoCloseable {
    static final int SMALL_BLOCKS = 8;
    static final int LARGE_BLOCKS = 64;
    private static final long LEVEL_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long WAIT_SECONDS = 20;
    private static final int GUARD_BYTES = 4096;
    private static final byte GUARD = 0x6E;

    private final LogWatch log = LogWatch.open();
    private final TcpEventLoops loops;
    private final TcpHostTransport transport;
    private final Initiator initiator;
    private final int openFiles;
    private final int commandMillis;
    private volatile boolean connectionWentOn;

    /** @param commandMillis how long our side waits for any answer */
    HostBench(TcpEngine engine, int commandMillis) throws Exception {
        this.commandMillis = commandMillis;
        loops = TcpEventLoops.open(engine, 2, 8 << 20);
        transport = new TcpHostTransport(loops, TcpOptions.defaults());
        initiator = Initiator.builder(transport, loops).hostNqn(NvmeQualifiedName.of(RawHost.NQN))
                .hostId(UUID.randomUUID()).build();
        proveOthersLive();
        awaitLevel("connections", 0);
        openFiles = LoopLevels.openFiles();
    }

    /** What our side does with a controller. */
    enum Use { CONNECT, READ, WRITE, DISCOVER, NAMESPACES }

    /**
     * Uses a controller.
     *
     * @return why it failed, or {@code null}
     */
    Throwable use(RawController controller, Use use, Digests digests) throws TimeoutException, InterruptedException {
        connectionWentOn = false;
        TransportAddress address = TransportAddress.tcp("127.0.0.1", controller.port());
        try {
            if (use == Use.DISCOVER) {
                initiator.discover(address).get(WAIT_SECONDS, TimeUnit.SECONDS);
                return null;
            }
            HostController connected = initiator.connect(ConnectOptions.builder(address,
                    NvmeQualifiedName.of(RawController.NQN)).ioQueueCount(1).connectTimeoutMillis(commandMillis)
                    .commandTimeoutMillis(commandMillis).adminTimeoutMillis(commandMillis)
                    .headerDigest(digests.header()).dataDigest(digests.data()).build())
                    .get(WAIT_SECONDS, TimeUnit.SECONDS);
            try {
                transfer(connected, use);
            } catch (ExecutionException failure) {
                connectionWentOn = answers(connected);
                throw failure;
            } finally {
                connected.close();
            }
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** Whether the connections of the last use were still good after what it tried had failed. */
    boolean connectionWentOn() {
        return connectionWentOn;
    }

    private static boolean answers(HostController connected) throws InterruptedException, TimeoutException {
        try {
            connected.ioCommand(PassthroughCommand.of(0x00).namespaceId(1)).get(WAIT_SECONDS, TimeUnit.SECONDS);
            return connected.isOpen();
        } catch (ExecutionException lost) {
            return false;
        }
    }

    private void transfer(HostController connected, Use use)
            throws ExecutionException, InterruptedException, TimeoutException {
        if (use == Use.CONNECT) {
            return;
        }
        if (use == Use.NAMESPACES) {
            connected.namespaceIds().get(WAIT_SECONDS, TimeUnit.SECONDS);
            connected.namespace(1).get(WAIT_SECONDS, TimeUnit.SECONDS);
            return;
        }
        RemoteNamespace namespace = connected.namespace(1).get(WAIT_SECONDS, TimeUnit.SECONDS);
        try (Arena arena = Arena.ofShared()) {
            int blocks = use == Use.READ ? SMALL_BLOCKS : LARGE_BLOCKS;
            long length = (long) blocks * RawController.BLOCK;
            MemorySegment guarded = arena.allocate(length + 2L * GUARD_BYTES, 4096).fill(GUARD);
            MemorySegment memory = guarded.asSlice(GUARD_BYTES, length);
            try {
                if (use == Use.READ) {
                    namespace.read(0, blocks, memory).get(WAIT_SECONDS, TimeUnit.SECONDS);
                } else {
                    namespace.write(0, blocks, memory).get(WAIT_SECONDS, TimeUnit.SECONDS);
                }
            } finally {
                checkGuard(guarded.asSlice(0, GUARD_BYTES));
                checkGuard(guarded.asSlice(GUARD_BYTES + length, GUARD_BYTES));
            }
        }
    }

    private static void checkGuard(MemorySegment guard) {
        assertThat(guard.toArray(ValueLayout.JAVA_BYTE)).as("memory beside the command's").containsOnly(GUARD);
    }

    private void proveOthersLive() throws Exception {
        try (RawController good = new RawController(new RawController.Misdeeds() {})) {
            assertThat(use(good, Use.READ, Digests.NONE)).isNull();
            assertThat(use(good, Use.WRITE, Digests.BOTH)).isNull();
            assertThat(use(good, Use.DISCOVER, Digests.NONE)).isNull();
            assertThat(use(good, Use.NAMESPACES, Digests.NONE)).isNull();
        }
    }

    /** After an attack: another controller can be used, nothing is left, and the log has no fault of ours. */
    void proveUnharmed() throws Exception {
        proveOthersLive();
        awaitLevel("connections", 0);
        awaitLevel("buffers", 0);
        awaitLevel("open files", openFiles);
        assertThat(log.faults()).as("faults of ours in the log").isEmpty();
    }

    private void awaitLevel(String what, long level) {
        long deadline = System.nanoTime() + LEVEL_TIMEOUT_NANOS;
        while (measure(what) > level && System.nanoTime() < deadline) {
            TargetBench.pause(1);
        }
        assertThat(measure(what)).as(what).isLessThanOrEqualTo(level);
    }

    private long measure(String what) {
        return switch (what) {
            case "connections" -> transport.connectionCount();
            case "buffers" -> LoopLevels.taken(loops);
            default -> LoopLevels.openFiles();
        };
    }

    @Override
    public void close() throws IOException {
        initiator.close();
        transport.close();
        loops.close();
        log.close();
    }
}
