package io.nvmeof.cli.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nvmeof.cli.serve.TargetPlan.BackendKind;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.transport.tcp.TcpEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The configuration file of {@code nvmeof target --config}: JSON, read strictly. */
final class TargetFile {
    static final int SUBSYSTEMS_MAX = 1024;
    static final int PORTS_MAX = 64;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TargetFile() {}

    /** Reads and checks a file; a mistake in it ends the command with exit status 2. */
    static TargetPlan read(Path file) {
        JsonNode json = parse(file);
        SettingNode root = SettingNode.root(file.getFileName().toString(), json);
        TcpEngine engine = root.word("engine", TcpEngine.AUTO, TcpEngine.class);
        int loops = root.integer("loops", TargetPlan.loopCountByDefault(), 1, TargetPlan.LOOPS_MAX);
        long buffers = root.size("buffers-per-loop", TargetPlan.BUFFER_BYTES_PER_LOOP,
                TargetPlan.BUFFER_BYTES_PER_LOOP_MIN, 1L << 40);
        List<TargetPlan.Port> ports = new ArrayList<>();
        for (SettingNode port : root.objects("ports", PORTS_MAX)) {
            ports.add(port(port, ports.size() + 1));
        }
        List<TargetPlan.Subsystem> subsystems = new ArrayList<>();
        for (SettingNode subsystem : root.objects("subsystems", SUBSYSTEMS_MAX)) {
            subsystems.add(subsystem(subsystem, file.toAbsolutePath().getParent()));
        }
        root.end();
        TargetPlan plan = new TargetPlan(engine, loops, buffers, ports, subsystems);
        PlanCheck.check(plan);
        return plan;
    }

    private static JsonNode parse(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? ""
                    : ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
            throw CommandFailure.usage(file.getFileName() + where + ": not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CommandFailure.usage("--config " + file + ": cannot be read: " + FileFailure.reason(e));
        }
    }

    private static TargetPlan.Port port(SettingNode node, int idByDefault) {
        int id = node.integer("id", idByDefault, 1, PortConfiguration.ID_MAX);
        ListenAddress listen = node.parsed("listen", null, ListenAddress::parse);
        node.end();
        return new TargetPlan.Port(node.at("listen"), id, listen);
    }

    private static TargetPlan.Subsystem subsystem(SettingNode node, Path folder) {
        String nqn = node.parsed("nqn", null, TargetFile::nqn);
        String serial = node.ascii("serial", StableIdentity.serial(nqn), TargetPlan.SERIAL_LENGTH_MAX);
        String model = node.ascii("model", TargetPlan.MODEL, TargetPlan.MODEL_LENGTH_MAX);
        List<String> hosts = node.texts("allowed-hosts");
        for (int i = 0; i < hosts.size(); i++) {
            try {
                nqn(hosts.get(i));
            } catch (IllegalArgumentException e) {
                throw CommandFailure.usage(node.at("allowed-hosts[" + i + "]") + e.getMessage());
            }
        }
        if (node.flag("allow-any-host", hosts.isEmpty()) != hosts.isEmpty()) {
            throw CommandFailure.usage(node.at("allow-any-host") + (hosts.isEmpty()
                    ? "false needs allowed-hosts, or nobody could connect"
                    : "true contradicts allowed-hosts; leave one of them out"));
        }
        int ioQueuesMax = node.integer("io-queues-max", TargetPlan.IO_QUEUES, 1,
                SubsystemConfiguration.IO_QUEUE_COUNT_MAX);
        int queueSizeMax = node.integer("queue-size-max", TargetPlan.QUEUE_SIZE,
                SubsystemConfiguration.QUEUE_SIZE_MIN, SubsystemConfiguration.QUEUE_SIZE_MAX);
        List<TargetPlan.Namespace> namespaces = new ArrayList<>();
        for (SettingNode namespace : node.objects("namespaces", NamespaceConfiguration.ID_MAX)) {
            namespaces.add(namespace(namespace, nqn, namespaces.size() + 1, folder));
        }
        node.end();
        return new TargetPlan.Subsystem(node.at("nqn"), nqn, serial, model, hosts, ioQueuesMax, queueSizeMax,
                namespaces);
    }

    private static TargetPlan.Namespace namespace(SettingNode node, String nqn, int idByDefault, Path folder) {
        int id = node.integer("id", idByDefault, 1, NamespaceConfiguration.ID_MAX);
        BackendKind backend = node.word("backend", null, BackendKind.class);
        Path path = backend == BackendKind.FILE ? folder.resolve(node.text("path", null)).normalize() : null;
        long size = node.size("size", 0, 512, Long.MAX_VALUE);
        int blockSize = (int) node.size("block-size", 0, 512, 65_536);
        boolean direct = backend == BackendKind.FILE && node.flag("direct", false);
        boolean readOnly = backend == BackendKind.FILE && node.flag("read-only", false);
        UUID uuid = node.uuid("uuid");
        node.end();
        return new TargetPlan.Namespace(node.key() + ".", id,
                uuid != null ? uuid : StableIdentity.namespace(nqn, id, path), backend, path, size, blockSize, direct,
                readOnly);
    }

    private static String nqn(String text) {
        return NvmeQualifiedName.of(text).toString();
    }
}
