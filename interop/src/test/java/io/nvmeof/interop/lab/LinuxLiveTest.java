package io.nvmeof.interop.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.process.Command;
import io.nvmeof.interop.process.CommandResult;
import io.nvmeof.interop.process.NvmeofCommand;
import io.nvmeof.interop.process.TargetProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A Linux 7.x host and a target that changes under it: every command of nvme-cli, namespaces that come, grow and go,
 * paths whose state changes and targets that give way to each other while fio writes and verifies.
 */
@Tag("lab")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class LinuxLiveTest {
    private static final String NQN = "nqn.2026-01.io.nvmeof:linux-live-test";
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long MIB = 1 << 20;
    /** ANATT: no command may take longer, whatever happens to the paths. */
    private static final int STALL_SECONDS = 10;
    private static final int LOAD_SECONDS = 25;

    private static KernelLab guest;

    private Path folder;
    private final List<TargetProcess> targets = new ArrayList<>();

    @BeforeAll
    static void startGuest() throws InterruptedException {
        NvmeofCommand.require();
        guest = KernelLab.start(GuestKernel.LINUX_7);
    }

    @AfterAll
    static void stopGuest() {
        if (guest != null) {
            guest.close();
            guest = null;
        }
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(LabReport.FOLDER, "live-");
    }

    @AfterEach
    void stopTargets() throws InterruptedException {
        // Whatever a failed test left connected would wait for a target that is gone.
        guest.exec(LIMIT, "nvme disconnect -n " + NQN);
        targets.forEach(TargetProcess::close);
    }

    @Test
    void everyCommandOfNvmeCliGivesSensibleOutput() throws Exception {
        int port = Command.freePort();
        start("target", "", port);
        CommandResult result = guest.exec(LIMIT, "commands.sh %s %d %s -r".formatted(KernelLab.GATEWAY, port, NQN));
        LabReport.ran("nvme-cli's commands, " + guest.kernel(), HostScenario.verdict(result.output()));
        assertThat(result.succeeded()).contains("PASSED");
        assertContent();
    }

    @Test
    void theHostSeesNamespacesComeGrowAndGo() throws Exception {
        int port = Command.freePort();
        start("target", "", port);
        namespaces("connect %s %d".formatted(KernelLab.GATEWAY, port));
        expect(1, 64);
        ctl("target", "add-namespace", "--namespace-id", "7", "--backend", "memory", "--size", "32m");
        expect(1, 64, 7, 32);
        ctl("target", "resize", "--namespace-id", "7", "--size", "48m");
        expect(1, 64, 7, 48);
        ctl("target", "resize", "--namespace-id", "1", "--size", "96m");
        expect(1, 96, 7, 48);
        ctl("target", "disable", "--namespace-id", "1");
        expect(7, 48);
        ctl("target", "enable", "--namespace-id", "1");
        expect(1, 96, 7, 48);
        ctl("target", "set-read-only", "--namespace-id", "7");
        namespaces("readonly 7 1");
        ctl("target", "set-read-only", "--namespace-id", "7", "--off");
        namespaces("readonly 7 0");
        ctl("target", "mask", "--namespace-id", "7", "--host", "nqn.2026-01.io.nvmeof:somebody-else");
        expect(1, 96);
        ctl("target", "mask", "--namespace-id", "7", "--all");
        expect(1, 96, 7, 48);
        ctl("target", "remove-namespace", "--namespace-id", "7");
        expect(1, 96);
        namespaces("disconnect");
        LabReport.ran("live namespaces, " + guest.kernel(), "PASSED");
        assertContent();
    }

    @Test
    void pathsChangeTheirStateUnderLoad() throws Exception {
        int first = Command.freePort();
        int second = Command.freePort();
        int low = Math.min(first, second);
        int high = Math.max(first, second);
        start("target", "", low, high);
        paths("connect %s %d %d".formatted(KernelLab.GATEWAY, low, high));
        paths("states 'optimized optimized'");
        paths("load %d %d".formatted(LOAD_SECONDS, STALL_SECONDS));
        state(1, "inaccessible");
        paths("states 'inaccessible optimized'");
        state(1, "non-optimized");
        state(2, "inaccessible");
        paths("states 'non-optimized inaccessible'");
        state(1, "change");
        state(2, "optimized");
        paths("states 'change optimized'");
        state(1, "persistent-loss");
        paths("states 'persistent-loss optimized'");
        state(1, "optimized");
        paths("states 'optimized optimized'");
        LabReport.ran("ANA states under load, " + guest.kernel(), paths("result").replace("\n", "; "));
        paths("disconnect");
        assertContent();
    }

    @Test
    void twoTargetsAreOneSubsystemAndGiveWayToEachOther() throws Exception {
        int first = Command.freePort();
        int second = Command.freePort();
        int low = Math.min(first, second);
        int high = Math.max(first, second);
        start("left", "1-1000", low);
        start("right", "1001-2000", high);
        ctl("right", "set-ana-state", "--port", "1", "--group", "1", "--state", "inaccessible");
        paths("connect %s %d %d".formatted(KernelLab.GATEWAY, low, high));
        paths("states 'optimized inaccessible'");
        paths("load %d %d".formatted(LOAD_SECONDS, STALL_SECONDS));
        for (int i = 0; i < 2; i++) {
            switchOver("left", "right");
            paths("states 'inaccessible optimized'");
            switchOver("right", "left");
            paths("states 'optimized inaccessible'");
        }
        LabReport.ran("two targets giving way under load, " + guest.kernel(), paths("result").replace("\n", "; "));
        paths("disconnect");
        assertContent();
    }

    // ---- Targets

    /** A target with namespace 1 in the folder's one file, shared by all targets of the test. */
    private void start(String name, String controllerIds, int... ports) throws InterruptedException {
        String listen = String.join(", ", Arrays.stream(ports)
                .mapToObj(port -> "{\"listen\": \"127.0.0.1:" + port + "\"}").toList());
        String configuration = """
                {"ports": [%s], "state-directory": "%s.state",
                 "subsystems": [{"nqn": "%s", "serial": "LIVE"%s,
                     "namespaces": [{"id": 1, "backend": "file", "path": "blocks", "size": "64m", "shared": true,
                                     "uuid": "7e6f6f9e-0d8c-4a5c-9d61-6f1c5d6b7a11"}]}]}
                """.formatted(listen, name, NQN,
                controllerIds.isEmpty() ? "" : ", \"controller-ids\": \"" + controllerIds + "\"");
        targets.add(TargetProcess.start(folder, name, configuration, ports, "--control", control(name)));
    }

    private String control(String name) {
        return folder.resolve(name + ".sock").toString();
    }

    private void ctl(String target, String... arguments) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of("ctl"));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--control", control(target)));
        NvmeofCommand.run(NvmeofCommand.SHORT, line.toArray(String[]::new)).succeeded();
    }

    private void state(int port, String state) throws InterruptedException {
        ctl("target", "set-ana-state", "--port", Integer.toString(port), "--group", "1", "--state", state);
    }

    private void switchOver(String from, String to) throws InterruptedException {
        NvmeofCommand.run(NvmeofCommand.SHORT, "ctl", "switch-over", "--from", control(from), "--to", control(to),
                "--group", "1").succeeded();
    }

    private void assertContent() throws IOException {
        for (TargetProcess target : targets) {
            target.assertContent();
        }
    }

    // ---- The guest

    private static void namespaces(String action) throws InterruptedException {
        guest.exec(LIMIT, "namespaces.sh " + NQN + " " + action).succeeded();
    }

    /** These namespaces, identifier and size in MiB each, and no others. */
    private static void expect(int... namespacesAndMib) throws InterruptedException {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < namespacesAndMib.length; i += 2) {
            expected.append(i == 0 ? "" : " ").append(namespacesAndMib[i]).append('=')
                    .append(namespacesAndMib[i + 1] * MIB);
        }
        namespaces("expect '" + expected + "'");
    }

    private static String paths(String action) throws InterruptedException {
        return guest.exec(LIMIT, "paths.sh " + NQN + " " + action).succeeded();
    }
}
