package io.nvmeof.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.cli.Nvmeof;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.transport.tcp.TcpEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that show or send one thing, against our target: their output has nvme-cli's names. */
@Timeout(120)
class HostCommandsTest {
    private static final String NQN = "nqn.2026-01.com.example:commands";
    private static final UUID NAMESPACE = UUID.fromString("3f2504e0-4f89-41d3-9a0c-0305e82c3301");
    private static RunningTarget target;

    @TempDir
    Path folder;

    private record Result(int status, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        TargetPlan.Subsystem subsystem = new TargetPlan.Subsystem("", SubsystemConfiguration
                .builder(NvmeQualifiedName.of(NQN)).allowAnyHost(true).build(), List.of(
                new NamespacePlan("", 1, NAMESPACE, new Backing(Backing.Kind.MEMORY, null, 1 << 20, 0, false, false)),
                new NamespacePlan("", 5, UUID.randomUUID(),
                        new Backing(Backing.Kind.MEMORY, null, 1 << 20, 512, false, false))));
        target = RunningTarget.start(TargetPlan.of(TcpEngine.AUTO, 1,
                List.of(new TargetPlan.Port("", 1, new ListenAddress("127.0.0.1", 0))), List.of(subsystem)));
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    private static Result host(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "-a", "127.0.0.1", "-s", target.port()));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Nvmeof.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int status = line.execute(arguments.toArray(String[]::new));
        assertThat(err.toString()).doesNotContain("unexpected failure");
        return new Result(status, out.toString(), err.toString());
    }

    private static String shows(String command, String... more) {
        Result result = host(command, more);
        assertThat(result.err).isEmpty();
        assertThat(result.status).isZero();
        return result.out;
    }

    private static void refuses(String message, String command, String... more) {
        Result result = host(command, more);
        assertThat(result.err).contains(message);
        assertThat(result.status).isEqualTo(CommandFailure.EXIT_USAGE);
    }

    @Test
    void identify() {
        assertThat(shows("list-ns")).isEqualTo("[   0]:0x1\n[   1]:0x5\n");
        assertThat(shows("list-ns", "--namespace-id", "2")).isEqualTo("[   0]:0x5\n");
        assertThat(shows("list-ns", "-o", "json")).contains("\"nsid_list\" : [ {", "\"nsid\" : 5");
        assertThat(shows("ns-descs")).startsWith("NVME Namespace Identification Descriptors NS 1:\n")
                .contains("nguid   : 3f2504e04f8941d39a0c0305e82c3301\n", "uuid    : " + NAMESPACE + "\n",
                        "csi     : 0\n");
        assertThat(shows("nvm-id-ns", "--namespace-id", "5")).contains("NVMe NVM Identify Namespace 5:\n",
                "elbaf0  : pif:0 sts:0 (in use)\n");
        assertThat(shows("cmdset-ind-id-ns")).contains("nstat   : ", "anagrpid: ");
    }

    @Test
    void logPages() {
        host("get-property", "--offset", "0x24");
        assertThat(shows("error-log", "-e", "1")).startsWith("Error Log Entries entries:1\n").contains(" Entry[ 0]\n",
                "(Invalid Field in Command)\n", "opcode          : 0x7f\n");
        assertThat(shows("changed-ns-list-log")).isEmpty();
        assertThat(shows("ana-log")).contains("ngrps\t:\t", "grpid\t:\t1\n", "state\t:\toptimized\n", "\tnsid\t:\t5\n");
        assertThat(shows("ana-log", "--groups")).contains("state\t:\toptimized\n").doesNotContain("\tnsid");
        assertThat(shows("effects-log")).startsWith("NVM Command Set Log Page\n---").contains(
                "ACS6     [Identify                        ] ", "IOCS2    [Read                            ] ");
        assertThat(shows("effects-log", "-o", "json")).contains("\"ACS_6 (Identify)\" : ");
        refuses("--log-entries: 0; allowed: from 1", "error-log", "-e", "0");
    }

    @Test
    void settings() {
        assertThat(shows("set-feature", "-f", "0x0b", "-V", "0x1"))
                .isEqualTo("set-feature:0x0b, value:0x00000001, cdw12:0x00000000, save:0\n");
        assertThat(shows("get-property", "--offset", "0x1c")).isEqualTo("property: 0x1c (CSTS), value: 1\n");
        assertThat(shows("get-property", "--offset", "8", "-o", "json")).contains("\"property\" : 8");
        assertThat(host("get-property", "--offset", "0x24").err).contains("Invalid Field");
        refuses("--feature-id: 256; allowed: from 0 to 0xff", "set-feature", "-f", "256", "-V", "0");
        refuses("\"x\" is no whole number", "get-property", "--offset", "x");
    }

    @Test
    void passthrough() throws Exception {
        assertThat(shows("admin-passthru", "--opcode", "6", "--cdw10", "1", "--data-len", "4096", "--read"))
                .startsWith("Admin Command 0x06 is Success and result: 0x00000000\n000000  ");
        Path file = Files.write(folder.resolve("block"), "precious".repeat(64).getBytes());
        shows("io-passthru", "-O", "1", "--namespace-id", "5", "--cdw10", "7", "-l", "512", "-w", "-i",
                file.toString());
        assertThat(shows("io-passthru", "-O", "2", "--namespace-id", "5", "--cdw10", "7", "-l", "512", "-r"))
                .contains("IO Command 0x02 is Success", "000000  70 72 65 63 69 6f 75 73");
        assertThat(host("io-passthru", "-O", "0xfe", "--namespace-id", "5").err).contains("Invalid Command Opcode");
        refuses("--data-len needs either --read or --write", "io-passthru", "-O", "2", "-l", "512");
        refuses("--data-len: 5; allowed: a multiple of 4", "io-passthru", "-O", "2", "-l", "5", "-r");
        refuses("--cdw10: -1; allowed", "io-passthru", "-O", "2", "--cdw10", "-1");
        refuses("--input-file: only with --write", "io-passthru", "-O", "2", "-l", "4", "-r", "-i", file.toString());
    }

    @Test
    void blocks() throws Exception {
        Path data = Files.write(folder.resolve("data"), "precious".repeat(128).getBytes());
        Path back = folder.resolve("back");
        shows("write", "--namespace-id", "5", "--data", data.toString(), "--start-block", "100");
        assertThat(shows("copy", "--namespace-id", "5", "--sdlba", "200", "--slbs", "100,101", "--blocks", "0,0"))
                .isEqualTo("NVMe Copy: success\n");
        shows("read", "--namespace-id", "5", "--data", back.toString(), "--start-block", "200", "--block-count", "1");
        assertThat(back).hasSameBinaryContentAs(data);
        assertThat(shows("nvm-verify", "--namespace-id", "5", "--data-size", "1m"))
                .isEqualTo("NVME Verify Success\n");
        assertThat(shows("write-uncor", "--namespace-id", "5", "--start-block", "201"))
                .isEqualTo("NVME Write Uncorrectable Success\n");
        assertThat(host("nvm-verify", "--namespace-id", "5", "--data-size", "1m").err)
                .contains("Unrecovered Read Error");
        shows("write-zeroes", "--namespace-id", "5", "--start-block", "201");
        shows("nvm-verify", "--namespace-id", "5", "--data-size", "1m");
    }

    @Test
    void reservations() {
        String[] one = {"-q", "nqn.2026-01.com.example:h1", "-I", "11111111-1111-1111-1111-111111111111"};
        String[] two = {"-q", "nqn.2026-01.com.example:h2", "-I", "22222222-2222-2222-2222-222222222222"};
        assertThat(shows("resv-register", with(one, "--nrkey", "0x1234"))).isEqualTo("NVME Reservation  success\n");
        assertThat(shows("resv-acquire", with(one, "--crkey", "0x1234", "--rtype", "1")))
                .isEqualTo("NVME Reservation Acquire success\n");
        assertThat(shows("resv-report", two)).contains("rtype     : 1\n", "regctl    : 1\n", "regctlext[0] :\n",
                "rkey       : 1234\n");
        assertThat(host("write-zeroes", two).err).contains("Reservation Conflict");
        shows("write-zeroes", one);
        shows("resv-register", with(two, "--nrkey", "0x99"));
        shows("resv-acquire", with(two, "--crkey", "0x99", "--prkey", "0x1234", "--racqa", "1", "--rtype", "1"));
        assertThat(shows("resv-report", with(one, "-o", "json"))).contains("\"rkey\" : \"99\"", "\"rcsts\" : 1");
        assertThat(shows("resv-release", with(two, "--crkey", "0x99"))).isEqualTo("NVME Reservation Release success\n");
        shows("resv-release", with(two, "--crkey", "0x99", "--rrela", "1"));
        assertThat(shows("resv-report", two)).contains("regctl    : 0\n");
        assertThat(shows("resv-notif-log", two)).contains("(Empty Log Page)");
    }

    private static String[] with(String[] these, String... those) {
        String[] all = Arrays.copyOf(these, these.length + those.length);
        System.arraycopy(those, 0, all, these.length, those.length);
        return all;
    }

    @Test
    void mistakesOfReservationsAndCopy() {
        refuses("--rtype: 7; allowed: 1 (write exclusive)", "resv-acquire", "--rtype", "7");
        refuses("--rrega: 3; allowed: 0, 1, 2", "resv-register", "--rrega", "3");
        refuses("--cptpl: 1; allowed: 0, 2, 3", "resv-register", "--cptpl", "1");
        refuses("--rrela: 2; allowed: 0, 1", "resv-release", "--rrela", "2");
        refuses("--slbs and --blocks: 2 and 1 values", "copy", "--sdlba", "0", "--slbs", "1,2", "--blocks", "1");
        refuses("--blocks: 65536; allowed: from 0", "copy", "--sdlba", "0", "--slbs", "1", "--blocks", "65536");
    }
}
