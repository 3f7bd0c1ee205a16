package io.nvmeof.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ControllerIdRange;
import io.nvmeof.target.DuplicateHostPolicy;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.RateLimit;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key of the file arrives, and is written back as it was. */
class TargetFileTest {
    private static final String HOST = "nqn.2026-01.com.example:host";
    private static final String EVERYTHING = """
            { "loops": 1, "engine": "nio", "discovery-nqn": "nqn.2026-01.com.example:discovery", "mdns": true,
              "ports": [
                { "id": 7, "listen": "127.0.0.1:0", "reachable-as": "192.0.2.10:4420",
                  "subsystems": ["nqn.2026-01.com.example:a"],
                  "ana-states": { "1": "optimized", "2": "inaccessible" } },
                { "listen": "[::1]:0" } ],
              "subsystems": [
                { "nqn": "nqn.2026-01.com.example:a", "serial": "S1", "model": "M1", "allow-any-host": false,
                  "allowed-hosts": ["%1$s"], "io-queues-max": 4, "queue-size-max": 64, "controllers-max": 9,
                  "controller-ids": "100-200", "ieee-oui": "0023ab", "duplicate-hosts": "refuse-foreign-identifier",
                  "host-limit": { "iops": 1000, "bytes-per-second": 1048576, "burst-millis": 200 },
                  "host-limits": { "%1$s": { "iops": 7, "bytes-per-second": 0, "burst-millis": 100 } },
                  "namespaces": [
                    { "id": 5, "backend": "memory", "size": 65536, "block-size": 512, "read-only": true,
                      "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "eui64": "0123456789abcdef", "enabled": false,
                      "ana-group": 2, "hosts": ["%1$s"],
                      "limit": { "iops": 10, "bytes-per-second": 0, "burst-millis": 100 }, "fault-seed": 42,
                      "faults": [ { "operations": ["read", "flush"], "first-block": 8, "block-count": 2,
                                    "probability": 0.5, "delay-micros": 1000, "status": "281", "count": 3 } ] },
                    { "id": 6, "backend": "file", "path": "a.img", "size": 8192 } ] },
                { "nqn": "nqn.2026-01.com.example:empty", "allow-any-host": false, "allowed-hosts": [],
                  "namespaces": [] } ],
              "referrals": [ { "address": "192.0.2.1:8009", "port-id": 3, "nqn": "nqn.2026-01.com.example:there" },
                             { "address": "192.0.2.2" } ] }""".formatted(HOST);

    @TempDir
    Path folder;

    private TargetConfiguration open(TargetPlan plan, OpenBackends backends) {
        TargetConfiguration.Builder builder = TargetConfiguration.builder();
        plan.ports().forEach(port -> builder.port(port.configuration()));
        for (TargetPlan.Subsystem subsystem : plan.subsystems()) {
            List<NamespaceConfiguration> namespaces = new ArrayList<>();
            for (NamespacePlan namespace : subsystem.namespaces()) {
                namespaces.add(namespace.configuration(backends.open(namespace)));
            }
            builder.subsystem(subsystem.configuration().toBuilder().namespaces(namespaces).build());
        }
        plan.referrals().forEach(builder::referral);
        return builder.build();
    }

    @Test
    void everyKeyArrives() throws IOException {
        Path file = Files.writeString(folder.resolve("target.json"), EVERYTHING);
        TargetPlan plan = TargetFile.read(file);
        NvmeQualifiedName host = NvmeQualifiedName.of(HOST);
        NvmeQualifiedName nqn = NvmeQualifiedName.of("nqn.2026-01.com.example:a");
        assertThat(plan.discoveryNqn().orElseThrow()).hasToString("nqn.2026-01.com.example:discovery");
        assertThat(plan.mdns()).isTrue();
        assertThat(plan.referrals()).hasSize(2);
        assertThat(plan.referrals().get(1).address()).isEqualTo(TransportAddress.tcp("192.0.2.2", 8009));
        assertThat(plan.ports().getFirst().configuration()).isEqualTo(new PortConfiguration(7,
                TransportAddress.tcp("127.0.0.1", 0), Optional.of(TransportAddress.tcp("192.0.2.10", 4420)),
                Optional.of(Set.of(nqn)), Map.of(1, AnaState.OPTIMIZED, 2, AnaState.INACCESSIBLE)));
        SubsystemConfiguration subsystem = plan.subsystems().getFirst().configuration();
        assertThat(subsystem.controllerIds()).isEqualTo(new ControllerIdRange(100, 200));
        assertThat(subsystem.ieeeOui()).isEqualTo(0x23ab);
        assertThat(subsystem.duplicateHosts()).isEqualTo(DuplicateHostPolicy.REFUSE_FOREIGN_IDENTIFIER);
        assertThat(subsystem.hostRateLimit()).isEqualTo(new RateLimit(1000, 1 << 20, 200));
        assertThat(subsystem.rateLimit(host)).isEqualTo(new RateLimit(7, 0, 100));
        assertThat(subsystem.controllerCountMax()).isEqualTo(9);
        assertThat(plan.subsystems().get(1).configuration().allowAnyHost()).isFalse();
        NamespacePlan namespace = plan.subsystems().getFirst().namespaces().getFirst();
        assertThat(namespace.eui64()).isEqualTo(0x0123456789abcdefL);
        assertThat(namespace.enabled()).isFalse();
        assertThat(namespace.readOnly()).isTrue();
        assertThat(namespace.visibleTo()).contains(Set.of(host));
        assertThat(namespace.backing().faults().orElseThrow().seed()).isEqualTo(42);
        assertThat(namespace.backing().faults().orElseThrow().rules().getFirst().status().description())
                .isEqualTo("Unrecovered Read Error");
    }

    /** What is written is what was read, with what is known only since: the UUID of a file's namespace. */
    @Test
    void isWrittenAsItWasRead() throws IOException {
        Path file = Files.writeString(folder.resolve("target.json"), EVERYTHING);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        JsonNode before = TargetFile.parse("--config", file);
        TargetPlan plan = TargetFile.read(file);
        ObjectNode expected = before.deepCopy();
        ((ObjectNode) expected.at("/ports/1")).put("id", 2);
        ((ObjectNode) expected.at("/subsystems/0/namespaces/1")).put("uuid",
                plan.subsystems().getFirst().namespaces().get(1).uuid().toString());
        ((ObjectNode) expected.at("/subsystems/1")).put("model", TargetPlan.MODEL)
                .put("serial", plan.subsystems().get(1).configuration().serial());
        ((ObjectNode) expected.at("/referrals/1")).put("address", "192.0.2.2:8009");
        try (OpenBackends backends = new OpenBackends()) {
            TargetConfiguration configuration = open(plan, backends);
            TargetFile.write(file, new SettingsJson(backends, folder).file(before, configuration));
        }
        // Jackson compares objects without regard to the order of their keys.
        assertThat((Object) TargetFile.parse("--config", file)).isEqualTo(JsonMapper.builder().build().readTree(
                expected.toString()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        assertThat(TargetFile.read(file).referrals()).isEqualTo(plan.referrals());
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("target.json", "a.img");
    }

    /** Keys of others, and everything about how it is served, stay. */
    @Test
    void whatCannotBeChangedLiveStaysAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("target.json"), EVERYTHING);
        TargetPlan plan = TargetFile.read(file);
        ObjectNode before = TargetFile.parse("--config", file).deepCopy();
        before.put("tomorrow", 1);
        ((ObjectNode) before.at("/ports/0")).put("secure", true);
        ((ObjectNode) before.at("/subsystems/0/namespaces/1")).put("more", "x");
        try (OpenBackends backends = new OpenBackends()) {
            TargetConfiguration configuration = open(plan, backends);
            ObjectNode after = new SettingsJson(backends, folder).file(before, configuration);
            assertThat(after.at("/tomorrow").asInt()).isEqualTo(1);
            assertThat(after.at("/engine").asText()).isEqualTo("nio");
            assertThat(after.at("/ports/0/secure").asBoolean()).isTrue();
            assertThat(after.at("/subsystems/0/namespaces/1/more").asText()).isEqualTo("x");
        }
    }
}
