package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ControllerInfo;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.storage.FaultBackend;
import java.util.List;

/** What a running target says about itself. */
final class StatusResources {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ServedTarget target;
    private final SettingsJson json;

    StatusResources(ServedTarget target, SettingsJson json) {
        this.target = target;
        this.json = json;
    }

    void addTo(ControlRoutes routes) {
        routes.add("GET", "status", call -> status());
        routes.add("GET", "configuration", call -> json.file(NODES.objectNode(), target.management().configuration()));
        routes.add("GET", "controllers", call -> controllers());
        routes.add("GET", "ports", call -> ports());
        routes.add("GET", "subsystems", call -> subsystems());
        routes.add("GET", "subsystems/{nqn}", call -> subsystem(call.subsystem(target)));
        routes.add("GET", "subsystems/{nqn}/namespaces", call -> namespaces(call.subsystem(target)));
        routes.add("GET", "referrals", call -> {
            ArrayNode list = NODES.arrayNode();
            target.management().configuration().referrals().forEach(each -> list.add(SettingsJson.referral(each)));
            return list;
        });
    }

    private ObjectNode status() {
        ObjectNode status = target.process();
        status.set("ports", ports());
        status.set("subsystems", subsystems());
        status.set("controllers", controllers());
        return status;
    }

    private ArrayNode ports() {
        ArrayNode list = NODES.arrayNode();
        List<PortConfiguration> ports = target.management().configuration().ports();
        List<TransportAddress> addresses = target.addresses();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = SettingsJson.port(ports.get(i));
            if (addresses.size() == ports.size()) {
                port.put("address", addresses.get(i).toString());
            }
            list.add(port);
        }
        return list;
    }

    private ArrayNode subsystems() {
        ArrayNode list = NODES.arrayNode();
        TargetConfiguration configuration = target.management().configuration();
        configuration.subsystems().forEach(subsystem -> list.add(subsystem(subsystem)));
        return list;
    }

    private ObjectNode subsystem(SubsystemConfiguration subsystem) {
        ObjectNode node = SettingsJson.subsystem(subsystem);
        node.put("controllers", target.controllers().stream()
                .filter(controller -> controller.subsystemNqn().equals(subsystem.nqn())).count());
        node.set("namespaces", namespaces(subsystem));
        return node;
    }

    private ArrayNode namespaces(SubsystemConfiguration subsystem) {
        ArrayNode list = NODES.arrayNode();
        subsystem.namespaces().forEach(namespace -> list.add(describe(json.namespace(namespace), namespace)));
        return list;
    }

    /** Adds what is known of a namespace besides its settings. */
    static ObjectNode describe(ObjectNode node, NamespaceConfiguration namespace) {
        node.put("uuid", namespace.uuid().toString()).put("ana-group", namespace.anaGroup())
                .put("enabled", namespace.enabled()).put("read-only", namespace.readOnly())
                .put("size", namespace.backend().blockCount() * namespace.backend().blockSizeBytes())
                .put("block-size", namespace.backend().blockSizeBytes())
                .put("storage", namespace.backend().describe());
        if (namespace.backend() instanceof FaultBackend faults) {
            ArrayNode met = node.putArray("faults-met");
            faults.metCounts().forEach(met::add);
        }
        return node;
    }

    private ArrayNode controllers() {
        ArrayNode list = NODES.arrayNode();
        for (ControllerInfo controller : target.controllers()) {
            list.addObject().put("subsystem", controller.subsystemNqn().toString())
                    .put("controller-id", controller.controllerId())
                    .put("host", controller.hostNqn().toString())
                    .put("host-identifier", controller.hostIdentifier().toString())
                    .put("peer", controller.peer().toString())
                    .put("io-queues", controller.ioQueueCount())
                    .put("commands", controller.commandCount());
        }
        return list;
    }
}
