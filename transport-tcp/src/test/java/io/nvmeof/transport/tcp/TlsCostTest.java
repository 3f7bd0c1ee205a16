package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What TLS costs beside plain TCP: processor time and heap of the two loops, interleaved. A measurement. */
@Tag("long")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsCostTest {
    private static final Logger LOG = LoggerFactory.getLogger(TlsCostTest.class);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = Integer.getInteger("tls.rounds", 3);
    private static final TcpEngine ENGINE = TcpEngine.valueOf(System.getProperty("tls.engine", "IO_URING"));
    private static final int HANDSHAKES = 500;
    /** 1 puts both ends on one loop, and so on one core. */
    private static final int HOST_LOOP = Integer.getInteger("tls.host.loop", 0);
    private static final long CONNECT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    @Test
    void tellsWhatTlsCosts() throws Exception {
        TcpOptions plain = TcpOptions.defaults();
        for (int round = 0; round < ROUNDS; round++) {
            for (int size : new int[] {4096, 131_072}) {
                for (boolean readOnly : new boolean[] {true, false}) {
                    run("plain", plain, size, readOnly);
                    run("AES-128", TlsKeys.both(plain, TlsKeys.SHA_256), size, readOnly);
                    run("AES-256", TlsKeys.both(plain, TlsKeys.SHA_384), size, readOnly);
                }
            }
        }
    }

    @Test
    void tellsWhatAHandshakeCosts() {
        TransportAddress nowhere = TransportAddress.tcp("127.0.0.1", 1);
        for (int round = 0; round < ROUNDS; round++) {
            long[] nanos = new long[2];
            for (int i = 0; i < HANDSHAKES; i++) {
                TlsHandshake[] sides = {TlsHandshake.host(nowhere, nowhere, _ -> List.of(TlsKeys.SHA_256)),
                    TlsHandshake.controller(nowhere, nowhere, TlsKeys.lookup(TlsKeys.SHA_256))};
                byte[] flight = {};
                TlsHandshake.Step step;
                int turn = 0;
                do {
                    long begun = THREADS.getCurrentThreadCpuTime();
                    step = sides[turn % 2].advance(flight);
                    nanos[turn % 2] += THREADS.getCurrentThreadCpuTime() - begun;
                    flight = step.output();
                    turn++;
                } while (turn % 2 == 1 || step.session() == null);
            }
            LOG.info("handshake: us of host, target: {}, {}", nanos[0] / HANDSHAKES / 1000,
                    nanos[1] / HANDSHAKES / 1000);
            assertThat(nanos[1]).isPositive();
        }
    }

    private static void run(String name, TcpOptions options, int size, boolean readOnly) throws Exception {
        int depth = size == 4096 ? 32 : 8;
        int commands = size == 4096 ? 400_000 : 30_000;
        TcpEventLoops loops = TcpEventLoops.open(ENGINE, 2, Engines.BUDGET_BYTES);
        try (var target = new TcpTargetTransport(loops, options);
                var host = new TcpHostTransport(loops, options);
                var listener = target.listen(TransportAddress.tcp("127.0.0.1", 0),
                        sender -> new MemoryController(sender, depth * size, depth))) {
            // Accepted connections begin on loop 0: the one that is measured has loop 1, and its host loop 0.
            drive(host, loops.loop(0), listener.address(), size, depth, readOnly, commands / 4);
            long[] before = figures(loops);
            long begun = System.nanoTime();
            drive(host, loops.loop(HOST_LOOP), listener.address(), size, depth, readOnly, commands);
            double seconds = (System.nanoTime() - begun) / 1e9;
            long[] after = figures(loops);
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < before.length; i++) {
                double each = (after[i] - before[i]) / (double) commands;
                line.append(' ').append("%.1f".formatted(i < loops.count() ? each / 1e3 : each));
            }
            LOG.info("{} {} {}: {} MB/s, per command us of host, target and bytes of either:{}", name, size,
                    readOnly ? "read" : "write+read", Math.round(commands / seconds * size / 1e6), line);
            assertThat(after[0]).isGreaterThan(before[0]);
        } finally {
            loops.close();
        }
    }

    private static void drive(TcpHostTransport host, EventLoop loop, TransportAddress address, int size, int depth,
            boolean readOnly, int commands) throws Exception {
        WorkloadHost queue = new WorkloadHost(depth, size, commands, 1, readOnly, true);
        host.connect(loop, address, new HostQueueOptions(depth, false, false, CONNECT_TIMEOUT_NANOS), queue);
        queue.connected.get();
        loop.execute(queue::begin);
        queue.done.get();
    }

    /** Processor nanoseconds of either loop, then bytes allocated by either. */
    private static long[] figures(TcpEventLoops loops) throws Exception {
        long[] figures = new long[2 * loops.count()];
        for (int i = 0; i < loops.count(); i++) {
            CompletableFuture<Long> thread = new CompletableFuture<>();
            loops.loop(i).execute(() -> thread.complete(Thread.currentThread().threadId()));
            figures[i] = THREADS.getThreadCpuTime(thread.get());
            figures[loops.count() + i] = THREADS.getThreadAllocatedBytes(thread.get());
        }
        return figures;
    }
}
