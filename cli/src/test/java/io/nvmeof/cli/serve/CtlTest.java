package io.nvmeof.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nvmeof.cli.Nvmeof;
import io.nvmeof.cli.shared.CommandFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code nvmeof ctl} and a target that runs, with hosts that see what changes. */
@Timeout(180)
class CtlTest {
    private static final String HOST = "nqn.2026-01.com.example:host";
    private static final String FILE = """
            { "loops": 1, "tomorrow-is-kept": 0,
              "ports": [ { "listen": "127.0.0.1:0" } ],
              "subsystems": [ { "nqn": "nqn.2026-01.com.example:ctl",
                  "namespaces": [ { "backend": "file", "path": "a.img", "size": "1m" } ] } ] }
            """.replace("\"tomorrow-is-kept\": 0,", "");

    @TempDir
    Path folder;

    private record Result(int status, String out, String err) {
        JsonNode json() throws Exception {
            return JsonMapper.builder().build().readTree(out);
        }
    }

    private final class Served implements AutoCloseable {
        private final Path socket;
        private final RunningTarget target;

        Served(String name, String content) throws Exception {
            Path file = Files.writeString(folder.resolve(name + ".json"), content);
            socket = folder.resolve(name);
            target = RunningTarget.start(TargetFile.read(file));
            target.openDoor(socket, folder, SavedChanges.into(file, TargetFile.parse("--config", file)));
        }

        Result ctl(String... words) {
            List<String> all = new ArrayList<>(List.of("ctl", words[0], "--control", socket.toString()));
            all.addAll(List.of(words).subList(1, words.length));
            return run(all);
        }

        Result host(String... words) {
            List<String> all = new ArrayList<>(List.of(words[0], "-a", "127.0.0.1", "-s", target.port()));
            all.addAll(List.of(words).subList(1, words.length));
            return run(all);
        }

        void done(String... words) {
            Result result = ctl(words);
            assertThat(result.err).isEmpty();
            assertThat(result.out).startsWith(words[0] + ": done");
            assertThat(result.status).isZero();
        }

        void refused(String message, String... words) {
            Result result = ctl(words);
            assertThat(result.err).startsWith("nvmeof: ").contains(message);
            assertThat(result.status).isEqualTo(CommandFailure.EXIT_USAGE);
        }

        @Override
        public void close() {
            target.close();
        }
    }

    private static Result run(List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Nvmeof.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int status = line.execute(words.toArray(String[]::new));
        assertThat(err.toString()).doesNotContain("unexpected failure");
        return new Result(status, out.toString(), err.toString());
    }

    @Test
    void namespacesComeChangeAndGo() throws Exception {
        try (Served served = new Served("t", FILE)) {
            served.done("add-namespace", "--backend", "memory", "--size", "2m", "--namespace-id", "7", "--faults");
            served.done("add-namespace", "--backend", folder.resolve("b.img").toString(), "--size", "1m");
            assertThat(folder.resolve("b.img")).hasSize(1 << 20);
            assertThat(served.host("list").out).contains(" 7 ", " 2 ");
            served.done("resize", "--namespace-id", "2", "--size", "3m");
            assertThat(folder.resolve("b.img")).hasSize(3 << 20);
            assertThat(served.host("id-ns", "--namespace-id", "2").out).contains("nsze    : 0x300\n");
            served.done("disable", "--namespace-id", "7");
            assertThat(served.host("id-ns", "--namespace-id", "7").err).contains("namespace 7 is not there");
            served.done("enable", "--namespace-id", "7");
            served.done("set-read-only", "--namespace-id", "7");
            assertThat(served.host("write-zeroes", "--namespace-id", "7").err).contains("Write Protected");
            served.done("set-read-only", "--namespace-id", "7", "--off");
            assertThat(served.host("write-zeroes", "--namespace-id", "7").status).isZero();
            served.done("mask", "--namespace-id", "7", "--host", HOST);
            assertThat(served.host("id-ns", "--namespace-id", "7").err).contains("namespace 7 is not there");
            assertThat(served.host("id-ns", "--namespace-id", "7", "-q", HOST).status).isZero();
            served.done("mask", "--namespace-id", "7", "--all");
            served.done("set-ana-group", "--namespace-id", "7", "--group", "3");
            served.done("limit-namespace", "--namespace-id", "7", "--iops", "1000", "--bytes-per-second", "1m");
            served.done("faults", "--namespace-id", "7", "--operation", "read", "--status", "281");
            assertThat(served.host("read", "--namespace-id", "7", "--data", "/dev/null").err).contains("Unrecovered Read Error");
            assertThat(served.ctl("faults", "--namespace-id", "7").out)
                    .isEqualTo("{\"operations\":[\"read\"],\"status\":\"281\"}  met 1\n");
            served.done("faults", "--namespace-id", "7", "--clear");
            assertThat(served.host("read", "--namespace-id", "7", "--data", "/dev/null").status).isZero();
            JsonNode saved = TargetFile.parse("--config", folder.resolve("t.json")).at("/subsystems/0/namespaces");
            assertThat(saved.findValuesAsText("id")).containsExactlyInAnyOrder("1", "2", "7");
            assertThat(saved.findValuesAsText("path")).containsExactlyInAnyOrder("a.img", "b.img");
            assertThat(saved.toString()).contains("\"iops\":1000", "\"ana-group\":3", "\"faults\":[]", "\"size\":3145728");
            served.done("remove-namespace", "--namespace-id", "2");
            served.done("remove-namespace", "--namespace-id", "7");
            assertThat(served.host("list").out).doesNotContain(" 7 ");
            assertThat(folder.resolve("b.img")).hasSize(3 << 20);
            served.done("add-namespace", "--backend", folder.resolve("b.img").toString());
        }
        assertThat(TargetFile.read(folder.resolve("t.json")).subsystems().getFirst().namespaces()).hasSize(2);
    }

    @Test
    void whatCannotBeIsRefusedAndChangesNothing() throws Exception {
        try (Served served = new Served("t", FILE)) {
            String before = served.ctl("config").out;
            served.refused("request: size: is missing", "add-namespace", "--backend",
                    folder.resolve("new.img").toString());
            served.refused("namespace id", "add-namespace", "--backend", folder.resolve("new.img").toString(), "--size",
                    "1m", "--namespace-id", "1");
            assertThat(folder.resolve("new.img")).doesNotExist();
            Result locked = served.ctl("add-namespace", "--backend", folder.resolve("a.img").toString());
            assertThat(locked.err).contains("request: path: ", "a.img: is locked by");
            assertThat(locked.status).isEqualTo(CommandFailure.EXIT_FAILED);
            served.refused("there is no namespace 9", "disable", "--namespace-id", "9");
            served.refused("there is no subsystem nqn.x; there is [nqn.2026-01.com.example:ctl]", "add-namespace",
                    "--backend", "memory", "--size", "1m", "-n", "nqn.x");
            served.refused("was opened without", "faults", "--namespace-id", "1", "--clear");
            served.refused("either --all or at least one --host", "mask", "--namespace-id", "1");
            served.refused("request: state: \"good\" is not allowed; allowed: optimized,", "set-ana-state", "--port",
                    "1", "--group", "1", "--state", "good");
            served.refused("port", "set-ana-state", "--port", "9", "--group", "1", "--state", "optimized");
            served.refused("request: iops: -1 is not allowed", "limit-host", "--host", HOST, "--iops", "-1");
            served.refused("either --host or --any", "allow-host");
            assertThat(served.ctl("config").out).isEqualTo(before);
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("t.json", "a.img");
    }

    @Test
    void hostsPortsAndStates() throws Exception {
        try (Served served = new Served("t", FILE)) {
            served.done("disallow-host", "--any");
            assertThat(served.host("id-ctrl", "-n", "nqn.2026-01.com.example:ctl").err).contains("does not allow");
            served.done("allow-host", "--host", HOST);
            assertThat(served.host("id-ctrl", "-q", HOST).status).isZero();
            served.done("limit-host", "--host", HOST, "--iops", "500");
            assertThat(served.ctl("config").out).contains("\"allow-any-host\" : false", "\"iops\" : 500");
            served.done("disallow-host", "--host", HOST);
            served.done("allow-host", "--any");
            served.done("add-port", "--listen", "127.0.0.1:0", "--id", "5");
            JsonNode ports = served.ctl("status", "-o", "json").json().get("ports");
            assertThat(ports.findValuesAsText("id")).containsExactly("1", "5");
            String address = ports.get(1).get("address").asText();
            assertThat(run(List.of("id-ctrl", "-a", "127.0.0.1", "-s", address.substring(address.lastIndexOf(':') + 1)))
                    .status).isZero();
            served.done("remove-port", "--id", "5");
            served.done("set-ana-state", "--port", "1", "--group", "1", "--state", "non-optimized");
            assertThat(served.ctl("status").out).contains("group 1 non-optimized");
            served.done("add-referral", "--address", "192.0.2.20");
            assertThat(served.ctl("config").out).contains("\"address\" : \"192.0.2.20:8009\"");
            served.done("remove-referral", "--address", "192.0.2.20");
            served.done("pause");
            served.done("resume");
            assertThat(served.host("flush").status).isZero();
            served.refused("ontroller", "end-controller", "--controller-id", "77");
        }
    }

    /** Two targets as one subsystem: the group moves there and back, and what is written there is read here. */
    @Test
    void aGroupMovesFromOneTargetToAnother() throws Exception {
        String pair = """
                { "loops": 1, "ports": [ { "listen": "127.0.0.1:0", "ana-states": { "1": "%s" } } ],
                  "subsystems": [ { "nqn": "nqn.2026-01.com.example:pair", "serial": "P", "controller-ids": "%s",
                      "namespaces": [ { "backend": "file", "path": "disk.img", "shared": true,
                                        "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301" } ] } ] }""";
        Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
        Path data = Files.write(folder.resolve("data"), "precious".repeat(512).getBytes());
        Path back = folder.resolve("back");
        try (Served a = new Served("a", pair.formatted("optimized", "1-100"));
                Served b = new Served("b", pair.formatted("inaccessible", "101-200"))) {
            assertThat(a.host("write", "--data", data.toString()).status).isZero();
            assertThat(b.host("read", "--data", back.toString()).err).contains("Inaccessible");
            assertThat(run(List.of("ctl", "switch-over", "--from", a.socket.toString(), "--to", b.socket.toString(),
                    "--group", "1")).err).isEmpty();
            assertThat(b.host("read", "--data", back.toString()).status).isZero();
            assertThat(back).hasSameBinaryContentAs(data);
            assertThat(a.host("write", "--data", data.toString()).err).contains("Inaccessible");
            assertThat(a.host("ana-log").out).contains("state\t:\tinaccessible");
            assertThat(b.host("ana-log").out).contains("state\t:\toptimized");
            assertThat(TargetFile.parse("--config", folder.resolve("a.json")).at("/ports/0/ana-states/1").asText())
                    .isEqualTo("inaccessible");
            assertThat(run(List.of("ctl", "switch-over", "--from", b.socket.toString(), "--to", a.socket.toString(),
                    "--group", "1")).status).isZero();
            assertThat(a.host("write", "--data", data.toString()).status).isZero();
        }
    }

    @Test
    void aTargetThatIsNotThere() {
        Result result = run(List.of("ctl", "status", "--control", folder.resolve("nobody").toString()));
        assertThat(result.err).contains("nobody is not there. Is the target running?");
        assertThat(result.status).isEqualTo(CommandFailure.EXIT_FAILED);
    }
}
