package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many bytes of heap a command costs the two loops that carry it, once everything is warm. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AllocationTest {
    private static final int WARM_UP_COMMANDS_MIN = 20_000;
    private static final int WARM_UP_COMMANDS_MAX = 60_000;
    private static final int COMMANDS = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger(AllocationTest.class);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The JDK makes about a kilobyte for each record it seals or opens; nothing is added to that. */
    @ParameterizedTest(name = "TLS, {0}, {1} bytes, depth {2}, read only: {3}")
    @CsvSource({"IO_URING, 4096, 32, true, 1200", "NIO, 4096, 32, false, 1400", "EPOLL, 131072, 8, true, 22000"})
    void allocatesOnlyWhatTheCipherDoesPerRecord(TcpEngine engine, int size, int depth, boolean readOnly, int bytesMax)
            throws Exception {
        measure(TlsKeys.both(TcpOptions.defaults(), TlsKeys.SHA_256), engine, size, depth, readOnly, false, bytesMax);
    }

    @ParameterizedTest(name = "{0}, {1} bytes, depth {2}, read only: {3}, digests: {4}")
    @CsvSource({
        // Netty makes an object for each operation on the ring; a large command takes several.
        "IO_URING, 4096, 32, true, false, 48", "IO_URING, 4096, 32, false, false, 48",
        "IO_URING, 131072, 8, true, false, 320",
        "EPOLL, 4096, 32, true, false, 16", "EPOLL, 4096, 32, false, true, 64", "EPOLL, 131072, 8, false, false, 16",
        "NIO, 4096, 32, true, false, 48"
    })
    void allocatesNextToNothingPerCommand(TcpEngine engine, int size, int depth, boolean readOnly,
            boolean digests, int bytesMax) throws Exception {
        measure(TcpOptions.defaults(), engine, size, depth, readOnly, digests, bytesMax);
    }

    private static void measure(TcpOptions options, TcpEngine engine, int size, int depth, boolean readOnly,
            boolean digests, int bytesMax) throws Exception {
        TcpEventLoops loops = Engines.openOrAbort(engine, 2);
        try (var target = new TcpTargetTransport(loops, options);
                var host = new TcpHostTransport(loops, options);
                var listener = target.listen(TransportAddress.tcp("127.0.0.1", 0),
                        sender -> new MemoryController(sender, depth * size, depth))) {
            run(host, loops.loop(0), listener.address(), size, depth, readOnly, digests,
                    size > 65_536 ? WARM_UP_COMMANDS_MIN : WARM_UP_COMMANDS_MAX);
            long before = allocatedBytes(loops);
            run(host, loops.loop(0), listener.address(), size, depth, readOnly, digests, COMMANDS);
            double perCommand = (double) (allocatedBytes(loops) - before) / COMMANDS;
            LOG.info("{}, {} bytes, depth {}, read only {}, digests {}: {} bytes of heap per command", engine, size,
                    depth, readOnly, digests, perCommand);
            assertThat(perCommand).as("bytes of heap per command").isLessThan(bytesMax);
        } finally {
            loops.close();
        }
    }

    private static void run(TcpHostTransport host, EventLoop loop, TransportAddress address, int size,
            int depth, boolean readOnly, boolean digests, int commands) throws Exception {
        WorkloadHost queue = new WorkloadHost(depth, size, commands, 1, readOnly, true);
        host.connect(loop, address, new HostQueueOptions(depth, digests, digests, TimeUnit.SECONDS.toNanos(5)), queue);
        queue.connected.get();
        loop.execute(queue::begin);
        queue.done.get();
        assertThat(queue.completed).hasValue(commands);
    }

    private static long allocatedBytes(TcpEventLoops loops) throws Exception {
        long sum = 0;
        for (int i = 0; i < loops.count(); i++) {
            CompletableFuture<Long> thread = new CompletableFuture<>();
            loops.loop(i).execute(() -> thread.complete(Thread.currentThread().threadId()));
            sum += THREADS.getThreadAllocatedBytes(thread.get());
        }
        return sum;
    }
}
