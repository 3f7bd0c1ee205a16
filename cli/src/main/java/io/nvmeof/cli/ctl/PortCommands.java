package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.cli.control.ControlClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands of {@code nvmeof ctl} for ports, ANA states and referrals. */
final class PortCommands {
    static final String STATES = "optimized, non-optimized, inaccessible, persistent-loss or change";

    private PortCommands() {}

    /** Sets a state. */
    @Command(name = "set-ana-state", header = "set the state of an ANA group on a port",
            description = """
                  Sets how the namespaces of an ANA group can be used through a port. Hosts are told by an
                  event and use the paths whose state is best.""",
            footer = """
                    nvmeof ctl set-ana-state --port 1 --group 1 --state non-optimized""")
    static final class SetAnaState extends ControlCommand {
        @Option(names = "--port", paramLabel = "ID", required = true, description = "the port")
        private int port;

        @Option(names = "--group", paramLabel = "N", required = true, description = "the ANA group")
        private int group;

        @Option(names = "--state", paramLabel = "STATE", required = true, description = STATES)
        private String state;

        @Override
        JsonNode ask(ControlOptions control) {
            return control.ask("PUT", ControlClient.path("ports", port, "ana-states", group),
                    body().put("state", state));
        }
    }

    /** Gives a group up. */
    @Command(name = "give-way", header = "give an ANA group up in order, so that another target may serve it",
            description = """
                  Announces the change to all hosts, lets the commands at work finish, flushes the storage,
                  and then sets the group's state on all ports. When it is done somebody else may use the
                  storage. The first half of nvmeof ctl switch-over.""",
            footer = """
                    nvmeof ctl give-way --group 1""")
    static final class GiveWay extends ControlCommand {
        @Option(names = "--group", paramLabel = "N", required = true, description = "the ANA group")
        private int group;

        @Option(names = "--state", paramLabel = "STATE", defaultValue = "inaccessible",
                description = "the state afterwards; default ${DEFAULT-VALUE}")
        private String state;

        @Override
        JsonNode ask(ControlOptions control) {
            return control.ask("POST", ControlClient.path("ana-groups", group, "give-way"),
                    body().put("state", state));
        }
    }

    /** Opens a port. */
    @Command(name = "add-port", header = "listen on one more address",
            description = """
                  Adds a port and listens there. It leads to every subsystem unless some are named.""",
            footer = """
                    nvmeof ctl add-port --listen 192.0.2.10:4420
                    nvmeof ctl add-port --listen 0.0.0.0:4421 --reachable-as 203.0.113.5:4421""")
    static final class AddPort extends ControlCommand {
        @Option(names = "--listen", paramLabel = "ADDRESS:PORT", required = true, description = "where to listen")
        private String listen;

        @Option(names = "--id", paramLabel = "ID", description = "port identifier; default the next one")
        private Integer id;

        @Option(names = "--reachable-as", paramLabel = "ADDRESS:PORT",
                description = "what discovery tells hosts to connect to, if it is another address")
        private String reachableAs;

        @Option(names = "--subsystem", paramLabel = "NQN",
                description = "a subsystem it leads to; repeat for several; default all")
        private List<String> subsystems = new ArrayList<>();

        @Override
        JsonNode ask(ControlOptions control) {
            ObjectNode body = body().put("listen", listen);
            if (id != null) {
                body.put("id", id);
            }
            if (reachableAs != null) {
                body.put("reachable-as", reachableAs);
            }
            if (!subsystems.isEmpty()) {
                ArrayNode list = body.putArray("subsystems");
                subsystems.forEach(list::add);
            }
            return control.ask("POST", ControlClient.path("ports"), body);
        }
    }

    /** Closes a port. */
    @Command(name = "remove-port", header = "listen on an address no more",
            description = """
                  Removes a port and ends the controllers of the hosts that came through it.""",
            footer = """
                    nvmeof ctl remove-port --id 2""")
    static final class RemovePort extends ControlCommand {
        @Option(names = "--id", paramLabel = "ID", required = true, description = "the port")
        private int id;

        @Override
        JsonNode ask(ControlOptions control) {
            return control.ask("DELETE", ControlClient.path("ports", id), null);
        }
    }

    /** A referral that is named by its address. */
    abstract static class OfReferral extends ControlCommand {
        @Option(names = "--address", paramLabel = "ADDRESS:PORT", required = true,
                description = "the other discovery service; port 8009 if none is given")
        private String address;

        @Option(names = "--nqn", paramLabel = "NQN", description = "its name; default the well-known one")
        private String nqn;

        @Option(names = "--port-id", paramLabel = "ID", description = "the port identifier to report; default 0")
        private Integer portId;

        JsonNode ask(ControlOptions control, String path) {
            ObjectNode body = body().put("address", address);
            if (nqn != null) {
                body.put("nqn", nqn);
            }
            if (portId != null) {
                body.put("port-id", portId);
            }
            return control.ask("POST", path, body);
        }
    }

    /** Tells of another discovery service. */
    @Command(name = "add-referral", header = "tell hosts of another discovery service",
            description = """
                  Adds a referral to the discovery log; hosts that watch it are told.""",
            footer = """
                    nvmeof ctl add-referral --address 192.0.2.20:8009""")
    static final class AddReferral extends OfReferral {
        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, ControlClient.path("referrals"));
        }
    }

    /** Tells of it no more. */
    @Command(name = "remove-referral", header = "tell hosts of another discovery service no more",
            description = """
                  Removes a referral; it is named as it was added.""",
            footer = """
                    nvmeof ctl remove-referral --address 192.0.2.20:8009""")
    static final class RemoveReferral extends OfReferral {
        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, ControlClient.path("referrals", "remove"));
        }
    }
}
