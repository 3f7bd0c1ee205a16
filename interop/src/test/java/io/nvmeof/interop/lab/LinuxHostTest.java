package io.nvmeof.interop.lab;

import io.nvmeof.interop.process.CommandResult;
import io.nvmeof.interop.process.NvmeofCommand;
import io.nvmeof.interop.process.TargetProcess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Unmodified Linux hosts against our target, file-backed: everything a host does in the life of a namespace. */
@Tag("lab")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(GuestKernel.class)
final class LinuxHostTest {

    private static final String NQN = "nqn.2026-01.io.nvmeof:linux-host-test";
    private static KernelLab guest;
    private static TargetProcess target;
    private static int port;

    @Parameter
    private GuestKernel kernel;

    @BeforeParameterizedClassInvocation
    static void start(GuestKernel kernel) throws InterruptedException, IOException {
        NvmeofCommand.require();
        guest = KernelLab.start(kernel);
        port = freePort();
        Path folder = Files.createTempDirectory(LabReport.FOLDER, "target-");
        target = TargetProcess.start(
                folder, port, "--nqn", NQN, "--backend", "file:" + folder.resolve("namespace"), "--size", "256m");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (target != null) {
            target.close();
            target = null;
        }
        if (guest != null) {
            guest.close();
            guest = null;
        }
    }

    @ParameterizedTest(name = "{0} + {1} queues, header digest {2}, data digest {3}")
    @CsvSource({
        "1, 0, false, false",
        "1, 0, true,  false",
        "1, 0, false, true",
        "1, 0, true,  true",
        "2, 0, false, false",
        "2, 2, true,  false",
        "2, 2, false, true",
        "2, 2, true,  true",
    })
    void aLinuxHostIsContentFromDiscoveryToReconnect(int queues, int writeQueues, boolean header, boolean data)
            throws InterruptedException, IOException {
        var scenario = new HostScenario(queues, writeQueues, header, data);
        CommandResult result = scenario.run(guest, KernelLab.GATEWAY, "127.0.0.1", port, NQN);
        LabReport.ran("our target, " + kernel + ", " + scenario, HostScenario.verdict(result.output()));
        // The target's own words explain a failure best, so they come first.
        target.assertContent();
        assertThat(result.succeeded()).contains("PASSED");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
