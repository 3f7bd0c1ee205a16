package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvmeof.cli.control.ControlClient;
import io.nvmeof.cli.control.ControlException;
import io.nvmeof.cli.control.ControlSocket;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which target a command is for. */
public final class ControlOptions {
    @Option(names = "--control", paramLabel = "PATH",
            description = "the target's control socket; may be left out if just one target of this user runs here")
    private Path path;

    private ControlClient client;

    /** Asks the target; a failure ends the command. */
    JsonNode ask(String method, String path, JsonNode body) {
        return ask(client(), method, path, body);
    }

    /** Asks a target; a failure ends the command. */
    static JsonNode ask(ControlClient client, String method, String path, JsonNode body) {
        try {
            return client.ask(method, path, body);
        } catch (ControlException e) {
            throw e.usage() ? CommandFailure.usage(e.getMessage()) : CommandFailure.failed(e.getMessage(), e);
        } catch (IOException e) {
            throw CommandFailure.failed("the target does not answer: " + FileFailure.reason(e), e);
        }
    }

    /** A client for the target at a socket, which must be there. */
    static ControlClient client(String option, Path path) {
        if (!Files.exists(path)) {
            throw CommandFailure.failed(option + ": " + path + " is not there. Is the target running?");
        }
        return new ControlClient(path);
    }

    private ControlClient client() {
        if (client == null) {
            client = client("--control", path != null ? path : only());
        }
        return client;
    }

    private static Path only() {
        List<Path> running;
        try {
            running = ControlSocket.running();
        } catch (IOException e) {
            throw CommandFailure.failed("cannot look for targets in " + ControlSocket.folder() + ": "
                    + FileFailure.reason(e), e);
        }
        return switch (running.size()) {
            case 1 -> running.getFirst();
            case 0 -> throw CommandFailure.failed("no target of this user runs here (none in "
                    + ControlSocket.folder() + "); --control names the socket of another");
            default -> throw CommandFailure.usage("several targets run here; choose one with --control: "
                    + running.stream().map(Path::toString).collect(Collectors.joining(", ")));
        };
    }
}
