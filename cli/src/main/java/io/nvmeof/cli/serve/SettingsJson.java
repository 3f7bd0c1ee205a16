package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.ControllerIdRange;
import io.nvmeof.target.DuplicateHostPolicy;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.RateLimit;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.storage.FaultBackend;
import io.nvmeof.target.storage.FaultRule;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes a configuration as {@link TargetSettings} reads it; what is as usual is left out. */
final class SettingsJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int CONTROLLERS_MAX = 1024;
    private static final Set<String> OF_PORT = Set.of("id", "listen", "reachable-as", "subsystems", "ana-states");
    private static final Set<String> OF_SUBSYSTEM = Set.of("nqn", "serial", "model", "allow-any-host", "allowed-hosts",
            "io-queues-max", "queue-size-max", "controllers-max", "ieee-oui", "duplicate-hosts", "controller-ids",
            "host-limit", "host-limits", "namespaces");
    private static final Set<String> OF_NAMESPACE = Set.of("id", "backend", "path", "size", "block-size", "direct",
            "shared", "read-only", "uuid", "eui64", "enabled", "ana-group", "hosts", "limit", "faults", "fault-seed");

    private final OpenBackends backends;
    private final Path folder;

    /** @param folder what paths are relative to */
    SettingsJson(OpenBackends backends, Path folder) {
        this.backends = backends;
        this.folder = folder;
    }

    /**
     * A file that serves what is served now.
     *
     * @param file the file as it was read: keys that cannot be changed live stay as they are
     */
    ObjectNode file(JsonNode file, TargetConfiguration configuration) {
        ObjectNode root = file.deepCopy();
        ArrayNode ports = NODES.arrayNode();
        for (PortConfiguration port : configuration.ports()) {
            ports.add(merged(file.path("ports"), "id", port(port), OF_PORT));
        }
        root.set("ports", ports);
        ArrayNode subsystems = NODES.arrayNode();
        for (SubsystemConfiguration subsystem : configuration.subsystems()) {
            ObjectNode now = subsystem(subsystem);
            JsonNode before = sameIn(file.path("subsystems"), "nqn", now);
            ArrayNode namespaces = now.putArray("namespaces");
            for (NamespaceConfiguration namespace : subsystem.namespaces()) {
                namespaces.add(merged(before.path("namespaces"), "id", namespace(namespace), OF_NAMESPACE));
            }
            subsystems.add(merged(file.path("subsystems"), "nqn", now, OF_SUBSYSTEM));
        }
        root.set("subsystems", subsystems);
        root.remove("referrals");
        if (!configuration.referrals().isEmpty()) {
            root.set("referrals", list(configuration.referrals().stream().map(SettingsJson::referral).toList()));
        }
        return root;
    }

    /** A port. */
    static ObjectNode port(PortConfiguration port) {
        ObjectNode node = NODES.objectNode();
        node.put("id", port.id()).put("listen", port.address().toString());
        port.reachableAs().ifPresent(address -> node.put("reachable-as", address.toString()));
        port.subsystems().ifPresent(names -> node.set("subsystems", names(names)));
        if (!port.anaStates().isEmpty()) {
            ObjectNode states = node.putObject("ana-states");
            for (Map.Entry<Integer, AnaState> state : new TreeMap<>(port.anaStates()).entrySet()) {
                states.put(state.getKey().toString(), SettingNode.word(state.getValue()));
            }
        }
        return node;
    }

    /** A referral. */
    static ObjectNode referral(ReferralConfiguration referral) {
        ObjectNode node = NODES.objectNode().put("address", referral.address().toString());
        if (referral.portId() != 0) {
            node.put("port-id", referral.portId());
        }
        if (!referral.nqn().isDiscovery()) {
            node.put("nqn", referral.nqn().toString());
        }
        return node;
    }

    /** A subsystem without its namespaces. */
    static ObjectNode subsystem(SubsystemConfiguration subsystem) {
        ObjectNode node = NODES.objectNode();
        node.put("nqn", subsystem.nqn().toString()).put("serial", subsystem.serial()).put("model", subsystem.model());
        node.put("allow-any-host", subsystem.allowAnyHost());
        if (!subsystem.allowAnyHost() || !subsystem.allowedHosts().isEmpty()) {
            node.set("allowed-hosts", names(subsystem.allowedHosts()));
        }
        put(node, "io-queues-max", subsystem.ioQueueCountMax(), TargetPlan.IO_QUEUES);
        put(node, "queue-size-max", subsystem.queueSizeMax(), TargetPlan.QUEUE_SIZE);
        put(node, "controllers-max", subsystem.controllerCountMax(), CONTROLLERS_MAX);
        ControllerIdRange ids = subsystem.controllerIds();
        if (!ids.equals(ControllerIdRange.ALL)) {
            node.put("controller-ids", ids.least() + "-" + ids.most());
        }
        if (subsystem.ieeeOui() != 0) {
            node.put("ieee-oui", "%06x".formatted(subsystem.ieeeOui()));
        }
        if (subsystem.duplicateHosts() != DuplicateHostPolicy.ALLOW) {
            node.put("duplicate-hosts", SettingNode.word(subsystem.duplicateHosts()));
        }
        putLimit(node, "host-limit", subsystem.hostRateLimit());
        if (!subsystem.hostRateLimits().isEmpty()) {
            ObjectNode limits = node.putObject("host-limits");
            subsystem.hostRateLimits().forEach((host, limit) -> limits.set(host.toString(), limit(limit)));
        }
        return node;
    }

    /** A namespace, as far as it is known what it was opened from. */
    ObjectNode namespace(NamespaceConfiguration namespace) {
        ObjectNode node = NODES.objectNode().put("id", namespace.id());
        backends.planOf(namespace.backend()).ifPresent(plan -> putBacking(node, plan, namespace));
        put(node, "read-only", namespace.readOnly(), false);
        if (namespace.eui64() != 0) {
            node.put("eui64", "%016x".formatted(namespace.eui64()));
        }
        put(node, "enabled", namespace.enabled(), true);
        put(node, "ana-group", namespace.anaGroup(), 1);
        namespace.visibleTo().ifPresent(hosts -> node.set("hosts", names(hosts)));
        putLimit(node, "limit", namespace.rateLimit());
        if (namespace.backend() instanceof FaultBackend faults) {
            node.set("faults", list(faults.rules().stream().map(SettingsJson::fault).toList()));
        }
        return node;
    }

    private void putBacking(ObjectNode node, NamespacePlan plan, NamespaceConfiguration namespace) {
        Backing backing = plan.backing();
        node.put("backend", SettingNode.word(backing.kind()));
        if (backing.path() != null) {
            Path path = backing.path().toAbsolutePath().normalize();
            node.put("path", (path.startsWith(folder) ? folder.relativize(path) : path).toString());
        }
        if (backing.sizeBytes() != 0) {
            node.put("size", namespace.backend().blockCount() * namespace.backend().blockSizeBytes());
        }
        if (backing.blockSizeBytes() != 0) {
            node.put("block-size", backing.blockSizeBytes());
        }
        put(node, "direct", backing.direct(), false);
        put(node, "shared", backing.shared(), false);
        // The UUID of memory that nobody named changes with each start, because its data is gone then.
        if (plan.uuidGiven() || backing.path() != null) {
            node.put("uuid", namespace.uuid().toString());
        }
        backing.faults().filter(faults -> faults.seed() != 1)
                .ifPresent(faults -> node.put("fault-seed", faults.seed()));
    }

    /** A rule for faults. */
    static ObjectNode fault(FaultRule rule) {
        ObjectNode node = NODES.objectNode();
        ArrayNode operations = node.putArray("operations");
        rule.operations().stream().sorted().forEach(operation -> operations.add(SettingNode.word(operation)));
        if (rule.firstBlock() != 0) {
            node.put("first-block", rule.firstBlock());
        }
        if (rule.blockCount() != Long.MAX_VALUE) {
            node.put("block-count", rule.blockCount());
        }
        if (rule.probability() != 1) {
            node.put("probability", rule.probability());
        }
        if (rule.delayMicros() != 0) {
            node.put("delay-micros", rule.delayMicros());
        }
        if (!rule.status().successful()) {
            node.put("status", "%03x".formatted(rule.status().field(false) >>> 1));
        }
        if (rule.countMax() != 0) {
            node.put("count", rule.countMax());
        }
        return node;
    }

    /** A limit. */
    static ObjectNode limit(RateLimit limit) {
        return NODES.objectNode().put("iops", limit.iops()).put("bytes-per-second", limit.bytesPerSecond())
                .put("burst-millis", limit.burstMillis());
    }

    private static void putLimit(ObjectNode node, String key, RateLimit limit) {
        if (limit.limited()) {
            node.set(key, limit(limit));
        }
    }

    private static void put(ObjectNode node, String key, int value, int usual) {
        if (value != usual) {
            node.put(key, value);
        }
    }

    private static void put(ObjectNode node, String key, boolean value, boolean usual) {
        if (value != usual) {
            node.put(key, value);
        }
    }

    private static ArrayNode names(Collection<NvmeQualifiedName> names) {
        ArrayNode list = NODES.arrayNode();
        names.stream().map(NvmeQualifiedName::toString).sorted().forEach(list::add);
        return list;
    }

    private static ArrayNode list(List<ObjectNode> nodes) {
        return NODES.arrayNode().addAll(nodes);
    }

    /** The object as it is now, with those keys of its former self that are none of ours. */
    private static ObjectNode merged(JsonNode before, String key, ObjectNode now, Set<String> ours) {
        JsonNode same = sameIn(before, key, now);
        if (same.isObject()) {
            same.properties().forEach(each -> {
                if (!ours.contains(each.getKey())) {
                    now.set(each.getKey(), each.getValue());
                }
            });
        }
        return now;
    }

    private static JsonNode sameIn(JsonNode list, String key, ObjectNode now) {
        for (int i = 0; i < list.size(); i++) {
            // An identifier that was left out is the place in the list.
            String id = list.get(i).has(key) ? list.get(i).get(key).asText() : Integer.toString(i + 1);
            if (id.equals(now.get(key).asText())) {
                return list.get(i);
            }
        }
        return NODES.missingNode();
    }
}
