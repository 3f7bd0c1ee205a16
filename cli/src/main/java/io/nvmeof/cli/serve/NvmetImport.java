package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.ControllerIdRange;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What the kernel's target serves, as {@code nvmetcli save} writes it, in the form of {@link TargetFile}. What we
 * cannot serve in the same way is left out and said; nothing is served with less protection than the kernel gave it.
 */
final class NvmetImport {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> STATES =
            Set.of("optimized", "non-optimized", "inaccessible", "persistent-loss", "change");
    private static final UUID NIL = new UUID(0, 0);

    private final ObjectNode file = NODES.objectNode();
    private final List<String> leftOut = new ArrayList<>();
    private final Set<String> keyedHosts = new HashSet<>();
    private final Set<String> served = new HashSet<>();

    private NvmetImport() {}

    /**
     * Reads a configuration that nvmetcli has saved.
     *
     * @param name the file's name, for messages
     */
    static NvmetImport of(String name, JsonNode saved) {
        if (!saved.isObject() || !saved.path("subsystems").isArray() || !saved.path("ports").isArray()) {
            throw CommandFailure.usage(name + ": is not what nvmetcli saves; needed: an object with the lists hosts,"
                    + " ports and subsystems");
        }
        NvmetImport made = new NvmetImport();
        made.convert(saved);
        return made;
    }

    /** The configuration file that serves the same. */
    ObjectNode file() {
        return file;
    }

    /** What is not served in the same way, and why; empty if everything is. */
    List<String> leftOut() {
        return leftOut;
    }

    private void convert(JsonNode saved) {
        String discovery = saved.path("discovery").path("nqn").asText("");
        if (!discovery.isEmpty() && !discovery.equals(NvmeQualifiedName.DISCOVERY.toString())
                && named("discovery.nqn", discovery)) {
            file.put("discovery-nqn", discovery);
        }
        JsonNode hosts = saved.path("hosts");
        for (int i = 0; i < hosts.size(); i++) {
            JsonNode keys = hosts.get(i).path("dhchap");
            if (!text(keys, "key").isEmpty() || !text(keys, "ctrl_key").isEmpty()) {
                keyedHosts.add(text(hosts.get(i), "nqn"));
            }
        }
        ArrayNode subsystems = NODES.arrayNode();
        for (int i = 0; i < saved.get("subsystems").size(); i++) {
            subsystem("subsystems[" + i + "]", saved.get("subsystems").get(i), subsystems);
        }
        ArrayNode ports = file.putArray("ports");
        ArrayNode referrals = NODES.arrayNode();
        for (int i = 0; i < saved.get("ports").size(); i++) {
            port("ports[" + i + "]", saved.get("ports").get(i), ports, referrals);
        }
        file.set("subsystems", subsystems);
        if (!referrals.isEmpty()) {
            file.set("referrals", referrals);
        }
    }

    private void port(String key, JsonNode saved, ArrayNode ports, ArrayNode referrals) {
        JsonNode from = saved.path("referrals");
        for (int i = 0; i < from.size(); i++) {
            referral(key + ".referrals[" + i + "]", from.get(i), referrals);
        }
        JsonNode address = saved.path("addr");
        String listen = address(key, address);
        if (listen == null) {
            return;
        }
        if (!text(address, "tsas").isEmpty() && !text(address, "tsas").equals("none")
                || text(address, "treq").equals("required")) {
            leave(key, "asks for TLS, which is not there yet; the port would be open without it");
            return;
        }
        ObjectNode port = ports.addObject().put("id", saved.path("portid").asInt()).put("listen", listen);
        ArrayNode names = port.putArray("subsystems");
        for (JsonNode nqn : saved.path("subsystems")) {
            if (served.contains(nqn.asText())) {
                names.add(nqn.asText());
            }
        }
        ObjectNode states = NODES.objectNode();
        for (JsonNode group : saved.path("ana_groups")) {
            String state = group.path("ana").path("state").asText("optimized");
            int id = group.path("grpid").asInt();
            if (id < 1 || id > NamespaceConfiguration.ANA_GROUP_MAX || !STATES.contains(state)) {
                leave(key, "ANA group " + id + " " + state + " is not possible; allowed: groups from 1 to "
                        + NamespaceConfiguration.ANA_GROUP_MAX);
            } else if (!state.equals("optimized")) {
                states.put(Integer.toString(id), state);
            }
        }
        if (!states.isEmpty()) {
            port.set("ana-states", states);
        }
        if (saved.path("param").path("pi_enable").asInt() != 0) {
            leave(key + ".param.pi_enable", "protection information (T10 PI) is not there; served without");
        }
    }

    private void referral(String key, JsonNode saved, ArrayNode referrals) {
        if (saved.path("enable").asInt(1) == 0) {
            leave(key, "is disabled; add it to referrals when it is wanted");
            return;
        }
        String address = address(key, saved.path("addr"));
        if (address == null) {
            return;
        }
        ObjectNode referral = NODES.objectNode().put("address", address);
        int portId = saved.path("addr").path("portid").asInt();
        if (portId != 0) {
            referral.put("port-id", portId);
        }
        if (!new HashSet<>(children(referrals)).contains(referral)) {
            referrals.add(referral);
        }
    }

    /** An address of ours; {@code null} if it is none, which has been said. */
    private String address(String key, JsonNode address) {
        String type = text(address, "trtype");
        if (!type.equals("tcp")) {
            leave(key, "has transport " + (type.isEmpty() ? "none" : type) + "; only tcp can be served");
            return null;
        }
        String host = text(address, "traddr");
        String written = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + text(address, "trsvcid");
        try {
            return ListenAddress.parse(written).toString();
        } catch (IllegalArgumentException e) {
            leave(key, e.getMessage());
            return null;
        }
    }

    private void subsystem(String key, JsonNode saved, ArrayNode subsystems) {
        String nqn = text(saved, "nqn");
        if (!named(key + ".nqn", nqn)) {
            return;
        }
        if (saved.path("passthru").size() > 0 && saved.path("passthru").get(0).path("enable").asInt() != 0) {
            leave(key, nqn + " passes a device's commands through, which cannot be done");
            return;
        }
        served.add(nqn);
        ObjectNode subsystem = subsystems.addObject().put("nqn", nqn);
        JsonNode attributes = saved.path("attr");
        copyText(key, attributes, "serial", subsystem, TargetPlan.SERIAL_LENGTH_MAX);
        copyText(key, attributes, "model", subsystem, TargetPlan.MODEL_LENGTH_MAX);
        hosts(key, saved, subsystem);
        controllerIds(key, attributes, subsystem);
        String oui = text(attributes, "ieee_oui").replaceFirst("^0x", "");
        if (oui.matches("[0-9a-fA-F]{1,6}") && Integer.parseInt(oui, 16) != 0) {
            subsystem.put("ieee-oui", oui);
        }
        int queues = attributes.path("qid_max").asInt();
        if (queues >= 1 && queues <= SubsystemConfiguration.IO_QUEUE_COUNT_MAX) {
            subsystem.put("io-queues-max", queues);
        }
        if (attributes.path("pi_enable").asInt() != 0) {
            leave(key + ".attr.pi_enable", "protection information (T10 PI) is not there; served without");
        }
        ArrayNode namespaces = subsystem.putArray("namespaces");
        for (int i = 0; i < saved.path("namespaces").size(); i++) {
            namespace(key + ".namespaces[" + i + "]", saved.path("namespaces").get(i), namespaces);
        }
    }

    private void hosts(String key, JsonNode saved, ObjectNode subsystem) {
        boolean any = saved.path("attr").path("allow_any_host").asInt() != 0;
        subsystem.put("allow-any-host", any);
        ArrayNode hosts = NODES.arrayNode();
        for (int i = 0; i < saved.path("allowed_hosts").size(); i++) {
            String host = saved.path("allowed_hosts").get(i).asText();
            String at = key + ".allowed_hosts[" + i + "]";
            if (keyedHosts.contains(host)) {
                leave(at, host + " has a DH-HMAC-CHAP key, which cannot be asked for yet; without it, it is not"
                        + " let in");
            } else if (named(at, host)) {
                hosts.add(host);
            }
        }
        if (!any || !hosts.isEmpty()) {
            subsystem.set("allowed-hosts", hosts);
        }
    }

    private void controllerIds(String key, JsonNode attributes, ObjectNode subsystem) {
        int least = attributes.path("cntlid_min").asInt(1);
        int most = attributes.path("cntlid_max").asInt(ControllerIdRange.MOST);
        if (least < 1 || most > ControllerIdRange.MOST || least > most) {
            leave(key + ".attr.cntlid_min", least + "-" + most + " is no range of controller identifiers");
        } else if (least != 1 || most != ControllerIdRange.MOST) {
            subsystem.put("controller-ids", least + "-" + most);
        }
    }

    private void namespace(String key, JsonNode saved, ArrayNode namespaces) {
        int id = saved.path("nsid").asInt();
        String path = text(saved.path("device"), "path");
        if (id < 1 || id > NamespaceConfiguration.ID_MAX) {
            leave(key + ".nsid", id + " is not possible; allowed: from 1 to " + NamespaceConfiguration.ID_MAX);
            return;
        }
        if (!path.startsWith("/")) {
            leave(key, "has no device");
            return;
        }
        int group = saved.path("ana_grpid").asInt(saved.path("ana").path("grpid").asInt(1));
        if (group < 1 || group > NamespaceConfiguration.ANA_GROUP_MAX) {
            leave(key + ".ana_grpid", group + " is not possible; allowed: from 1 to "
                    + NamespaceConfiguration.ANA_GROUP_MAX);
            return;
        }
        ObjectNode namespace = namespaces.addObject().put("id", id).put("backend", "file").put("path", path);
        blockSize(key, Path.of(path), namespace);
        identifiers(key, saved.path("device"), namespace);
        if (saved.path("enable").asInt() == 0) {
            namespace.put("enabled", false);
        }
        if (group != 1) {
            namespace.put("ana-group", group);
        }
    }

    /** The kernel serves a device in blocks of the device's own size; with others nothing on it would be found. */
    private void blockSize(String key, Path path, ObjectNode namespace) {
        if (Files.isRegularFile(path)) {
            return; // Blocks of 4 KiB, as ours are.
        }
        try {
            Path device = path.toRealPath();
            Path queue = Path.of("/sys/class/block").resolve(device.getFileName());
            if (Files.exists(queue.resolve("partition"))) {
                queue = queue.toRealPath().getParent();
            }
            namespace.put("block-size",
                    Integer.parseInt(Files.readString(queue.resolve("queue/logical_block_size")).strip()));
        } catch (IOException | NumberFormatException e) {
            leave(key + ".device.path", path + " is not here, so its block size is not known: add block-size, or it"
                    + " will be 4k");
        }
    }

    private void identifiers(String key, JsonNode device, ObjectNode namespace) {
        UUID uuid = identifier(text(device, "uuid"));
        UUID nguid = identifier(text(device, "nguid"));
        if (!uuid.equals(NIL) || !nguid.equals(NIL)) {
            namespace.put("uuid", (uuid.equals(NIL) ? nguid : uuid).toString());
        }
        if (!uuid.equals(NIL) && !nguid.equals(NIL) && !uuid.equals(nguid)) {
            leave(key + ".device.nguid", nguid + " differs from the UUID; hosts will see the UUID as NGUID too");
        }
    }

    private static UUID identifier(String text) {
        try {
            return text.isEmpty() ? NIL : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return NIL;
        }
    }

    private void copyText(String key, JsonNode attributes, String name, ObjectNode subsystem, int lengthMax) {
        String value = text(attributes, name);
        if (value.isEmpty()) {
            return;
        }
        if (value.length() > lengthMax || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            leave(key + ".attr." + name, "\"" + value + "\" is not 1 to " + lengthMax + " printable ASCII characters");
            return;
        }
        subsystem.put(name, value);
    }

    private boolean named(String key, String nqn) {
        try {
            NvmeQualifiedName.of(nqn);
            return true;
        } catch (IllegalArgumentException e) {
            leave(key, e.getMessage());
            return false;
        }
    }

    private void leave(String key, String why) {
        leftOut.add(key + ": " + why);
    }

    private static List<JsonNode> children(ArrayNode list) {
        List<JsonNode> children = new ArrayList<>();
        list.forEach(children::add);
        return children;
    }

    private static String text(JsonNode node, String key) {
        String text = node.path(key).asText("").strip();
        return text.equals("(null)") ? "" : text;
    }
}
