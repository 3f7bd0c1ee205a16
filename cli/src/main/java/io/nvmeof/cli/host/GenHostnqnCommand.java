package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.LoggingOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nvmeof gen-hostnqn}. */
@Command(
        name = "gen-hostnqn",
        header = "print a new host NQN",
        description = """
                  Prints a host NQN made of a random UUID.

                BACKGROUND
                  A host NQN is a host's name. Targets know and admit hosts by it, so it must stay the same:
                  keep it, in /etc/nvme/hostnqn for nvme-cli and this command.""",
        footer = """
                    nvmeof gen-hostnqn > /etc/nvme/hostnqn""")
public final class GenHostnqnCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private LoggingOptions logging;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(HostIdentity.generateNqn());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
