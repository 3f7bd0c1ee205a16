package io.nvmeof.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nvmeof.cli.Nvmeof;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.transport.tcp.TcpEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Our target and our host commands, over TCP on this machine. */
class BothEndsTest {
    private static final String NQN = "nqn.2026-01.com.example:both";

    @TempDir
    Path folder;

    private record Result(int status, String out, String err) {}

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource({"IO_URING, memory, ''", "IO_URING, file, -g", "EPOLL, memory, -G", "EPOLL, file, ''",
            "NIO, memory, -gG",
        "NIO, file, -gG"})
    void whatIsWrittenUnderLoadIsRead(TcpEngine engine, String backend, String digests) throws Exception {
        assumeTrue(engine.unavailableBecause() == null,
                () -> engine.label() + ": " + engine.unavailableBecause());
        try (RunningTarget target = start(engine, namespace(backend, 1, 64 << 20))) {
            Result result = host(target, "verify", "--seconds", "3", "--size", "64m", "-i", "2", "--iodepth", "16",
                    "--engine", engine.label(), digests);
            assertThat(result.out).startsWith("verified, no error: ");
            assertThat(result.status).isZero();
        }
    }

    @Test
    void filesGoInAndComeBack() throws Exception {
        byte[] data = new byte[5_000_000];
        new Random(1).nextBytes(data);
        Path from = Files.write(folder.resolve("from"), data);
        Path into = folder.resolve("into");
        try (RunningTarget target = start(TcpEngine.AUTO, namespace("memory", 1, 64 << 20))) {
            assertThat(host(target, "write", "--data", from.toString(), "--start-block", "3").err)
                    .contains("do not fill their last block of 4096 bytes; --pad");
            assertThat(host(target, "write", "--data", from.toString(), "--start-block", "3", "--pad").out)
                    .isEqualTo("write: Success, 5000000 bytes\n");
            assertThat(host(target, "read", "--data", into.toString(), "--start-block", "3", "--data-size", "5000000")
                    .status).isZero();
            assertThat(into).hasSameBinaryContentAs(from);
            Files.write(from, java.util.Arrays.copyOf(data, 1220 * 4096));
            assertThat(host(target, "compare", "--data", from.toString(), "--start-block", "3").status).isZero();
            Result different = host(target, "compare", "--data", from.toString(), "--start-block", "4");
            assertThat(different.status).isEqualTo(CommandFailure.EXIT_FAILED);
            assertThat(different.err).contains("Compare Failure");
            assertThat(host(target, "write-zeroes", "--start-block", "3", "--block-count", "9").status).isZero();
            host(target, "read", "--data", into.toString(), "--start-block", "3", "--block-count", "9");
            assertThat(into).hasBinaryContent(new byte[10 * 4096]);
        }
    }

    @Test
    void discoveryAnswersUnderBothItsNamesAndTellsOfOtherServices() throws Exception {
        Path file = Files.writeString(folder.resolve("target.json"), """
                { "ports": [ { "listen": "127.0.0.1:0" } ], "discovery-nqn": "%1$s:discovery",
                  "referrals": [ { "address": "192.0.2.9", "nqn": "%1$s:there" } ],
                  "subsystems": [ { "nqn": "%1$s", "namespaces": [ { "backend": "memory", "size": "1m" } ] } ] }
                """.formatted(NQN));
        try (RunningTarget target = RunningTarget.start(TargetFile.read(file))) {
            Result known = host(target, "discover");
            assertThat(known.out).containsSubsequence("Records 3", "current discovery subsystem",
                    "subnqn:  " + NQN + ":discovery", "eflags:  explicit discovery connections\n",
                    "subtype: nvme subsystem", "subnqn:  " + NQN + "\n", "subtype: discovery subsystem referral",
                    "treq:    not specified\n", "trsvcid: 8009", "subnqn:  " + NQN + ":there",
                    "traddr:  192.0.2.9");
            assertThat(host(target, "discover", "-n", NQN + ":discovery").out).isEqualTo(known.out);
            Result nobody = host(target, "discover", "-n", NQN + ":other");
            assertThat(nobody.status).isEqualTo(CommandFailure.EXIT_FAILED);
        }
    }

    /** A pipe does not say how long it is: what does not fit, or fill its last block, is never left out in silence. */
    @Test
    void aPipeIsWrittenWholeOrItIsSaid() throws Exception {
        byte[] data = new byte[(1 << 20) + 4096];
        new Random(2).nextBytes(data);
        Path into = folder.resolve("into");
        try (RunningTarget target = start(TcpEngine.AUTO, namespace("memory", 1, 1 << 20))) {
            Result large = host(target, "write", "--data", pipe(data).toString());
            assertThat(large.status).isEqualTo(CommandFailure.EXIT_FAILED);
            assertThat(large.err).contains("do not fit: the namespace ends after 1048576 bytes");
            assertThat(large.out).isEmpty();
            Result odd = host(target, "write", "--data", pipe(java.util.Arrays.copyOf(data, 4100)).toString());
            assertThat(odd.status).isEqualTo(CommandFailure.EXIT_FAILED);
            assertThat(odd.err).contains("4096 bytes were written, the last 4 were not; --pad");
            assertThat(host(target, "write", "--data", pipe(new byte[0]).toString()).err)
                    .contains("the data ended after 0 bytes");
            assertThat(host(target, "write", "--start-block", "1", "--pad", "--data",
                    pipe(java.util.Arrays.copyOf(data, 4100)).toString()).out)
                    .isEqualTo("write: Success, 4100 bytes\n");
            host(target, "read", "--data", into.toString(), "--start-block", "1", "--data-size", "4100");
            assertThat(into).hasBinaryContent(java.util.Arrays.copyOf(data, 4100));
            Result full = host(target, "read", "--data", "/dev/full");
            assertThat(full.err).isEqualTo("nvmeof: --data: /dev/full cannot be written: No space left on device\n");
            assertThat(full.status).isEqualTo(CommandFailure.EXIT_FAILED);
        }
    }

    private Path pipe(byte[] data) throws Exception {
        Path pipe = folder.resolve("pipe");
        Files.deleteIfExists(pipe);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Thread.ofVirtual().start(() -> {
            try {
                Files.write(pipe, data);
            } catch (IOException e) {
                // The command stopped reading: that is what the test is about.
            }
        });
        return pipe;
    }

    @Test
    void listsWhatThereIs() throws Exception {
        try (RunningTarget target = start(TcpEngine.AUTO, namespace("memory", 1, 1 << 20),
                namespace("memory", 7, 2 << 20))) {
            assertThat(host(target, "list", "-o", "json").out).contains("\"NameSpace\" : 1", "\"NameSpace\" : 7",
                    "\"PhysicalSize\" : 2097152", "\"SubsystemNQN\" : \"" + NQN + "\"", "\"SerialNumber\" : \"S1\"");
            assertThat(host(target, "list").out).contains("1.00 MiB / 1.00 MiB", "2.00 MiB / 2.00 MiB");
            assertThat(host(target, "discover").out).contains("subnqn:  " + NQN, "subtype: nvme subsystem");
            assertThat(host(target, "id-ctrl").out).contains("sn        : S1\n", "mn        : A model\n",
                    "nn        : ");
            assertThat(host(target, "id-ns", "--namespace-id", "7").out)
                    .contains("nsze    : 0x200\n", "(in use)", "uuid    : ");
            assertThat(host(target, "smart-log").out).contains("critical_warning");
            assertThat(host(target, "show-regs").out).contains("csts    : 1\n");
            assertThat(host(target, "get-feature", "-f", "0x07").out).startsWith("get-feature:0x07, Current value:0x");
            assertThat(host(target, "get-log", "-i", "5", "-l", "64").out).startsWith("000000  ");
            assertThat(host(target, "flush", "--namespace-id", "7").out).isEqualTo("NVMe Flush: success\n");
            assertThat(host(target, "dsm", "--ad", "--namespace-id", "7").status).isZero();
            Result absent = host(target, "id-ns", "--namespace-id", "3");
            assertThat(absent.err).isEqualTo(
                    "nvmeof: namespace 3 is not there; this subsystem has 1, 7 (--namespace-id)\n");
            assertThat(absent.status).isEqualTo(CommandFailure.EXIT_FAILED);
            assertThat(host(target, "read", "--start-block", "256").err).contains("namespace 1 has blocks 0 to 255");
        }
    }

    @Test
    void measures() throws Exception {
        try (RunningTarget target = start(TcpEngine.AUTO, namespace("null", 1, 1 << 30))) {
            Result result = host(target, "perf", "--runtime", "1", "--warmup", "1", "--rw", "randrw", "-i", "2",
                    "--json",
                    "--target-pid", Long.toString(ProcessHandle.current().pid()));
            assertThat(result.out).contains("\"iops\" : ", "\"p99.9\" : ", "\"target_cpu_us_per_io\" : ",
                    "\"allocated_bytes_per_io\" : ");
            assertThat(host(target, "perf", "--runtime", "1", "--warmup", "0", "--bs", "1000").err)
                    .contains("--bs: 1000 bytes; allowed for this namespace: a multiple of 4096 from 4096 to ");
        }
    }

    @Test
    void verifyFindsAWriteThatIsLost() throws Exception {
        Path promises = folder.resolve("promises");
        try (RunningTarget target = start(TcpEngine.AUTO, namespace("memory", 1, 16 << 20))) {
            assertThat(host(target, "verify", "--seconds", "1", "--size", "16m", "--log-acknowledged",
                    promises.toString())
                    .out).contains("writes promised");
            assertThat(host(target, "verify", "--check", promises.toString()).out)
                    .startsWith("every promised write is there");
            String first = Files.readAllLines(promises).get(1);
            assertThat(first).startsWith("kept ");
            host(target, "write-zeroes", "--start-block", first.split(" ")[1]);
            Result lost = host(target, "verify", "--check", promises.toString());
            assertThat(lost.out).contains("block " + first.split(" ")[1] + " is lost", "found: zeroes", "ARE LOST");
            assertThat(lost.status).isEqualTo(CommandFailure.EXIT_FAILED);
        }
        try (RunningTarget target = start(TcpEngine.AUTO, namespace("null", 1, 16 << 20))) {
            Result wrong = host(target, "verify", "--seconds", "2", "--size", "16m");
            assertThat(wrong.out).contains("is wrong: it reads as zeroes", "verification FAILED");
            assertThat(wrong.status).isEqualTo(CommandFailure.EXIT_FAILED);
        }
    }

    @Test
    void aStrangerIsTurnedAway() throws Exception {
        TargetPlan.Subsystem subsystem = subsystem(List.of(NvmeQualifiedName.of("nqn.2026-01.com.example:friend")),
                namespace("memory", 1, 1 << 20));
        try (RunningTarget target = RunningTarget.start(plan(TcpEngine.AUTO, subsystem))) {
            Result stranger = host(target, "id-ctrl", "-n", NQN, "-q", "nqn.2026-01.com.example:stranger");
            assertThat(stranger.err).contains("does not allow this host").doesNotContain("\tat ");
            assertThat(stranger.status).isEqualTo(CommandFailure.EXIT_FAILED);
            assertThat(host(target, "id-ctrl", "-q", "nqn.2026-01.com.example:stranger").err)
                    .contains("offers this host (nqn.2026-01.com.example:stranger) no subsystem");
            assertThat(host(target, "id-ctrl", "-q", "nqn.2026-01.com.example:friend").status).isZero();
        }
    }

    @Test
    void nobodyThereIsSaidInOneLine() {
        StringWriter err = new StringWriter();
        CommandLine line = Nvmeof.commandLine().setErr(new PrintWriter(err, true));
        assertThat(line.execute("discover", "-a", "127.0.0.1", "-s", "1")).isEqualTo(CommandFailure.EXIT_FAILED);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("nothing listens there. Is the target running");
    }

    private NamespacePlan namespace(String backend, int id, long bytes) {
        Backing.Kind kind = Backing.Kind.valueOf(backend.toUpperCase(java.util.Locale.ROOT));
        Path path = kind == Backing.Kind.FILE ? folder.resolve("image" + id) : null;
        return new NamespacePlan("", id, StableIdentity.namespace(NQN, id, path),
                new Backing(kind, path, bytes, 0, false, false));
    }

    private static TargetPlan.Subsystem subsystem(List<NvmeQualifiedName> hosts, NamespacePlan... namespaces) {
        return new TargetPlan.Subsystem("", SubsystemConfiguration.builder(NvmeQualifiedName.of(NQN)).serial("S1")
                .model("A model").allowAnyHost(hosts.isEmpty()).allowHosts(hosts).ioQueueCountMax(8).queueSizeMax(128)
                .build(), List.of(namespaces));
    }

    private static RunningTarget start(TcpEngine engine, NamespacePlan... namespaces) throws Exception {
        return RunningTarget.start(plan(engine, subsystem(List.of(), namespaces)));
    }

    private static TargetPlan plan(TcpEngine engine, TargetPlan.Subsystem subsystem) {
        TargetPlan plan = TargetPlan.of(engine, 2,
                List.of(new TargetPlan.Port("", 1, new ListenAddress("127.0.0.1", 0))), List.of(subsystem));
        PlanCheck.check(plan);
        return plan;
    }

    private static Result host(RunningTarget target, String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "-a", "127.0.0.1", "-s", target.port()));
        for (String each : more) {
            if (!each.isEmpty()) {
                arguments.add(each);
            }
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Nvmeof.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int status = line.execute(arguments.toArray(String[]::new));
        assertThat(err.toString()).doesNotContain("unexpected failure");
        return new Result(status, out.toString(), err.toString());
    }
}
