package io.nvmeof.interop.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.initiator.CommandException;
import io.nvmeof.initiator.ConnectOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.Initiator;
import io.nvmeof.initiator.NvmeofException;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.local.FileBackend;
import io.nvmeof.local.FileBackendOptions;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ControllerIdRange;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.Target;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.transport.tcp.TcpEngine;
import io.nvmeof.transport.tcp.TcpEventLoops;
import io.nvmeof.transport.tcp.TcpHostTransport;
import io.nvmeof.transport.tcp.TcpOptions;
import io.nvmeof.transport.tcp.TcpTargetTransport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two targets serve one file as one subsystem, and give way to each other again and again while hosts write: nothing
 * acknowledged is lost, nothing refused is written after all, and nobody gets an error but those that say "elsewhere".
 */
class SwitchoverTest {
    private static final NvmeQualifiedName NQN = NvmeQualifiedName.of("nqn.2024-01.com.example:switchover");
    private static final int GROUP = 3;
    private static final int SWITCHES = 20;
    private static final int WORKERS = 4;
    private static final int BLOCKS_PER_WORKER = 16;
    private static final int BLOCK = 4096;
    private static final long BUDGET_BYTES = 16 << 20;
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;
    private final UUID uuid = UUID.randomUUID();
    private volatile boolean stop;

    private Target start(TcpEventLoops loops, ControllerIdRange ids, AnaState state) throws IOException {
        FileBackend backend = FileBackend.open(FileBackendOptions.of(folder.resolve("image")).withSizeBytes(4 << 20)
                .withDirect(false).withShared(true));
        return Target.start(TargetConfiguration.builder()
                .port(new PortConfiguration(1, TransportAddress.tcp("127.0.0.1", 0))
                        .withAnaStates(Map.of(GROUP, state)))
                .subsystem(SubsystemConfiguration.builder(NQN).allowAnyHost(true).controllerIds(ids)
                        .namespace(new NamespaceConfiguration(1, uuid, backend).withAnaGroup(GROUP)).build())
                .build(), loops, List.of(new TcpTargetTransport(loops, TcpOptions.defaults())));
    }

    @Test
    @Timeout(300)
    void nothingIsLostWhenTargetsGiveWayToEachOther() throws Exception {
        try (TcpEventLoops loops = TcpEventLoops.open(TcpEngine.NIO, 2, BUDGET_BYTES);
                TcpEventLoops hostLoops = TcpEventLoops.open(TcpEngine.NIO, 1, BUDGET_BYTES);
                Target first = start(loops, new ControllerIdRange(1, 1000), AnaState.OPTIMIZED);
                Target second = start(loops, new ControllerIdRange(1001, 2000), AnaState.INACCESSIBLE);
                TcpHostTransport transport = new TcpHostTransport(hostLoops, TcpOptions.defaults());
                Initiator initiator = Initiator.builder(transport, hostLoops).build()) {
            HostController[] controllers = {connect(initiator, first), connect(initiator, second)};
            RemoteNamespace[] paths = {controllers[0].namespaceNow(1), controllers[1].namespaceNow(1)};
            List<Worker> workers = new ArrayList<>();
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Worker worker = new Worker(i, paths);
                workers.add(worker);
                CompletableFuture<Void> end = new CompletableFuture<>();
                ends.add(end);
                Thread.ofPlatform().name("worker-" + i).start(() -> worker.run(end));
            }
            Target from = first;
            Target into = second;
            for (int i = 0; i < SWITCHES; i++) {
                awaitProgress(workers, ends);
                from.management().giveWay(GROUP, AnaState.INACCESSIBLE).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                into.management().setAnaState(1, GROUP, AnaState.OPTIMIZED).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (i % 4 == 3) {
                    // The size is one for both: whoever has the group changes it, the other takes it over.
                    into.management().resizeNamespace(NQN, 1, Optional.of((4L << 20) + i * BLOCK))
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    from.management().resizeNamespace(NQN, 1, Optional.empty())
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
                Target former = from;
                from = into;
                into = former;
            }
            awaitProgress(workers, ends);
            stop = true;
            for (CompletableFuture<Void> end : ends) {
                end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            for (HostController controller : controllers) {
                controller.close();
            }
        }
    }

    private static HostController connect(Initiator initiator, Target target) throws NvmeofException {
        return initiator.connectNow(ConnectOptions.builder(target.addresses().getFirst(), NQN).ioQueueCount(2).build());
    }

    /** Waits until every worker has written again. */
    private static void awaitProgress(List<Worker> workers, List<CompletableFuture<Void>> ends) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int i = 0; i < workers.size(); i++) {
            long goal = workers.get(i).writeCount.get() + 3;
            while (workers.get(i).writeCount.get() < goal) {
                if (ends.get(i).isDone()) {
                    ends.get(i).get();
                }
                assertThat(System.nanoTime()).as("worker %d writes", i).isLessThan(deadline);
                Thread.sleep(1);
            }
        }
    }

    /** Writes blocks that nobody else writes, and reads them back. */
    private final class Worker {
        private final int index;
        private final RemoteNamespace[] paths;
        private final long[] written = new long[BLOCKS_PER_WORKER];
        private final AtomicLong writeCount = new AtomicLong();
        private int path;

        Worker(int index, RemoteNamespace[] paths) {
            this.index = index;
            this.paths = paths;
        }

        void run(CompletableFuture<Void> end) {
            try (Arena arena = Arena.ofShared()) {
                SplittableRandom random = new SplittableRandom(index);
                MemorySegment memory = arena.allocate(BLOCK, 4096);
                for (long sequence = 1; !stop; sequence++) {
                    int block = random.nextInt(BLOCKS_PER_WORKER);
                    write(block, sequence, memory);
                    verify(random.nextInt(BLOCKS_PER_WORKER), memory);
                }
                for (int block = 0; block < BLOCKS_PER_WORKER; block++) {
                    verify(block, memory);
                }
                end.complete(null);
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        }

        private void write(int block, long sequence, MemorySegment memory) throws Exception {
            for (long offset = 0; offset < BLOCK; offset += Long.BYTES) {
                memory.set(ValueLayout.JAVA_LONG, offset, sequence);
            }
            onSomePath(namespace -> namespace.writeNow(block(block), 1, memory));
            written[block] = sequence;
            writeCount.incrementAndGet();
        }

        private void verify(int block, MemorySegment memory) throws Exception {
            onSomePath(namespace -> namespace.readNow(block(block), 1, memory));
            for (long offset = 0; offset < BLOCK; offset += Long.BYTES) {
                assertThat(memory.get(ValueLayout.JAVA_LONG, offset))
                        .as("block %d of worker %d at %d", block, index, offset).isEqualTo(written[block]);
            }
        }

        private long block(int block) {
            return (long) index * BLOCKS_PER_WORKER + block;
        }

        private void onSomePath(Attempt attempt) throws Exception {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (true) {
                try {
                    attempt.on(paths[path]);
                    return;
                } catch (CommandException e) {
                    boolean elsewhere = e.status() == PathRelatedStatus.ASYMMETRIC_ACCESS_TRANSITION
                            || e.status() == PathRelatedStatus.ASYMMETRIC_ACCESS_INACCESSIBLE;
                    if (!elsewhere || e.doNotRetry() || System.nanoTime() > deadline) {
                        throw e;
                    }
                    path = 1 - path;
                }
            }
        }
    }

    /** One try of a command. */
    private interface Attempt {
        void on(RemoteNamespace namespace) throws NvmeofException;
    }
}
