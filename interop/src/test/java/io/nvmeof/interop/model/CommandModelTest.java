package io.nvmeof.interop.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.nvmeof.interop.model.CommandModel.Traits;
import io.nvmeof.local.FileBackend;
import io.nvmeof.local.FileBackendOptions;
import io.nvmeof.local.FileEngine;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoops;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.Target;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.storage.FaultBackend;
import io.nvmeof.target.storage.FaultRule;
import io.nvmeof.target.storage.MemoryBackend;
import io.nvmeof.target.storage.NamespaceBackend;
import io.nvmeof.target.storage.NullBackend;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.transport.tcp.TcpEngine;
import io.nvmeof.transport.tcp.TcpEventLoops;
import io.nvmeof.transport.tcp.TcpHostTransport;
import io.nvmeof.transport.tcp.TcpOptions;
import io.nvmeof.transport.tcp.TcpTargetTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random commands, right and wrong ones, give the same data and statuses as a simple model, over TCP, on every backend.
 *
 * <p>{@code -Dmodel.commands=1000000} runs more of them, {@code -Dmodel.seed=N} others.
 */
class CommandModelTest {
    private static final NvmeQualifiedName SUBSYSTEM = NvmeQualifiedName.of("nqn.2026-01.io.nvmeof:model");
    private static final long COMMANDS = Long.getLong("model.commands", 40_000);
    private static final long SEED = Long.getLong("model.seed", System.nanoTime());
    private static final long BUFFER_BUDGET_BYTES = 64 << 20;
    private static final int BLOCKS = 2048;
    private static final int TRANSFER_BYTES_MAX = 1 << 20;
    private static final long MINUTES_MAX = 20;

    @TempDir
    private Path directory;

    /** Makes a backend in a directory. */
    private interface Maker {
        NamespaceBackend make(Path directory, int blockSize) throws IOException;
    }

    static Stream<Arguments> backends() {
        Traits zeroing = new Traits(true, true);
        return Stream.of(
                argumentSet("memory, 512", (Maker) (path, size) -> new MemoryBackend((long) BLOCKS * size, size), 512,
                        zeroing),
                argumentSet("memory, 4096", (Maker) (path, size) -> new MemoryBackend((long) BLOCKS * size, size), 4096,
                        zeroing),
                argumentSet("null, 4096", (Maker) (path, size) -> new NullBackend((long) BLOCKS * size, size), 4096,
                        new Traits(false, true)),
                argumentSet("faults without rules", (Maker) (path, size) ->
                        new FaultBackend(new MemoryBackend((long) BLOCKS * size, size), 1), 4096, zeroing),
                argumentSet("file, 4096", file(FileEngine.AUTO, false), 4096, zeroing),
                argumentSet("file, 512", file(FileEngine.AUTO, false), 512, zeroing),
                argumentSet("file, O_DIRECT", file(FileEngine.AUTO, true), 4096, zeroing),
                argumentSet("file, positional", file(FileEngine.POSITIONAL, false), 4096, zeroing));
    }

    private static Maker file(FileEngine engine, boolean direct) {
        return (path, size) -> FileBackend.open(FileBackendOptions.of(path.resolve("blocks.img"))
                .withSizeBytes((long) BLOCKS * size).withBlockSizeBytes(size).withDirect(direct).withEngine(engine));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void agreesWithTheModel(Maker maker, int blockSize, Traits traits) throws Exception {
        assertThat(run(maker.make(directory, blockSize), traits, COMMANDS)).isGreaterThanOrEqualTo(COMMANDS);
    }

    @Test
    void aBackendThatLosesOneWriteInAThousandIsFoundOut() {
        NamespaceBackend memory = new MemoryBackend(BLOCKS * 4096L, 4096);
        assertThatThrownBy(() -> run(new Forgetful(memory), new Traits(true, true), 100_000))
                .isInstanceOf(AssertionError.class).hasMessageContaining("the model has");
    }

    @Test
    void aStatusThatTheModelDoesNotExpectIsFoundOut() {
        FaultBackend failing = new FaultBackend(new MemoryBackend(BLOCKS * 4096L, 4096), 1);
        failing.setRules(List.of(new FaultRule(Set.of(FaultRule.Operation.WRITE), 0, BLOCKS, 0.001, 0,
                MediaStatus.WRITE_FAULT, 0)));
        assertThatThrownBy(() -> run(failing, new Traits(true, true), 100_000))
                .isInstanceOf(AssertionError.class).hasMessageContaining("WRITE_FAULT");
    }

    private static long run(NamespaceBackend backend, Traits traits, long commands) throws Exception {
        try (EventLoops loops = TcpEventLoops.open(TcpEngine.AUTO, 2, BUFFER_BUDGET_BYTES);
                TcpTargetTransport targetTransport = new TcpTargetTransport((TcpEventLoops) loops,
                        TcpOptions.defaults());
                TcpHostTransport hostTransport = new TcpHostTransport((TcpEventLoops) loops, TcpOptions.defaults());
                Target target = Target.start(TargetConfiguration.builder()
                        .port(new PortConfiguration(1, TransportAddress.tcp("127.0.0.1", 0)))
                        .subsystem(SubsystemConfiguration.builder(SUBSYSTEM).allowAnyHost(true)
                                .namespace(new NamespaceConfiguration(1, UUID.randomUUID(), backend)).build())
                        .build(), loops, List.of(targetTransport))) {
            ModelHost host = new ModelHost(hostTransport, loops.loop(1), target.addresses().getFirst(), SUBSYSTEM);
            host.connect(ModelRun.BATCH_MAX + 1);
            CommandModel model =
                    new CommandModel(SEED, traits, backend.blockSizeBytes(), BLOCKS, TRANSFER_BYTES_MAX);
            ModelRun run = new ModelRun(host, model, TRANSFER_BYTES_MAX, commands);
            try {
                return run.start().get(MINUTES_MAX, TimeUnit.MINUTES);
            } catch (ExecutionException e) {
                throw new AssertionError("-Dmodel.seed=" + SEED + ": " + e.getCause().getMessage(), e.getCause());
            } finally {
                host.close();
                run.close();
            }
        }
    }
}
