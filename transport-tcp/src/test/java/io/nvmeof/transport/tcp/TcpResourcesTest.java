package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Descriptors, threads, processor time: what is opened is closed, and what idles costs nothing. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpResourcesTest {
    private static final Logger LOG = LoggerFactory.getLogger(TcpResourcesTest.class);
    private static final int WARM_UP_ROUNDS = 10;
    private static final int ROUNDS = 200;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long WAIT_NANOS = 20 * SECOND_NANOS;
    private static final HostQueueOptions QUEUE = new HostQueueOptions(8, false, false, 5 * SECOND_NANOS);

    @ParameterizedTest
    @EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
    void closingGivesBackDescriptorsAndThreads(TcpEngine engine) throws Exception {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            openUseAndClose(engine);
        }
        long descriptors = descriptorCount();
        for (int i = 0; i < ROUNDS; i++) {
            openUseAndClose(engine);
        }
        awaitDescriptorCount(descriptors + 2);
        // A loop that has said its last is a thread for a moment more.
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (loopThreadExists() && System.nanoTime() - deadline < 0) {
            Thread.sleep(5);
        }
        assertThat(loopThreadExists()).as("a loop's thread is left").isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
    void connectionsGiveBackDescriptorsWhileTheLoopsGoOn(TcpEngine engine) throws Exception {
        try (TcpEventLoops loops = Engines.openOrAbort(engine, 2);
                var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var listener = listen(target)) {
            long descriptors = 0;
            for (int i = 0; i < WARM_UP_ROUNDS + ROUNDS; i++) {
                if (i == WARM_UP_ROUNDS) {
                    descriptors = descriptorCount();
                }
                try (var host = new TcpHostTransport(loops, TcpOptions.defaults())) {
                    connect(loops, host, listener.address());
                }
                while (target.connectionCount() > 0) {
                    Thread.sleep(1);
                }
            }
            awaitDescriptorCount(descriptors + 2);
            Engines.assertAllMemoryHome(loops);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
    void idleConnectionsUseNoProcessor(TcpEngine engine) throws Exception {
        try (TcpEventLoops loops = Engines.openOrAbort(engine, 2);
                var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target)) {
            for (int i = 0; i < 8; i++) {
                connect(loops, host, listener.address());
            }
            Thread.sleep(500);
            long before = processorNanos(loops);
            long waitNanos = 3 * SECOND_NANOS;
            Thread.sleep(TimeUnit.NANOSECONDS.toMillis(waitNanos));
            double share = (double) (processorNanos(loops) - before) / waitNanos;
            LOG.info("{}: 8 idle connections, both ends: {} % of a core", engine, share * 100);
            assertThat(share).as("share of a core of both loops").isLessThan(0.01);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
    void survivesRunningOutOfDescriptors(TcpEngine engine) throws Exception {
        List<RawPeer> peers = new ArrayList<>();
        try (TcpEventLoops loops = Engines.openOrAbort(engine, 2);
                var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var listener = listen(target);
                var limit = new DescriptorLimit()) {
            peers.add(new RawPeer(listener.address()));
            peers.getFirst().initialize();
            // Two: an accept that is under way in a ring goes by the limit of when it began.
            peers.add(new RawPeer());
            peers.add(new RawPeer());
            limit.lowerToWhatIsOpen();
            peers.get(1).connect(listener.address());
            peers.get(2).connect(listener.address());
            Thread.sleep(200);
            long before = processorNanos(loops);
            Thread.sleep(2000);
            double share = (processorNanos(loops) - before) / (2.0 * SECOND_NANOS);
            int accepted = target.connectionCount();
            limit.restore();
            peers.get(1).initialize();
            peers.get(2).initialize();
            assertThat(accepted).as("accepted while there was no descriptor").isLessThan(3);
            assertThat(share).as("share of a core while accepting fails").isLessThan(0.1);
            assertThat(target.connectionCount()).isEqualTo(3);
        } finally {
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
    void loopsThatCloseFirstTakeTheirConnectionsWithThem(TcpEngine engine) throws Exception {
        TcpEventLoops loops = Engines.openOrAbort(engine, 2);
        var target = new TcpTargetTransport(loops, TcpOptions.defaults());
        var host = new TcpHostTransport(loops, TcpOptions.defaults());
        TransportAddress address = listen(target).address();
        for (int i = 0; i < 4; i++) {
            connect(loops, host, address);
        }
        loops.close();
        host.close();
        target.close();
        assertThat(target.connectionCount() + host.connectionCount()).isZero();
    }

    private static void openUseAndClose(TcpEngine engine) throws Exception {
        try (TcpEventLoops loops = Engines.openOrAbort(engine, 1);
                var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target)) {
            connect(loops, host, listener.address());
        }
    }

    private static TargetTransport.Listener listen(TcpTargetTransport target) throws IOException {
        return target.listen(TransportAddress.tcp("127.0.0.1", 0), sender -> new MemoryController(sender, 8 * 4096, 8));
    }

    private static void connect(TcpEventLoops loops, TcpHostTransport host, TransportAddress address)
            throws Exception {
        WorkloadHost queue = new WorkloadHost(8, 4096, 16, 1);
        var loop = loops.next();
        host.connect(loop, address, QUEUE, queue);
        queue.connected.get();
        loop.execute(queue::begin);
        queue.done.get();
    }

    /** A ring closes descriptors in its own time: a connection is over a moment before its descriptor is. */
    private static void awaitDescriptorCount(long most) throws Exception {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (descriptorCount() > most && System.nanoTime() - deadline < 0) {
            Thread.sleep(5);
        }
        assertThat(descriptorCount()).as("open descriptors").isLessThanOrEqualTo(most);
    }

    private static boolean loopThreadExists() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("nvmeof-loop"));
    }

    private static long descriptorCount() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long processorNanos(TcpEventLoops loops) throws Exception {
        long sum = 0;
        for (int i = 0; i < loops.count(); i++) {
            CompletableFuture<Long> thread = new CompletableFuture<>();
            loops.loop(i).execute(() -> thread.complete(Thread.currentThread().threadId()));
            sum += ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.get());
        }
        return sum;
    }
}
