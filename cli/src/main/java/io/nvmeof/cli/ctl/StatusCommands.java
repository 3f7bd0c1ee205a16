package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvmeof.cli.control.ControlClient;
import io.nvmeof.cli.shared.ByteSize;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** The commands of {@code nvmeof ctl} that show what there is. */
final class StatusCommands {
    private StatusCommands() {}

    /** Everything. */
    @Command(name = "status", header = "show what a target serves, and who is connected",
            description = """
                  Shows ports, subsystems, namespaces and connected hosts.""",
            footer = """
                    nvmeof ctl status
                    nvmeof ctl status -o json""")
    static final class Status extends ControlCommand {
        @Override
        JsonNode ask(ControlOptions control) {
            return control.ask("GET", ControlClient.path("status"), null);
        }

        @Override
        void print(JsonNode status, PrintWriter out) {
            out.println("process " + text(status, "process-id") + ", version " + text(status, "version") + ", up "
                    + text(status, "uptime-seconds") + " s, " + text(status, "loops") + " loops on "
                    + text(status, "engine"));
            for (JsonNode port : status.path("ports")) {
                out.println("port " + text(port, "id") + "  " + port.path("address").asText(text(port, "listen"))
                        + states(port));
            }
            for (JsonNode subsystem : status.path("subsystems")) {
                out.println();
                out.println(text(subsystem, "nqn") + "  " + (subsystem.path("allow-any-host").asBoolean() ? "any host"
                        : subsystem.path("allowed-hosts").size() + " hosts allowed"));
                for (JsonNode namespace : subsystem.path("namespaces")) {
                    out.println("  namespace " + namespace(namespace));
                }
            }
            if (!status.path("controllers").isEmpty()) {
                out.println();
            }
            for (JsonNode controller : status.path("controllers")) {
                out.println(String.format(Locale.ROOT, "controller %-5s %s from %s, %s I/O queues, %s commands, of %s",
                        text(controller, "controller-id"), text(controller, "host"), text(controller, "peer"),
                        text(controller, "io-queues"), text(controller, "commands"), text(controller, "subsystem")));
            }
        }

        private static String states(JsonNode port) {
            List<String> states = new ArrayList<>();
            port.path("ana-states").properties()
                    .forEach(state -> states.add("group " + state.getKey() + " " + state.getValue().asText()));
            return states.isEmpty() ? "" : "  " + String.join(", ", states);
        }

        private static String namespace(JsonNode namespace) {
            return String.format(Locale.ROOT, "%-4s %10s  group %-3s %s%s%s", text(namespace, "id"),
                    ByteSize.format(namespace.path("size").asLong()), text(namespace, "ana-group"),
                    text(namespace, "storage"), namespace.path("enabled").asBoolean() ? "" : ", disabled",
                    namespace.path("read-only").asBoolean() ? ", read-only" : "");
        }

        private static String text(JsonNode node, String key) {
            return node.path(key).asText("-");
        }
    }

    /** The configuration. */
    @Command(name = "config", header = "print what a target serves as a configuration file",
            description = """
                  Prints ports, subsystems, namespaces and referrals as they are now, in the form that
                  nvmeof target --config reads.""",
            footer = """
                    nvmeof ctl config > target.json""")
    static final class Config extends ControlCommand {
        @Override
        JsonNode ask(ControlOptions control) {
            return control.ask("GET", ControlClient.path("configuration"), null);
        }

        @Override
        void print(JsonNode answer, PrintWriter out) {
            out.println(answer.toPrettyString());
        }
    }
}
