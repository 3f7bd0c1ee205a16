package io.nvmeof.cli.ctl;

import io.nvmeof.cli.shared.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nvmeof ctl}. */
@Command(
        name = "ctl",
        header = "ask a running target, and change it",
        description = """
                  Shows what a target of this machine serves, and changes it while hosts use it.

                BACKGROUND
                  Every nvmeof target listens on a Unix-domain socket that only its user may open; this
                  command finds it if just one runs. Changes do not disturb commands at work; hosts are told
                  by the events they asked for. A change is forgotten when the target ends, unless it was
                  started with --save. Programs may use the socket themselves: docs/management.md.""",
        footer = """
                    nvmeof ctl status
                    nvmeof ctl add-namespace --backend /srv/b.img --size 10g
                    nvmeof ctl help add-namespace""",
        subcommands = {
            StatusCommands.Status.class, StatusCommands.Config.class, NamespaceCommands.Add.class,
            NamespaceCommands.Remove.class, NamespaceCommands.Enable.class, NamespaceCommands.Disable.class,
            NamespaceCommands.Resize.class, NamespaceCommands.SetReadOnly.class, NamespaceCommands.Mask.class,
            NamespaceCommands.SetAnaGroup.class, NamespaceCommands.Limit.class, FaultsCommand.class,
            HostCommands.Allow.class, HostCommands.Disallow.class, HostCommands.Limit.class,
            HostCommands.EndController.class, HostCommands.Pause.class, HostCommands.Resume.class,
            PortCommands.SetAnaState.class, PortCommands.GiveWay.class, SwitchOverCommand.class,
            PortCommands.AddPort.class, PortCommands.RemovePort.class, PortCommands.AddReferral.class,
            PortCommands.RemoveReferral.class, CommandLine.HelpCommand.class})
public final class CtlCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "print this text")
    private boolean help;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandFailure.EXIT_USAGE;
    }
}
