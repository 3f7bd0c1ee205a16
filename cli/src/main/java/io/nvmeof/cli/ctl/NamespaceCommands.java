package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.UuidText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands of {@code nvmeof ctl} for namespaces. */
final class NamespaceCommands {
    private NamespaceCommands() {}

    /** A command for a namespace that is there. */
    abstract static class OfNamespace extends ControlCommand {
        @Mixin
        private SubsystemOption subsystem;

        @Option(names = "--namespace-id", paramLabel = "NSID", required = true, description = "the namespace")
        private int id;

        JsonNode ask(ControlOptions control, String method, JsonNode body) {
            return control.ask(method, subsystem.path(control, "namespaces", id), body);
        }
    }

    /** Adds one. */
    @Command(name = "add-namespace", header = "add a namespace",
            description = """
                  Opens storage and adds it to a subsystem. Hosts that are connected are told by an event
                  and see the new namespace without being asked to look.""",
            footer = """
                    nvmeof ctl add-namespace --backend /srv/b.img --size 10g
                    nvmeof ctl add-namespace --backend memory --size 1g --namespace-id 7 --ana-group 2""")
    static final class Add extends ControlCommand {
        @Mixin
        private SubsystemOption subsystem;

        @Option(names = "--backend", paramLabel = "WHAT", required = true,
                description = "memory, null, or the PATH or file:PATH of a file or block device")
        private String backend;

        @Option(names = "--size", paramLabel = "SIZE", description = "size: " + ByteSize.ALLOWED)
        private String size;

        @Option(names = "--block-size", paramLabel = "SIZE", description = "logical block size; default 4k")
        private String blockSize;

        @Option(names = "--namespace-id", paramLabel = "NSID", description = "default: the lowest that is free")
        private Integer id;

        @Option(names = "--uuid", paramLabel = "UUID", converter = UuidText.class,
                description = "default made as that of a target's namespace")
        private UUID uuid;

        @Option(names = "--ana-group", paramLabel = "N", description = "ANA group; default 1")
        private Integer anaGroup;

        @Option(names = "--direct", description = "read and write past the page cache (O_DIRECT)")
        private boolean direct;

        @Option(names = "--read-only", description = "refuse every command that would change a block")
        private boolean readOnly;

        @Option(names = "--shared", description = "another target may have the file open too, if it says the same")
        private boolean shared;

        @Option(names = "--disabled", description = "add it, but do not show it to hosts yet")
        private boolean disabled;

        @Option(names = "--faults", description = "faults may be injected later, see nvmeof ctl faults")
        private boolean faults;

        @Override
        JsonNode ask(ControlOptions control) {
            ObjectNode body = body();
            if (backend.equals("memory") || backend.equals("null")) {
                body.put("backend", backend);
            } else {
                String path = backend.startsWith("file:") ? backend.substring("file:".length()) : backend;
                body.put("backend", "file").put("path", Path.of(path).toAbsolutePath().normalize().toString());
            }
            putText(body, "size", size);
            putText(body, "block-size", blockSize);
            putText(body, "uuid", uuid);
            if (id != null) {
                body.put("id", id);
            }
            if (anaGroup != null) {
                body.put("ana-group", anaGroup);
            }
            putFlag(body, "direct", direct);
            putFlag(body, "read-only", readOnly);
            putFlag(body, "shared", shared);
            if (disabled) {
                body.put("enabled", false);
            }
            if (faults) {
                body.putArray("faults");
            }
            return control.ask("POST", subsystem.path(control, "namespaces"), body);
        }

        private static void putText(ObjectNode body, String key, Object value) {
            if (value != null) {
                body.put(key, value.toString());
            }
        }

        private static void putFlag(ObjectNode body, String key, boolean value) {
            if (value) {
                body.put(key, true);
            }
        }
    }

    /** Removes one. */
    @Command(name = "remove-namespace", header = "remove a namespace; its storage is left as it is",
            description = """
                  Lets the commands at work finish, flushes and closes the storage, and tells the hosts. What
                  a host sends to the namespace afterwards fails. The file or device itself is not touched.""",
            footer = """
                    nvmeof ctl remove-namespace --namespace-id 7""")
    static final class Remove extends OfNamespace {
        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "DELETE", null);
        }
    }

    /** Shows one. */
    @Command(name = "enable", header = "show a namespace to hosts",
            description = """
                  Shows a namespace that was disabled. Hosts are told by an event.""",
            footer = """
                    nvmeof ctl enable --namespace-id 7""")
    static final class Enable extends OfNamespace {
        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "PATCH", body().put("enabled", true));
        }
    }

    /** Hides one. */
    @Command(name = "disable", header = "hide a namespace from hosts; its storage stays open",
            description = """
                  Hides a namespace. Hosts are told by an event; commands they still send to it fail.""",
            footer = """
                    nvmeof ctl disable --namespace-id 7""")
    static final class Disable extends OfNamespace {
        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "PATCH", body().put("enabled", false));
        }
    }

    /** Gives one another size. */
    @Command(name = "resize", header = "make a namespace larger or smaller",
            description = """
                  Resizes the namespace and its file. Without --size it takes over the size that the file or
                  device has by now. What lies above a smaller size is lost. Hosts are told by an event.""",
            footer = """
                    nvmeof ctl resize --namespace-id 1 --size 20g
                    lvextend -L +10g vg/disk && nvmeof ctl resize --namespace-id 2""")
    static final class Resize extends OfNamespace {
        @Option(names = "--size", paramLabel = "SIZE", description = "the new size: " + ByteSize.ALLOWED)
        private String size;

        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "PATCH", body().put("size", size == null ? "actual" : size));
        }
    }

    /** Protects one. */
    @Command(name = "set-read-only", header = "protect a namespace from writing, or end that",
            description = """
                  Refuses every command that would change a block, or with --off allows them again.""",
            footer = """
                    nvmeof ctl set-read-only --namespace-id 1
                    nvmeof ctl set-read-only --namespace-id 1 --off""")
    static final class SetReadOnly extends OfNamespace {
        @Option(names = "--off", description = "allow writing again")
        private boolean off;

        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "PATCH", body().put("read-only", !off));
        }
    }

    /** Shows one to some. */
    @Command(name = "mask", header = "choose which hosts see a namespace",
            description = """
                  Shows a namespace to the hosts that are named and hides it from all others, or with --all
                  shows it to every host of the subsystem again.""",
            footer = """
                    nvmeof ctl mask --namespace-id 1 --host nqn.2026-01.com.example:h1
                    nvmeof ctl mask --namespace-id 1 --all""")
    static final class Mask extends OfNamespace {
        @Option(names = "--host", paramLabel = "NQN", description = "a host that sees it; repeat for several")
        private List<String> hosts = new ArrayList<>();

        @Option(names = "--all", description = "every host of the subsystem sees it")
        private boolean all;

        @Override
        JsonNode ask(ControlOptions control) {
            if (all != hosts.isEmpty()) {
                throw CommandFailure.usage("either --all or at least one --host");
            }
            ObjectNode body = body();
            if (all) {
                body.put("hosts", "all");
            } else {
                ArrayNode list = body.putArray("hosts");
                hosts.forEach(list::add);
            }
            return ask(control, "PATCH", body);
        }
    }

    /** Moves one into another ANA group. */
    @Command(name = "set-ana-group", header = "move a namespace into another ANA group",
            description = """
                  Moves a namespace into another ANA group. Hosts are told by events.""",
            footer = """
                    nvmeof ctl set-ana-group --namespace-id 1 --group 2""")
    static final class SetAnaGroup extends OfNamespace {
        @Option(names = "--group", paramLabel = "N", required = true, description = "the ANA group, from 1")
        private int group;

        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "PATCH", body().put("ana-group", group));
        }
    }

    /** Limits one. */
    @Command(name = "limit-namespace", header = "limit what all hosts together may do to a namespace",
            description = """
                  Sets how many commands and how many bytes in a second all hosts together may do to a
                  namespace. What is above waits; nothing fails. Without a limit: ends the limits.""",
            footer = """
                    nvmeof ctl limit-namespace --namespace-id 1 --iops 10000 --bytes-per-second 100m
                    nvmeof ctl limit-namespace --namespace-id 1""")
    static final class Limit extends OfNamespace {
        @Mixin
        private LimitOptions limit;

        @Override
        JsonNode ask(ControlOptions control) {
            ObjectNode body = body();
            body.set("limit", limit.body());
            return ask(control, "PATCH", body);
        }
    }
}
