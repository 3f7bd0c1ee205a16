package io.nvmeof.cli;

import io.nvmeof.cli.ctl.CtlCommand;
import io.nvmeof.cli.host.BlockCommands;
import io.nvmeof.cli.host.CompareCommand;
import io.nvmeof.cli.host.DiscoverCommand;
import io.nvmeof.cli.host.DsmCommand;
import io.nvmeof.cli.host.FlushCommand;
import io.nvmeof.cli.host.GenHostnqnCommand;
import io.nvmeof.cli.host.GetFeatureCommand;
import io.nvmeof.cli.host.GetLogCommand;
import io.nvmeof.cli.host.IdCtrlCommand;
import io.nvmeof.cli.host.IdNsCommand;
import io.nvmeof.cli.host.IdentifyCommands;
import io.nvmeof.cli.host.ListCommand;
import io.nvmeof.cli.host.LogPageCommands;
import io.nvmeof.cli.host.PassthruCommands;
import io.nvmeof.cli.host.ReadCommand;
import io.nvmeof.cli.host.ReservationCommands;
import io.nvmeof.cli.host.SettingCommands;
import io.nvmeof.cli.host.ShowRegsCommand;
import io.nvmeof.cli.host.SmartLogCommand;
import io.nvmeof.cli.host.WriteCommand;
import io.nvmeof.cli.host.WriteZeroesCommand;
import io.nvmeof.cli.load.PerfCommand;
import io.nvmeof.cli.load.VerifyCommand;
import io.nvmeof.cli.serve.ImportNvmetcliCommand;
import io.nvmeof.cli.serve.TargetCommand;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.cli.shared.LoggingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine;

/** The command {@code nvmeof}: what is common to its subcommands, and the main method. */
@Command(
        name = "nvmeof",
        header = "NVMe over Fabrics: serve storage to NVMe hosts, and use the storage of NVMe targets",
        description = """
                  A target that any NVMe/TCP host connects to (nvme connect on Linux), and a host that
                  connects to any NVMe/TCP target. No root, no kernel module.""",
        footer = """
                  Serve a file of 1 GiB on this machine and see it from here:
                    nvmeof target
                    nvmeof list -a 127.0.0.1

                  nvmeof help COMMAND explains a command; every option that nvme-cli has too has the same
                  name and meaning. Exit status: 0 done, 1 failed, 2 wrong options or configuration.""",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            TargetCommand.class, CtlCommand.class, ImportNvmetcliCommand.class,
            DiscoverCommand.class, ListCommand.class, IdCtrlCommand.class, IdNsCommand.class,
            IdentifyCommands.ListNsCommand.class, IdentifyCommands.ListCtrlCommand.class,
            IdentifyCommands.NsDescsCommand.class, IdentifyCommands.NvmIdNsCommand.class,
            IdentifyCommands.CmdsetIndIdNsCommand.class, SmartLogCommand.class,
            LogPageCommands.ErrorLogCommand.class, LogPageCommands.AnaLogCommand.class,
            LogPageCommands.ChangedNsListLogCommand.class, LogPageCommands.EffectsLogCommand.class,
            LogPageCommands.SupportedLogPagesCommand.class, LogPageCommands.ResvNotifLogCommand.class,
            GetLogCommand.class, GetFeatureCommand.class, SettingCommands.SetFeatureCommand.class,
            ShowRegsCommand.class, SettingCommands.GetPropertyCommand.class, SettingCommands.SetPropertyCommand.class,
            ReadCommand.class, WriteCommand.class, CompareCommand.class, FlushCommand.class, WriteZeroesCommand.class,
            DsmCommand.class, BlockCommands.CopyCommand.class, BlockCommands.NvmVerifyCommand.class,
            BlockCommands.WriteUncorCommand.class, ReservationCommands.ResvRegisterCommand.class,
            ReservationCommands.ResvAcquireCommand.class, ReservationCommands.ResvReleaseCommand.class,
            ReservationCommands.ResvReportCommand.class, PassthruCommands.AdminPassthruCommand.class,
            PassthruCommands.IoPassthruCommand.class, PerfCommand.class, VerifyCommand.class,
            GenHostnqnCommand.class, CommandLine.HelpCommand.class})
public final class Nvmeof {
    private static final int HELP_COLUMNS = 100;
    private static final Pattern ENUM_WORDS =
            Pattern.compile("(expected one of \\[[A-Z_, ]*])( \\(case-insensitive\\))?");

    private Nvmeof() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        int exitCode = commandLine().execute(arguments);
        System.exit(exitCode);
    }

    /** The whole command tree, writing to the process's streams unless told otherwise. */
    public static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Nvmeof());
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setExecutionStrategy(Nvmeof::run);
        root.setParameterExceptionHandler(Nvmeof::onUsageError);
        root.setExecutionExceptionHandler(Nvmeof::onFailure);
        shapeAllHelp(root);
        return root;
    }

    private static void shapeAllHelp(CommandLine command) {
        shapeHelp(command);
        command.getSubcommands().values().forEach(Nvmeof::shapeAllHelp);
    }

    private static int run(CommandLine.ParseResult parsed) {
        CommandLine last = parsed.asCommandLineList().getLast();
        if (last.getCommandSpec().mixins().get("logging") != null) {
            LoggingOptions.of(last).apply(last.getCommandSpec().userObject() instanceof TargetCommand);
        }
        if (last.getParent() == null && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
            last.usage(last.getErr());
            return CommandFailure.EXIT_USAGE;
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int onUsageError(ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("nvmeof: " + message(error));
        List<String> suggestions = CommandLine.UnmatchedArgumentException.class.isInstance(error)
                ? ((CommandLine.UnmatchedArgumentException) error).getSuggestions() : List.of();
        if (!suggestions.isEmpty()) {
            err.println("Did you mean: " + String.join(" or ", suggestions) + "?");
        }
        String name = command.getParent() == null ? "" : " " + command.getCommandName();
        boolean nested = command.getParent() != null && command.getParent().getParent() != null;
        err.println("See: nvmeof " + (nested ? command.getParent().getCommandName() + " " : "") + "help" + name);
        return CommandFailure.EXIT_USAGE;
    }

    /** Words of an option are shown as they are written in the help: in lower case. */
    private static String message(ParameterException error) {
        String message = error.getMessage();
        return ENUM_WORDS.matcher(message).replaceFirst(words -> words.group(1).toLowerCase(Locale.ROOT));
    }

    private static int onFailure(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        boolean verbose = command.getCommandSpec().mixins().get("logging") != null
                && LoggingOptions.of(command).verbose();
        if (failure instanceof CommandFailure known) {
            command.getErr().println("nvmeof: " + known.getMessage());
            if (verbose && known.getCause() != null) {
                known.getCause().printStackTrace(command.getErr());
            }
            return known.exitCode();
        }
        if (failure instanceof IOException cause) {
            command.getErr().println("nvmeof: " + FileFailure.describe(cause));
            if (verbose) {
                cause.printStackTrace(command.getErr());
            }
            return CommandFailure.EXIT_FAILED;
        }
        command.getErr().println("nvmeof: unexpected failure, please report it: " + failure);
        failure.printStackTrace(command.getErr());
        return CommandFailure.EXIT_FAILED;
    }

    private static String[] indented(String[] texts) {
        return Arrays.stream(texts).map(text -> text.indent(2).stripTrailing()).toArray(String[]::new);
    }

    private static void shapeHelp(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        command.setUsageHelpWidth(HELP_COLUMNS);
        command.setUsageHelpLongOptionsMaxWidth(40);
        command.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.AUTO));
        usage.headerHeading("NAME%n  " + command.getCommandSpec().qualifiedName(" ") + " - ");
        usage.synopsisHeading("%nSYNOPSIS%n  ");
        usage.descriptionHeading("%nDESCRIPTION%n");
        usage.optionListHeading("%nOPTIONS%n");
        usage.commandListHeading("%nCOMMANDS%n");
        usage.parameterListHeading("%nARGUMENTS%n");
        usage.footerHeading("%nEXAMPLES%n");
        usage.footer(indented(usage.footer()));
        if (command.getParent() == null) {
            usage.description(indented(usage.description()));
        }
        usage.sortOptions(false);
    }
}
