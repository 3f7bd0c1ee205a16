package io.nvmeof.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nvmeof.cli.Nvmeof;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.target.ControllerIdRange;
import io.nvmeof.target.SubsystemConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What nvmetcli has saved is served as the kernel did, and what cannot be is said. */
class NvmetImportTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Path saved(String name) throws IOException {
        try (InputStream resource = NvmetImportTest.class.getResourceAsStream("/nvmetcli/" + name)) {
            return Files.writeString(folder.resolve(name), new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@FOLDER@", folder.toString()));
        }
    }

    private int run(Object... words) {
        CommandLine line = Nvmeof.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] texts = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            texts[i] = words[i].toString();
        }
        return line.execute(texts);
    }

    @Test
    void everythingArrives() throws Exception {
        Files.write(folder.resolve("a.img"), new byte[8192]);
        Files.write(folder.resolve("b.img"), new byte[4096]);
        assertThat(run("import-nvmetcli", saved("tcp.json"))).isZero();
        assertThat(err.toString()).isEmpty();
        Path ours = Files.writeString(folder.resolve("target.json"), out.toString());
        TargetPlan plan = TargetFile.read(ours);
        assertThat(plan.ports()).hasSize(2);
        assertThat(plan.ports().getFirst().id()).isEqualTo(3);
        assertThat(plan.ports().getFirst().configuration().anaStates())
                .isEqualTo(Map.of(2, AnaState.NON_OPTIMIZED));
        assertThat(plan.ports().get(1).listen()).isEqualTo(new ListenAddress("::1", 4420));
        assertThat(plan.ports().get(1).configuration().subsystems().orElseThrow()).isEmpty();
        assertThat(plan.referrals()).hasSize(1);
        assertThat(plan.referrals().getFirst().portId()).isEqualTo(4);
        SubsystemConfiguration subsystem = plan.subsystems().getFirst().configuration();
        assertThat(subsystem.allowAnyHost()).isFalse();
        assertThat(subsystem.allowedHosts()).hasSize(1);
        assertThat(subsystem.serial()).isEqualTo("123456789abcdef01234");
        assertThat(subsystem.model()).isEqualTo("Linux");
        assertThat(subsystem.ieeeOui()).isEqualTo(0x23ab);
        assertThat(subsystem.controllerIds()).isEqualTo(new ControllerIdRange(1, 1000));
        assertThat(subsystem.ioQueueCountMax()).isEqualTo(64);
        NamespacePlan first = plan.subsystems().getFirst().namespaces().getFirst();
        assertThat(first.uuid()).hasToString("d592cdf3-5d1c-44e0-8412-3fcf7d99df27");
        assertThat(first.backing().path()).isEqualTo(folder.resolve("a.img"));
        NamespacePlan second = plan.subsystems().getFirst().namespaces().get(1);
        assertThat(second.uuid()).hasToString("ef90689c-6c46-d44c-89c1-4067801309a8");
        assertThat(second.id()).isEqualTo(5);
        assertThat(second.enabled()).isFalse();
        assertThat(second.anaGroup()).isEqualTo(2);
    }

    @Test
    void whatCannotBeServedIsLeftOutAndSaid() throws Exception {
        Path saved = saved("left-out.json");
        assertThat(run("import-nvmetcli", saved)).isEqualTo(CommandFailure.EXIT_FAILED);
        assertThat(err.toString().lines().map(line -> line.replaceFirst("nvmeof: not as in the kernel: ", "")))
                .containsExactly(
                        "subsystems[0].allowed_hosts[0]: nqn.2026-01.com.example:keyed has a DH-HMAC-CHAP key, which"
                                + " cannot be asked for yet; without it, it is not let in",
                        "subsystems[0].allowed_hosts[1]: NQN \"hostnqn\" is not of the form nqn.yyyy-mm.reverse.domain"
                                + ":name",
                        "subsystems[0].attr.pi_enable: protection information (T10 PI) is not there; served without",
                        "subsystems[0].namespaces[0]: has no device",
                        "subsystems[0].namespaces[1].device.path: /dev/none-such is not here, so its block size is not"
                                + " known: add block-size, or it will be 4k",
                        "subsystems[0].namespaces[2].nsid: 4096 is not possible; allowed: from 1 to 1024",
                        "subsystems[0].namespaces[3].ana_grpid: 200 is not possible; allowed: from 1 to 128",
                        "subsystems[1].nqn: NQN \"testnqn\" is not of the form nqn.yyyy-mm.reverse.domain:name",
                        "subsystems[2]: nqn.2026-01.com.example:through passes a device's commands through, which"
                                + " cannot be done",
                        "ports[0].referrals[0]: has transport rdma; only tcp can be served",
                        "ports[0].referrals[1]: is disabled; add it to referrals when it is wanted",
                        "ports[0]: has transport rdma; only tcp can be served",
                        "ports[1]: has transport loop; only tcp can be served",
                        "ports[2]: asks for TLS, which is not there yet; the port would be open without it",
                        "ports[3]: ANA group 1024 optimized is not possible; allowed: groups from 1 to 128",
                        "ports[3].param.pi_enable: protection information (T10 PI) is not there; served without");
        JsonNode ours = JsonMapper.builder().build().readTree(out.toString());
        assertThat(ours.get("ports")).hasSize(1);
        assertThat(ours.at("/ports/0/subsystems").toString()).isEqualTo("[\"nqn.2026-01.com.example:some\"]");
        assertThat(ours.at("/subsystems/0/allow-any-host").asBoolean()).isFalse();
        assertThat(ours.at("/subsystems/0/allowed-hosts")).isEmpty();
        assertThat(ours.at("/subsystems/0/namespaces")).hasSize(1);
        assertThat(ours.get("discovery-nqn").asText()).isEqualTo("nqn.2026-01.com.example:discovery");
        assertThat(run("target", "--from-nvmetcli", saved)).isEqualTo(CommandFailure.EXIT_USAGE);
        assertThat(err.toString()).contains("not everything can be served as it was; --partial serves the rest");
    }

    @Test
    void whatNvmetcliHasNotSavedIsRefused() throws Exception {
        Path ours = Files.writeString(folder.resolve("x.json"), "{ \"ports\": [] }");
        assertThat(run("import-nvmetcli", ours)).isEqualTo(CommandFailure.EXIT_USAGE);
        assertThat(err.toString()).startsWith("nvmeof: x.json: is not what nvmetcli saves");
        assertThat(run("target", "--from-nvmetcli", ours, "--config", ours)).isEqualTo(CommandFailure.EXIT_USAGE);
        assertThat(run("target", "--from-nvmetcli", ours, "--size", "1m")).isEqualTo(CommandFailure.EXIT_USAGE);
        assertThat(run("target", "--partial")).isEqualTo(CommandFailure.EXIT_USAGE);
        assertThat(run("import-nvmetcli", folder.resolve("none"))).isEqualTo(CommandFailure.EXIT_USAGE);
        assertThat(err.toString()).contains("--from-nvmetcli and --size", "--partial: only with",
                "none: cannot be read");
    }
}
