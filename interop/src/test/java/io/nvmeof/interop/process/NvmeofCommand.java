package io.nvmeof.interop.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Our command, run as a user runs it: through the launcher {@code ./nvmeof} at the project's root. */
public final class NvmeofCommand {

    /** Another launcher can be named, to prove the tests themselves with another NVMe implementation. */
    private static final Path LAUNCHER = Path.of(
            System.getProperty("lab.nvmeof", Command.ROOT.resolve("nvmeof").toString()));

    /** The limit of a command that does no more than connect and a few commands. */
    public static final Duration SHORT = Duration.ofMinutes(2);

    private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);

    private NvmeofCommand() {}

    /** The launcher has built what is missing when this returns. */
    public static void require() throws InterruptedException {
        Command.run(BUILD_LIMIT, line("--version")).succeeded();
    }

    public static CommandResult run(Duration limit, String... arguments) throws InterruptedException {
        return Command.run(limit, line(arguments));
    }

    public static List<String> line(String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(LAUNCHER.toString());
        line.addAll(List.of(arguments));
        return line;
    }
}
