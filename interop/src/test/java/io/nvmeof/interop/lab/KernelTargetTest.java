package io.nvmeof.interop.lab;

import io.nvmeof.interop.process.NvmeofCommand;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Our initiator, through the command, against the kernel's target: what one side writes the other side reads. */
@Tag("lab")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(GuestKernel.class)
final class KernelTargetTest {

    private static final String NQN = "nqn.2026-01.io.nvmeof:kernel-target-test";
    private static final int VERIFY_SECONDS = Integer.getInteger("lab.verify.seconds", 60);
    private static final int FILE_MIB = 6;
    private static final int MIB = 1 << 20;

    private static KernelLab guest;

    @Parameter
    private GuestKernel kernel;

    @TempDir
    private Path folder;

    @BeforeParameterizedClassInvocation
    static void start(GuestKernel kernel) throws InterruptedException {
        NvmeofCommand.require();
        guest = KernelLab.start(kernel);
        guest.exec("target.sh up -a 127.0.0.1 -s " + guest.port() + " -n " + NQN);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (guest != null) {
            guest.close();
            guest = null;
        }
    }

    @BeforeEach
    void markKernelLog() throws InterruptedException {
        guest.exec("klog.sh mark");
    }

    @AfterEach
    void nothingOddInTheKernelLog() throws InterruptedException {
        guest.exec("klog.sh check");
    }

    @Test
    void discoversTheSubsystemWhereItIs() throws InterruptedException {
        String output = NvmeofCommand.run(
                        NvmeofCommand.SHORT, "discover", "-t", "tcp", "-a", "127.0.0.1", "-s", portText())
                .succeeded();
        assertThat(output).contains(NQN, portText(), "127.0.0.1");
    }

    @Test
    void identifiesControllerAndNamespace() throws InterruptedException {
        assertThat(nvmeof("id-ctrl", List.of())).contains("nvmeof lab", "NVMEOFLAB01", NQN);
        String firstNamespace = nvmeof("id-ns", List.of("--namespace-id", "1"));
        String secondNamespace = nvmeof("id-ns", List.of("--namespace-id", "2"));
        // 256 MiB in blocks of 512 and of 4096 bytes, whether printed in decimal or hexadecimal
        assertThat(firstNamespace).containsPattern("524,?288|0x80000\\b");
        assertThat(secondNamespace).containsPattern("65,?536|0x10000\\b");
    }

    @ParameterizedTest(name = "namespace {0} of {2}-byte blocks, digests {3}")
    @CsvSource({"1, /dev/ram0, 512, false", "1, /dev/ram0, 512, true", "2, /dev/labnull, 4096, true"})
    void eachSideReadsWhatTheOtherWrote(int namespaceId, String device, int blockSize, boolean digests)
            throws InterruptedException, IOException {
        List<String> common = new ArrayList<>(List.of("--namespace-id", Integer.toString(namespaceId)));
        if (digests) {
            common.addAll(List.of("--hdr-digest", "--data-digest"));
        }
        Path ours = randomFile("ours", namespaceId + (digests ? 10 : 0));
        int zeroBasedCount = FILE_MIB * MIB / blockSize - 1;     // as nvme-cli counts
        long ourBlock = 3L * MIB / blockSize;
        nvmeof("write", with(common, "--start-block", Long.toString(ourBlock), "--data", ours.toString()));
        nvmeof("flush", common);
        // Direct: the guest's page cache for the device knows nothing of what nvmet wrote beneath it.
        guest.exec("dd if=%s of=/run/lab/ours bs=1M skip=3 count=%d iflag=direct 2>&1".formatted(device, FILE_MIB));
        guest.pull("/run/lab/ours", folder.resolve("ours-there"));
        assertThat(folder.resolve("ours-there")).hasSameBinaryContentAs(ours);

        Path theirs = randomFile("theirs", namespaceId + 100);
        guest.push(theirs, "/run/lab/theirs");
        guest.exec("dd if=/run/lab/theirs of=%s bs=1M seek=32 oflag=direct 2>&1 && rm /run/lab/theirs /run/lab/ours"
                .formatted(device));
        Path read = folder.resolve("theirs-here");
        String theirBlock = Long.toString(32L * MIB / blockSize);
        nvmeof(
                "read",
                with(
                        common,
                        "--start-block", theirBlock,
                        "--block-count", Integer.toString(zeroBasedCount),
                        "--data", read.toString()));
        assertThat(read).hasSameBinaryContentAs(theirs);
        LabReport.ran("our initiator, " + kernel + ", files", "namespace " + namespaceId + ", digests " + digests);
    }

    @ParameterizedTest(name = "digests {0}")
    @ValueSource(booleans = {false, true})
    void verifiesUnderLoad(boolean digests) throws InterruptedException {
        List<String> options = new ArrayList<>(List.of(
                "--seconds", Integer.toString(VERIFY_SECONDS), "--seed", "1", "--nr-io-queues", "2"));
        options.addAll(List.of("--queue-depth", "32"));
        if (digests) {
            options.addAll(List.of("--hdr-digest", "--data-digest"));
        }
        String output = nvmeof(Duration.ofSeconds(VERIFY_SECONDS + 180L), "verify", options);
        String last = output.lines().reduce("", (before, line) -> line.isBlank() ? before : line);
        LabReport.ran("our initiator, " + kernel + ", verify, digests " + digests, last);
    }

    private static String portText() {
        return Integer.toString(guest.port());
    }

    private static String nvmeof(String verb, List<String> options) throws InterruptedException {
        return nvmeof(NvmeofCommand.SHORT, verb, options);
    }

    private static String nvmeof(Duration limit, String verb, List<String> options) throws InterruptedException {
        List<String> arguments = with(List.of(verb, "-a", "127.0.0.1", "-s", portText(), "-n", NQN));
        arguments.addAll(options);
        return NvmeofCommand.run(limit, arguments.toArray(String[]::new)).succeeded();
    }

    private static List<String> with(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all;
    }

    private Path randomFile(String name, long seed) throws IOException {
        byte[] bytes = new byte[FILE_MIB * MIB];
        new SplittableRandom(seed).nextBytes(bytes);
        return Files.write(folder.resolve(name), bytes);
    }
}
