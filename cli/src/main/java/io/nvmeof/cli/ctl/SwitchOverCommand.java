package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.cli.control.ControlClient;
import io.nvmeof.cli.control.ControlException;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.LoggingOptions;
import io.nvmeof.cli.shared.OutputOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nvmeof ctl switch-over}. */
@Command(name = "switch-over", header = "move an ANA group from one running target to another, losing no I/O",
        description = """
                  The first target announces the change, lets the commands at work finish, flushes and gives
                  the group up; then the second serves it. Hosts with paths to both go on there. If the
                  second cannot, the first serves the group again, and the command says so and fails. At no
                  time do both serve it: where that is not certain, neither does.
                  Both targets serve the same subsystem, with the same namespaces under the same UUIDs, from
                  storage that is shared, and with controller-ids that do not meet; in the second the
                  group's state is inaccessible until then.""",
        footer = """
                    nvmeof ctl switch-over --from /run/nvmeof/a.sock --to /run/nvmeof/b.sock --group 1""")
final class SwitchOverCommand implements Callable<Integer> {
    private static final String OPTIMIZED = "optimized";
    private static final String INACCESSIBLE = "inaccessible";

    @Spec
    private CommandSpec spec;

    @Option(names = "--from", paramLabel = "PATH", required = true, description = "control socket of the first target")
    private Path from;

    @Option(names = "--to", paramLabel = "PATH", required = true, description = "control socket of the second target")
    private Path to;

    @Option(names = "--group", paramLabel = "N", required = true, description = "the ANA group")
    private int group;

    @Mixin
    private OutputOptions output;

    @Mixin
    private LoggingOptions logging;

    @Override
    public Integer call() throws IOException {
        ControlClient first = ControlOptions.client("--from", from);
        ControlClient second = ControlOptions.client("--to", to);
        if (Files.isSameFile(from, to)) {
            throw CommandFailure.usage("--from and --to: are the same target");
        }
        Map<Integer, String> firstStates = states(first);
        Map<Integer, String> secondStates = states(second);
        checkAlike(first, second);
        if (secondStates.containsValue(OPTIMIZED) || secondStates.containsValue("non-optimized")) {
            throw CommandFailure.usage("--to: already serves group " + group + ": " + secondStates
                    + "; it must be inaccessible there until now");
        }
        giveWay(first, firstStates);
        try {
            for (int port : secondStates.keySet()) {
                set(second, port, OPTIMIZED);
            }
        } catch (ControlException | IOException e) {
            throw CommandFailure.failed("the second target cannot serve group " + group + ": " + e.getMessage() + "; "
                    + goBack(first, firstStates, second, secondStates.keySet()), e);
        }
        ObjectNode answer = ControlCommand.body().put("done", true).put("group", group);
        output.print(spec.commandLine().getOut(), answer, out -> out.println("switch-over: done, group " + group
                + " is served by " + to));
        return 0;
    }

    private void giveWay(ControlClient first, Map<Integer, String> states) {
        try {
            first.ask("POST", ControlClient.path("ana-groups", group, "give-way"),
                    ControlCommand.body().put("state", INACCESSIBLE));
        } catch (ControlException | IOException e) {
            throw CommandFailure.failed("the first target cannot give way: " + e.getMessage() + "; "
                    + restore(first, states), e);
        }
    }

    /** The second target must not serve the group any more before the first does. */
    private String goBack(ControlClient first, Map<Integer, String> firstStates, ControlClient second,
            Iterable<Integer> ports) {
        for (int port : ports) {
            try {
                set(second, port, INACCESSIBLE);
            } catch (ConnectException e) {
                break; // It has ended: it serves nobody.
            } catch (ControlException | IOException e) {
                return "nor is it certain that it does not (" + e.getMessage() + "), so the first has NOT been made to"
                        + " serve it again. End the second target, then: " + byHand(firstStates);
            }
        }
        return restore(first, firstStates);
    }

    private String restore(ControlClient first, Map<Integer, String> states) {
        try {
            for (Map.Entry<Integer, String> state : states.entrySet()) {
                set(first, state.getKey(), state.getValue());
            }
            return "the first target serves it as before";
        } catch (ControlException | IOException e) {
            return "the first target does NOT serve it again either (" + e.getMessage() + "); by hand: "
                    + byHand(states);
        }
    }

    private String byHand(Map<Integer, String> states) {
        StringBuilder commands = new StringBuilder();
        states.forEach((port, state) -> commands.append(commands.isEmpty() ? "" : "; ").append("nvmeof ctl"
                + " set-ana-state --control " + from + " --port " + port + " --group " + group + " --state " + state));
        return commands.toString();
    }

    private void set(ControlClient client, int port, String state) throws IOException, ControlException {
        client.ask("PUT", ControlClient.path("ports", port, "ana-states", group),
                ControlCommand.body().put("state", state));
    }

    /** The group's states, by port. */
    private Map<Integer, String> states(ControlClient client) {
        Map<Integer, String> states = new LinkedHashMap<>();
        for (JsonNode port : ControlOptions.ask(client, "GET", ControlClient.path("ports"), null)) {
            states.put(port.path("id").asInt(),
                    port.path("ana-states").path(Integer.toString(group)).asText(OPTIMIZED));
        }
        return states;
    }

    /** What would make hosts refuse the second path, or mix data up, is found before anything is changed. */
    private void checkAlike(ControlClient first, ControlClient second) {
        Map<String, String> here = members(first);
        Map<String, String> there = members(second);
        if (here.isEmpty()) {
            throw CommandFailure.usage("--group: the first target has no namespace in group " + group);
        }
        if (!here.equals(there)) {
            throw CommandFailure.usage("the targets do not serve the same in group " + group + ": the first "
                    + here + ", the second " + there);
        }
    }

    private Map<String, String> members(ControlClient client) {
        Map<String, String> members = new LinkedHashMap<>();
        for (JsonNode subsystem : ControlOptions.ask(client, "GET", ControlClient.path("subsystems"), null)) {
            for (JsonNode namespace : subsystem.path("namespaces")) {
                if (namespace.path("ana-group").asInt() == group) {
                    members.put(subsystem.path("nqn").asText() + " namespace " + namespace.path("id").asText(),
                            namespace.path("uuid").asText());
                }
            }
        }
        return members;
    }
}
