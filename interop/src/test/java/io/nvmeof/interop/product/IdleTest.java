package io.nvmeof.interop.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.initiator.ConnectOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.Initiator;
import io.nvmeof.interop.process.Command;
import io.nvmeof.interop.process.NvmeofCommand;
import io.nvmeof.interop.process.TargetProcess;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.transport.tcp.TcpEngine;
import io.nvmeof.transport.tcp.TcpEventLoops;
import io.nvmeof.transport.tcp.TcpHostTransport;
import io.nvmeof.transport.tcp.TcpOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A target with eight connected hosts that do nothing but keep alive costs next to nothing. What is measured is the
 * CPU time the process was given, not how long anything took, so a busy machine does not matter.
 * {@code -Didle.seconds=30} measures longer; the figures are in {@code interop/build/idle-report.txt}.
 */
@Tag("process")
class IdleTest {
    private static final int HOSTS = 8;
    private static final int SECONDS = Integer.getInteger("idle.seconds", 6);
    private static final String NQN = "nqn.2026-01.io.nvmeof:idle";
    private static final double CORE_MAX = 0.01;
    /** The JVM's compiler and collector work on for a while after the hosts have connected: not idle yet. */
    private static final int INTERVALS = 4;
    private static final Path REPORT = Command.ROOT.resolve("interop/build/idle-report.txt");

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"io_uring", "epoll", "nio"})
    void eightConnectedHostsCostLessThanAHundredthOfACore(String engine, @TempDir Path folder) throws Exception {
        NvmeofCommand.require();
        int port = Command.freePort();
        long started = System.nanoTime();
        try (TargetProcess target = TargetProcess.start(folder, port, "--nqn", NQN, "--backend", "memory", "--size",
                "64m", "--engine", engine);
                TcpEventLoops loops = TcpEventLoops.open(TcpEngine.NIO, 1, 8L << 20);
                TcpHostTransport transport = new TcpHostTransport(loops, TcpOptions.defaults());
                Initiator initiator = Initiator.builder(transport, loops).build()) {
            long readyMillis = (System.nanoTime() - started) / 1_000_000;
            ConnectOptions options = ConnectOptions.builder(TransportAddress.tcp("127.0.0.1", port),
                    NvmeQualifiedName.of(NQN)).ioQueueCount(2).keepAliveTimeoutMillis(5000).build();
            List<HostController> controllers = new ArrayList<>();
            for (int i = 0; i < HOSTS; i++) {
                controllers.add(initiator.connectNow(options));
            }
            double share = 1;
            for (int i = 0; i < INTERVALS && share >= CORE_MAX; i++) {
                share = share(target);
            }
            String line = String.format(Locale.ROOT,
                    "idle with %d hosts, %s: %.2f %% of a core, RSS %d MiB, READY after %d ms%n", HOSTS, engine,
                    share * 100, target.residentKib() >> 10, readyMillis);
            Files.writeString(REPORT, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            assertThat(share).as("share of a core").isLessThan(CORE_MAX);
            assertThat(controllers).allMatch(HostController::isOpen);
            target.assertContent();
        }
    }

    private static double share(TargetProcess target) throws Exception {
        long before = target.cpuMillis();
        long from = System.nanoTime();
        Thread.sleep(SECONDS * 1000L);
        return (target.cpuMillis() - before) * 1e6 / (System.nanoTime() - from);
    }
}
