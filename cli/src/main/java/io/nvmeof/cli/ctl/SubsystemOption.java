package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvmeof.cli.control.ControlClient;
import io.nvmeof.cli.shared.CommandFailure;
import picocli.CommandLine.Option;

/** Which subsystem of a target a command is for. */
public final class SubsystemOption {
    @Option(names = {"-n", "--nqn"}, paramLabel = "NQN",
            description = "the subsystem; may be left out if the target has just one")
    private String nqn;

    /** The path of the subsystem, followed by more. */
    String path(ControlOptions control, Object... more) {
        Object[] segments = new Object[more.length + 2];
        segments[0] = "subsystems";
        segments[1] = nqn != null ? nqn : only(control);
        System.arraycopy(more, 0, segments, 2, more.length);
        return ControlClient.path(segments);
    }

    private static String only(ControlOptions control) {
        JsonNode subsystems = control.ask("GET", ControlClient.path("subsystems"), null);
        if (subsystems.size() != 1) {
            throw CommandFailure.usage(subsystems.isEmpty() ? "the target has no subsystem"
                    : "the target has several subsystems; choose one with --nqn: "
                    + String.join(", ", subsystems.findValuesAsText("nqn")));
        }
        return subsystems.get(0).get("nqn").asText();
    }
}
