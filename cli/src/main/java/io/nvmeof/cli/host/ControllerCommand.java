package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.LoggingOptions;
import io.nvmeof.initiator.HostController;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that connects to one subsystem, does something, and disconnects. */
public abstract class ControllerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ControllerOptions options;

    @Mixin
    private LoggingOptions logging;

    /** Checks what can be checked before anything is connected. */
    void check() {}

    /** Does the command's work on the connected controller. */
    abstract void run(HostController controller, PrintWriter out) throws Exception;

    @Override
    public final Integer call() throws Exception {
        check();
        try (HostSession session = HostSession.open(options.address())) {
            PrintWriter out = spec.commandLine().getOut();
            run(session.connect(options), out);
            out.flush();
        }
        return 0;
    }
}
