package io.nvmeof.interop.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The lab and its guest scripts without any of our code: the kernel's host against the kernel's target. */
@Tag("lab")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(GuestKernel.class)
final class KernelLabSelfTest {

    private static final String NQN = "nqn.2026-01.io.nvmeof:selftest";
    private static KernelLab guest;

    @Parameter
    private GuestKernel kernel;

    @TempDir
    private Path folder;

    @BeforeParameterizedClassInvocation
    static void boot(GuestKernel kernel) throws InterruptedException {
        guest = KernelLab.start(kernel);
        guest.exec("target.sh up -a 127.0.0.1 -s " + guest.port() + " -n " + NQN);
    }

    @AfterParameterizedClassInvocation
    static void shutDown() {
        if (guest != null) {
            guest.close();
            guest = null;
        }
    }

    @ParameterizedTest(name = "{0} + {1} queues, digests {2} {3}")
    @CsvSource({"1, 0, false, false", "2, 2, true, true"})
    void theKernelsHostIsContentWithTheKernelsTarget(int queues, int writeQueues, boolean header, boolean data)
            throws InterruptedException {
        var scenario = new HostScenario(queues, writeQueues, header, data);
        String output =
                scenario.run(guest, "127.0.0.1", "127.0.0.1", guest.port(), NQN).succeeded();
        LabReport.ran("self test, " + kernel + ", " + scenario, HostScenario.verdict(output));
        assertThat(output).contains("ok fio-4k-random", "ok fsck", "ok same-data-after-reset", "PASSED");
    }

    /** Guest, this machine, guest: the way to a target of ours and the way from an initiator of ours, in one. */
    @Test
    void bothWaysThroughThisMachineCarryTheScenario() throws InterruptedException {
        var scenario = new HostScenario(2, 0, false, true);
        String output = scenario.run(guest, KernelLab.GATEWAY, "127.0.0.1", guest.port(), NQN)
                .succeeded();
        LabReport.ran("self test by way of this machine, " + kernel, HostScenario.verdict(output));
    }

    @Test
    void theKernelsTargetAnswersThisMachine() throws IOException {
        byte[] request = new byte[128];
        request[2] = (byte) 128;                        // header length; type 0, PFV 0, no digests
        request[4] = (byte) 128;
        try (var socket = new Socket("127.0.0.1", guest.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request);
            ByteBuffer answer =
                    ByteBuffer.wrap(socket.getInputStream().readNBytes(128)).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(answer.get(0)).as("PDU type of an Initialize Connection Response").isEqualTo((byte) 1);
            assertThat(answer.getInt(4)).as("PDU length").isEqualTo(128);
        }
    }

    @Test
    void aLineThatIsNotNormalInTheKernelLogFailsTheCheck() throws InterruptedException {
        guest.exec("klog.sh mark; klog.sh check");
        guest.exec("klog.sh mark; echo 'nvme nvme0: I/O tag 5 (0005) QID 1 timeout' > /dev/kmsg");
        assertThat(guest.exec(KernelLab.COMMAND_LIMIT, "klog.sh check").failed()).contains("QID 1 timeout");
    }

    @Test
    void aTargetThatIsNotThereFailsTheScenario() throws InterruptedException {
        var result = new HostScenario(1, 0, false, false)
                .run(guest, "127.0.0.1", "127.0.0.1", guest.port(), "nqn.2026-01.io.nvmeof:nobody");
        assertThat(result.failed()).contains("FAILED discover");
    }

    @Test
    void theAgentReturnsOutputExitCodeAndFiles() throws InterruptedException, IOException {
        var result = guest.exec(Duration.ofSeconds(30), "echo one; echo two >&2; exit 7");
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.output()).isEqualTo("one\ntwo\n");
        assertThat(guest.exec(Duration.ofSeconds(2), "echo begun; sleep 60").failed()).contains("begun");

        byte[] bytes = new byte[3_000_001];
        new SplittableRandom(1).nextBytes(bytes);
        Path sent = Files.write(folder.resolve("sent"), bytes);
        guest.push(sent, "/run/lab/there");
        guest.pull("/run/lab/there", folder.resolve("back"));
        assertThat(folder.resolve("back")).hasSameBinaryContentAs(sent);
    }
}
