package io.nvmeof.interop.lab;

import io.nvmeof.interop.process.Command;
import io.nvmeof.interop.process.NvmeofCommand;
import io.nvmeof.interop.process.TargetProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Linux hosts and a discovery subsystem with a name of its own and two ports: what they find, that one which stays
 * connected is told of changes, and that one which connects to everything ends with one path through each port.
 */
@Tag("lab")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class LinuxDiscoveryTest {
    private static final String NAME = "nqn.2026-01.io.nvmeof:linux-discovery-test:discovery";
    private static final String NQN = "nqn.2026-01.io.nvmeof:linux-discovery-test";
    private static final String THERE = "nqn.2026-01.io.nvmeof:linux-discovery-test:there";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @ParameterizedTest
    @EnumSource(GuestKernel.class)
    void aLinuxHostDiscoversListensAndConnectsToAll(GuestKernel kernel) throws Exception {
        NvmeofCommand.require();
        Path folder = Files.createTempDirectory(LabReport.FOLDER, "discovery-");
        String control = folder.resolve("target.sock").toString();
        try (KernelLab guest = KernelLab.start(kernel)) {
            int first = Command.freePort();
            int second = anotherFreePort(first);
            int[] ports = {first, second};
            try (TargetProcess target = TargetProcess.start(folder, "target", configuration(first, second), ports,
                    "--control", control)) {
                String at = "%s %d".formatted(KernelLab.GATEWAY, first);
                guest.exec("klog.sh mark");
                run(guest, "discover " + at + " " + second);
                run(guest, "persist " + at);
                referral(control, "add-referral");
                run(guest, "event 1");
                run(guest, "reread '^subnqn: *" + THERE + "$' " + at);
                // Only who has read the log is told again; and nobody answers at the referral's address.
                referral(control, "remove-referral");
                run(guest, "event 2");
                run(guest, "connect-all " + at + " " + second);
                run(guest, "disconnect");
                guest.exec("klog.sh check");
                target.assertContent();
                LabReport.ran("discovery, " + kernel, "unique name, events, connect-all through two ports");
            }
        }
    }

    private static String configuration(int first, int second) {
        return """
                {"ports": [{"listen": "127.0.0.1:%1$d", "reachable-as": "%3$s:%1$d"},
                           {"listen": "127.0.0.1:%2$d", "reachable-as": "%3$s:%2$d"}],
                 "discovery-nqn": "%4$s",
                 "subsystems": [{"nqn": "%5$s", "namespaces": [{"backend": "memory", "size": "64m"}]}]}
                """.formatted(first, second, KernelLab.GATEWAY, NAME, NQN);
    }

    private static int anotherFreePort(int first) throws IOException {
        int port = Command.freePort();
        while (port == first) {
            port = Command.freePort();
        }
        return port;
    }

    private static void run(KernelLab guest, String action) throws InterruptedException {
        guest.exec(LIMIT, "discovery.sh " + NAME + " " + NQN + " " + action).succeeded();
    }

    private static void referral(String control, String command) throws InterruptedException {
        NvmeofCommand.run(NvmeofCommand.SHORT, "ctl", command, "--control", control, "--address", "192.0.2.9:8009",
                "--nqn", THERE).succeeded();
    }
}
