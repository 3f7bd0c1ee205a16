package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvmeof.cli.shared.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands of {@code nvmeof ctl} for subsystems as a whole and for their hosts. */
final class HostCommands {
    private HostCommands() {}

    /** A command for a subsystem. */
    abstract static class OfSubsystem extends ControlCommand {
        @Mixin
        private SubsystemOption subsystem;

        JsonNode ask(ControlOptions control, String method, JsonNode body, Object... path) {
            return control.ask(method, subsystem.path(control, path), body);
        }
    }

    /** Lets one in. */
    @Command(name = "allow-host", header = "let a host connect",
            description = """
                  Adds a host to those that may connect, or with --any lets every host connect.""",
            footer = """
                    nvmeof ctl allow-host --host nqn.2026-01.com.example:h1
                    nvmeof ctl allow-host --any""")
    static final class Allow extends OfSubsystem {
        @Option(names = "--host", paramLabel = "NQN", description = "the host")
        private String host;

        @Option(names = "--any", description = "every host")
        private boolean any;

        @Override
        JsonNode ask(ControlOptions control) {
            check(host, any);
            return any ? ask(control, "PATCH", body().put("allow-any-host", true))
                    : ask(control, "PUT", null, "hosts", host);
        }
    }

    /** Shuts one out. */
    @Command(name = "disallow-host", header = "let a host connect no more, and disconnect it",
            description = """
                  Takes a host from those that may connect and disconnects it at once, or with --any ends
                  that every host may connect: those that are not named are disconnected.""",
            footer = """
                    nvmeof ctl disallow-host --host nqn.2026-01.com.example:h1
                    nvmeof ctl disallow-host --any""")
    static final class Disallow extends OfSubsystem {
        @Option(names = "--host", paramLabel = "NQN", description = "the host")
        private String host;

        @Option(names = "--any", description = "every host that is not named")
        private boolean any;

        @Override
        JsonNode ask(ControlOptions control) {
            check(host, any);
            return any ? ask(control, "PATCH", body().put("allow-any-host", false))
                    : ask(control, "DELETE", null, "hosts", host);
        }
    }

    private static void check(String host, boolean any) {
        if (any == (host != null)) {
            throw CommandFailure.usage("either --host or --any");
        }
    }

    /** Limits one. */
    @Command(name = "limit-host", header = "limit what a host may do",
            description = """
                  Sets how many commands and how many bytes in a second a host may do, all its connections
                  together. What is above waits; nothing fails. Without a limit: ends the limits.""",
            footer = """
                    nvmeof ctl limit-host --host nqn.2026-01.com.example:h1 --iops 10000
                    nvmeof ctl limit-host --host nqn.2026-01.com.example:h1""")
    static final class Limit extends OfSubsystem {
        @Option(names = "--host", paramLabel = "NQN", required = true, description = "the host")
        private String host;

        @Mixin
        private LimitOptions limit;

        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "PUT", limit.body(), "hosts", host, "limit");
        }
    }

    /** Ends a controller. */
    @Command(name = "end-controller", header = "end a controller: disconnect one connection of a host",
            description = """
                  Ends a controller; nvmeof ctl status shows their identifiers. The host may connect anew,
                  and a Linux host does so after some seconds.""",
            footer = """
                    nvmeof ctl end-controller --controller-id 1""")
    static final class EndController extends OfSubsystem {
        @Option(names = "--controller-id", paramLabel = "CNTLID", required = true, description = "the controller")
        private int id;

        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "DELETE", null, "controllers", id);
        }
    }

    /** Stops I/O. */
    @Command(name = "pause", header = "let no I/O of a subsystem begin, until resume",
            description = """
                  Waits for the I/O commands at work and lets no new one begin: they wait in their queues.
                  Meanwhile the storage is quiet, for a snapshot perhaps. Hosts give waiting commands up
                  after a time, on Linux 30 seconds.""",
            footer = """
                    nvmeof ctl pause && cp --reflink=always a.img snapshot.img; nvmeof ctl resume""")
    static final class Pause extends OfSubsystem {
        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "POST", null, "pause");
        }
    }

    /** Lets I/O go on. */
    @Command(name = "resume", header = "let the I/O of a paused subsystem go on",
            description = """
                  Ends a pause.""",
            footer = """
                    nvmeof ctl resume""")
    static final class Resume extends OfSubsystem {
        @Override
        JsonNode ask(ControlOptions control) {
            return ask(control, "POST", null, "resume");
        }
    }
}
