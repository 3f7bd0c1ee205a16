package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.ControllerIdRange;
import io.nvmeof.target.DuplicateHostPolicy;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.RateLimit;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.storage.FaultBackend;
import io.nvmeof.target.storage.FaultRule;
import io.nvmeof.transport.tcp.TcpEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the keys of a configuration mean, in a file and in what is asked of a running target. */
final class TargetSettings {
    static final int SUBSYSTEMS_MAX = 1024;
    static final int PORTS_MAX = 64;
    static final int REFERRALS_MAX = 256;
    private static final int EUI64_DIGITS = 16;
    private static final int OUI_DIGITS = 6;
    private static final int STATUS_DIGITS = 3;
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");

    private final Path folder;

    private TargetSettings(Path folder) {
        this.folder = folder;
    }

    /** With paths relative to a folder. */
    static TargetSettings of(Path folder) {
        return new TargetSettings(folder);
    }

    /** A whole file. */
    TargetPlan plan(SettingNode root) {
        TcpEngine engine = root.word("engine", TcpEngine.AUTO, TcpEngine.class);
        int loops = root.integer("loops", TargetPlan.loopCountByDefault(), 1, TargetPlan.LOOPS_MAX);
        long buffers = root.size("buffers-per-loop", TargetPlan.BUFFER_BYTES_PER_LOOP,
                TargetPlan.BUFFER_BYTES_PER_LOOP_MIN, 1L << 40);
        Optional<NvmeQualifiedName> discoveryNqn = root.optional("discovery-nqn", NvmeQualifiedName::of);
        Optional<Path> stateDirectory =
                root.optional("state-directory", text -> folder.resolve(text).normalize());
        boolean mdns = root.flag("mdns", false);
        stateDirectory.ifPresent(directory -> PlanCheck.checkStateDirectory(root.at("state-directory"), directory));
        List<ReferralConfiguration> referrals = new ArrayList<>();
        for (SettingNode referral : root.anyObjects("referrals", REFERRALS_MAX)) {
            referrals.add(referral(referral));
        }
        List<TargetPlan.Port> ports = new ArrayList<>();
        for (SettingNode port : root.objects("ports", PORTS_MAX)) {
            ports.add(port(port, ports.size() + 1));
        }
        List<TargetPlan.Subsystem> subsystems = new ArrayList<>();
        root.required("subsystems", "a list of objects, [ { ... } ]");
        for (SettingNode subsystem : root.anyObjects("subsystems", SUBSYSTEMS_MAX)) {
            subsystems.add(subsystem(subsystem));
        }
        root.end();
        return new TargetPlan(engine, loops, buffers, ports, subsystems, referrals, discoveryNqn,
                stateDirectory, mdns);
    }

    /** A port. */
    TargetPlan.Port port(SettingNode node, int idByDefault) {
        int id = node.integer("id", idByDefault, 1, PortConfiguration.ID_MAX);
        TransportAddress listen = node.parsed("listen", null, ListenAddress::parse).address();
        Optional<TransportAddress> reachableAs = node.optional("reachable-as", ListenAddress::parse)
                .map(ListenAddress::address);
        Optional<Set<NvmeQualifiedName>> subsystems = names(node, "subsystems");
        Map<Integer, AnaState> states = new HashMap<>();
        SettingNode groups = node.object("ana-states");
        for (String group : groups == null ? List.<String>of() : groups.names()) {
            if (!group.matches("[0-9]{1,5}") || Integer.parseInt(group) < 1
                    || Integer.parseInt(group) > NamespaceConfiguration.ANA_GROUP_MAX) {
                throw CommandFailure.usage(groups.at(group) + "\"" + group + "\" is no ANA group; allowed: from 1 to "
                        + NamespaceConfiguration.ANA_GROUP_MAX);
            }
            states.put(Integer.parseInt(group), groups.word(group, null, AnaState.class));
        }
        node.end();
        try {
            return new TargetPlan.Port(node.at("listen"),
                    new PortConfiguration(id, listen, reachableAs, subsystems, states));
        } catch (ConfigurationException e) {
            throw CommandFailure.usage(node.at("reachable-as") + e.getMessage());
        }
    }

    /** A referral. */
    ReferralConfiguration referral(SettingNode node) {
        ListenAddress address = node.parsed("address", null,
                text -> ListenAddress.parse(text, ListenAddress.DISCOVERY_PORT));
        int portId = node.integer("port-id", 0, 0, PortConfiguration.ID_MAX);
        NvmeQualifiedName nqn = node.parsed("nqn", NvmeQualifiedName.DISCOVERY.toString(), NvmeQualifiedName::of);
        node.end();
        try {
            return new ReferralConfiguration(portId, address.address(), nqn);
        } catch (ConfigurationException e) {
            throw CommandFailure.usage(node.at("address") + e.getMessage());
        }
    }

    /** A subsystem with its namespaces. */
    TargetPlan.Subsystem subsystem(SettingNode node) {
        NvmeQualifiedName nqn = node.parsed("nqn", null, NvmeQualifiedName::of);
        Optional<Set<NvmeQualifiedName>> hosts = names(node, "allowed-hosts");
        boolean anyHost = node.flag("allow-any-host", hosts.isEmpty());
        if (!anyHost && hosts.isEmpty()) {
            throw CommandFailure.usage(node.at("allow-any-host")
                    + "false needs allowed-hosts, or nobody could connect; [] if that is meant");
        }
        SubsystemConfiguration.Builder builder = SubsystemConfiguration.builder(nqn)
                .serial(node.ascii("serial", StableIdentity.serial(nqn.toString()), TargetPlan.SERIAL_LENGTH_MAX))
                .model(node.ascii("model", TargetPlan.MODEL, TargetPlan.MODEL_LENGTH_MAX))
                .allowAnyHost(anyHost).allowHosts(hosts.orElse(Set.of()))
                .ioQueueCountMax(node.integer("io-queues-max", TargetPlan.IO_QUEUES, 1,
                        SubsystemConfiguration.IO_QUEUE_COUNT_MAX))
                .queueSizeMax(node.integer("queue-size-max", TargetPlan.QUEUE_SIZE,
                        SubsystemConfiguration.QUEUE_SIZE_MIN, SubsystemConfiguration.QUEUE_SIZE_MAX))
                .controllerCountMax(node.integer("controllers-max", 1024, 1,
                        SubsystemConfiguration.CONTROLLER_COUNT_MAX))
                .ieeeOui((int) node.hexadecimal("ieee-oui", 0, OUI_DIGITS))
                .duplicateHosts(node.word("duplicate-hosts", DuplicateHostPolicy.ALLOW,
                        DuplicateHostPolicy.class))
                .controllerIds(node.parsed("controller-ids", "1-" + ControllerIdRange.MOST,
                        TargetSettings::controllerIds))
                .hostRateLimit(rateLimit(node.object("host-limit")));
        hostLimits(node).forEach(builder::hostRateLimit);
        List<NamespacePlan> namespaces = new ArrayList<>();
        node.required("namespaces", "a list of objects, [ { ... } ]");
        for (SettingNode namespace : node.anyObjects("namespaces", NamespaceConfiguration.ID_MAX)) {
            namespaces.add(namespace(namespace, nqn.toString(), namespaces.size() + 1));
        }
        node.end();
        return new TargetPlan.Subsystem(node.at("nqn"), checked(node.at("nqn"), builder::build), namespaces);
    }

    /** A namespace of a subsystem. */
    NamespacePlan namespace(SettingNode node, String nqn, int idByDefault) {
        int id = node.integer("id", idByDefault, 1, NamespaceConfiguration.ID_MAX);
        boolean readOnly = node.flag("read-only", false);
        Backing backing = backing(node, readOnly);
        UUID given = node.uuid("uuid");
        if (given != null && given.equals(new UUID(0, 0))) {
            throw CommandFailure.usage(node.at("uuid") + given + " is not allowed; allowed: any but the nil UUID");
        }
        long eui64 = node.hexadecimal("eui64", 0, EUI64_DIGITS);
        boolean enabled = node.flag("enabled", true);
        int anaGroup = node.integer("ana-group", 1, 1, NamespaceConfiguration.ANA_GROUP_MAX);
        Optional<Set<NvmeQualifiedName>> hosts = names(node, "hosts");
        RateLimit limit = rateLimit(node.object("limit"));
        node.end();
        return new NamespacePlan(node.keys(), id,
                given != null ? given : StableIdentity.namespace(nqn, id, backing.path()), given != null, backing,
                eui64, enabled, readOnly, anaGroup, hosts, limit);
    }

    private Backing backing(SettingNode node, boolean readOnly) {
        Backing.Kind kind = node.word("backend", null, Backing.Kind.class);
        boolean file = kind == Backing.Kind.FILE;
        Path path = file ? folder.resolve(node.text("path", null)).normalize() : null;
        long size = node.size("size", 0, 512, Long.MAX_VALUE);
        int blockSize = (int) node.size("block-size", 0, 512, PlanCheck.BLOCK_BYTES_MAX);
        boolean direct = file && node.flag("direct", false);
        boolean shared = file && node.flag("shared", false);
        List<FaultRule> rules = faults(node);
        long seed = node.longInteger("fault-seed", 1, Long.MIN_VALUE, Long.MAX_VALUE);
        if (node.has("fault-seed") && !node.has("faults")) {
            throw CommandFailure.usage(node.at("fault-seed") + "needs faults, a list of rules that may be empty");
        }
        return new Backing(kind, path, size, blockSize, direct, file && readOnly, shared,
                node.has("faults") ? Optional.of(new Backing.Faults(seed, rules)) : Optional.empty());
    }

    /** The rules of the key {@code faults}. */
    static List<FaultRule> faults(SettingNode node) {
        List<FaultRule> rules = new ArrayList<>();
        for (SettingNode rule : node.anyObjects("faults", FaultBackend.RULES_MAX)) {
            Set<FaultRule.Operation> operations = new HashSet<>();
            List<String> words = rule.texts("operations");
            for (int i = 0; i < words.size(); i++) {
                operations.add(SettingNode.constant(rule.at("operations[" + i + "]"), words.get(i),
                        FaultRule.Operation.class));
            }
            long first = rule.longInteger("first-block", 0, 0, Long.MAX_VALUE);
            long count = rule.longInteger("block-count", Long.MAX_VALUE, 1, Long.MAX_VALUE);
            double probability = rule.probability("probability");
            long delay = rule.longInteger("delay-micros", 0, 0, FaultRule.DELAY_MICROS_MAX);
            StatusCode status = StatusCode.ofField((int) rule.hexadecimal("status", 0, STATUS_DIGITS) << 1);
            long most = rule.longInteger("count", 0, 0, Long.MAX_VALUE);
            rule.end();
            rules.add(checked(rule.key() + ": ",
                    () -> new FaultRule(operations, first, count, probability, delay, status, most)));
        }
        return rules;
    }

    /** A limit; none if there is no such object. */
    static RateLimit rateLimit(SettingNode node) {
        if (node == null) {
            return RateLimit.NONE;
        }
        RateLimit limit = new RateLimit(node.longInteger("iops", 0, 0, Long.MAX_VALUE),
                node.size("bytes-per-second", 0, 0, Long.MAX_VALUE),
                node.integer("burst-millis", RateLimit.NONE.burstMillis(), 1, RateLimit.BURST_MILLIS_MAX));
        node.end();
        return limit;
    }

    private static Map<NvmeQualifiedName, RateLimit> hostLimits(SettingNode node) {
        Map<NvmeQualifiedName, RateLimit> limits = new LinkedHashMap<>();
        SettingNode hosts = node.object("host-limits");
        for (String host : hosts == null ? List.<String>of() : hosts.names()) {
            limits.put(checked(hosts.at(host), () -> NvmeQualifiedName.of(host)), rateLimit(hosts.object(host)));
        }
        return limits;
    }

    /** A list of names; empty if there is no such list. */
    static Optional<Set<NvmeQualifiedName>> names(SettingNode node, String key) {
        Set<NvmeQualifiedName> names = new HashSet<>();
        List<String> texts = node.texts(key);
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            names.add(checked(node.at(key + "[" + i + "]"), () -> NvmeQualifiedName.of(text)));
        }
        return node.has(key) ? Optional.of(names) : Optional.empty();
    }

    private static ControllerIdRange controllerIds(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no range; allowed: LEAST-MOST, as 1-1000, from 1"
                    + " to " + ControllerIdRange.MOST);
        }
        return new ControllerIdRange(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    private static <T> T checked(String key, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(key + e.getMessage());
        }
    }
}
