package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.Target;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.MemoryBackend;
import io.nvmeof.transport.tcp.TcpEngine;
import io.nvmeof.transport.tcp.TcpEventLoops;
import io.nvmeof.transport.tcp.TcpOptions;
import io.nvmeof.transport.tcp.TcpTargetTransport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A real target on a real socket, with one small namespace in memory and short time limits, and the questions that are
 * asked of it after every attack.
 */
final class TargetBench implements AutoCloseable {
    static final String NQN = "nqn.2026-01.io.nvmeof:hostile";
    static final int BLOCK_COUNT = 4096;
    /** Where sessions write that want to see whether they still can; four blocks. */
    static final long SCRATCH_BLOCK = 4000;
    static final int IN_CAPSULE_BYTES = 8192;
    static final int MAX_H2C_DATA_BYTES = 8192;
    static final int TRANSFER_BYTES_MAX = 64 << 10;
    static final int QUEUE_SIZE_MAX = 64;
    static final int IO_QUEUE_COUNT_MAX = 4;
    static final int UNINITIALIZED_COUNT_MAX = 1024;
    static final int OUTPUT_BYTES_MAX = 256 << 10;
    static final long IC_TIMEOUT_MILLIS = 3000;
    static final long STALL_TIMEOUT_MILLIS = 2000;
    /** How long what is left may take to go: time limits, their ticks, and a slow machine. */
    private static final long LEVEL_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int LOOP_COUNT = 2;
    private static final long BUDGET_BYTES = 8 << 20;

    private final LogWatch log;
    private final TcpEventLoops loops;
    private final TcpTargetTransport transport;
    private final MemoryBackend backend = new MemoryBackend((long) BLOCK_COUNT * RawHost.BLOCK, RawHost.BLOCK);
    private final Target target;
    private final int openFiles;

    private TargetBench(TcpEngine engine) throws IOException {
        log = LogWatch.open();
        loops = TcpEventLoops.open(engine, LOOP_COUNT, BUDGET_BYTES);
        transport = new TcpTargetTransport(loops, TcpOptions.defaults()
                .withConnectionCounts(TcpOptions.DEFAULT_CONNECTION_COUNT_MAX, UNINITIALIZED_COUNT_MAX)
                .withController(ControllerConnectionOptions.defaults().withInCapsuleDataBytes(IN_CAPSULE_BYTES)
                        .withMaxH2cDataBytes(MAX_H2C_DATA_BYTES).withDataTransferBytesMax(TRANSFER_BYTES_MAX)
                        .withOutputBytesMax(OUTPUT_BYTES_MAX)
                        .withTimeouts(TimeUnit.MILLISECONDS.toNanos(IC_TIMEOUT_MILLIS),
                                TimeUnit.MILLISECONDS.toNanos(STALL_TIMEOUT_MILLIS))));
        target = Target.start(TargetConfiguration.builder()
                .port(new PortConfiguration(1, TransportAddress.tcp("127.0.0.1", 0)))
                .subsystem(SubsystemConfiguration.builder(NvmeQualifiedName.of(NQN)).allowAnyHost(true)
                        .ioQueueCountMax(IO_QUEUE_COUNT_MAX).queueSizeMax(QUEUE_SIZE_MAX)
                        .namespace(new NamespaceConfiguration(1, UUID.randomUUID(), backend)).build())
                .build(), loops, List.of(transport));
        // The first session loads classes and opens what stays open.
        proveOthersLive();
        awaitEmpty();
        openFiles = LoopLevels.openFiles();
    }

    static TargetBench open(TcpEngine engine) throws IOException {
        return new TargetBench(engine);
    }

    int port() {
        return target.addresses().getFirst().port();
    }

    int connectionCount() {
        return transport.connectionCount();
    }

    int controllerCount() {
        return target.controllers().size();
    }

    LogWatch log() {
        return log;
    }

    long takenBytes() {
        return LoopLevels.taken(loops);
    }

    /** A well-behaved host comes, writes, reads the same, and goes. */
    void proveOthersLive() throws IOException {
        try (RawHost host = RawHost.open(port(), RawHost.Stage.IO, Digests.NONE)) {
            byte[] data = Bytes.pattern(8 * RawHost.BLOCK, (int) System.nanoTime());
            host.writeInCapsule(host.socket(), 64, data);
            assertThat(host.read(host.socket(), 64, 8)).isEqualTo(data);
            host.proveAlive();
        }
    }

    /** After an attack: others are served, nothing is left of the attacker, and the log has no fault of ours. */
    void proveUnharmed() throws IOException {
        proveOthersLive();
        awaitEmpty();
        awaitLevel("open files", openFiles);
        assertThat(log.faults()).as("faults of ours in the log").isEmpty();
    }

    private void awaitEmpty() {
        awaitLevel("controllers", 0);
        awaitLevel("connections", 0);
        awaitLevel("bytes of buffers taken", 0);
    }

    private void awaitLevel(String what, long level) {
        long deadline = System.nanoTime() + LEVEL_TIMEOUT_NANOS;
        while (measure(what) > level && System.nanoTime() < deadline) {
            pause(1);
        }
        assertThat(measure(what)).as(what).isLessThanOrEqualTo(level);
    }

    private long measure(String what) {
        return switch (what) {
            case "controllers" -> target.controllers().size();
            case "connections" -> transport.connectionCount();
            case "open files" -> LoopLevels.openFiles();
            default -> LoopLevels.taken(loops);
        };
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // ---- The blocks, past the protocol

    /** Every byte of the namespace. */
    byte[] contents() {
        try (BackendChannel channel = backend.open(loops.loop(0)); Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate((long) BLOCK_COUNT * RawHost.BLOCK);
            channel.read(0, BLOCK_COUNT, memory,
                    status -> assertThat(status).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION));
            return memory.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Writes a pattern to all blocks. */
    void fill(int seed) {
        try (BackendChannel channel = backend.open(loops.loop(0)); Arena arena = Arena.ofConfined()) {
            byte[] pattern = Bytes.pattern(BLOCK_COUNT * RawHost.BLOCK, seed);
            MemorySegment memory = arena.allocate(pattern.length);
            memory.copyFrom(MemorySegment.ofArray(pattern));
            channel.write(0, BLOCK_COUNT, memory, false,
                    status -> assertThat(status).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION));
        }
    }

    @Override
    public void close() {
        target.close();
        transport.close();
        loops.close();
        log.close();
        assertThat(log.faults()).as("faults of ours in the log").isEmpty();
    }
}
