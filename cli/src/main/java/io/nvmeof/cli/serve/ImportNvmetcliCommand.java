package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.LoggingOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nvmeof import-nvmetcli}. */
@Command(
        name = "import-nvmetcli",
        header = "turn a configuration of the Linux kernel's target into one of ours",
        description = """
                  Reads what nvmetcli save has written and prints a configuration file that serves the same:
                  ports, ANA states, referrals, subsystems with serial, model and controller identifiers,
                  hosts, namespaces with their UUIDs. What cannot be served in the same way is left out, said
                  on standard error, and makes the exit status 1.

                BACKGROUND
                  Hosts find the same subsystems and namespaces afterwards, under the same names. Left out
                  are transports other than TCP, passthrough, protection information, ports that ask for TLS,
                  and hosts with DH-HMAC-CHAP keys: they would get in without their key. A device is served
                  in blocks of its own size, so run this where the devices are.""",
        footer = """
                    nvmetcli save nvmet.json; nvmetcli clear
                    nvmeof import-nvmetcli nvmet.json > target.json
                    nvmeof target --config target.json
                  or, without a file of our own:
                    nvmeof target --from-nvmetcli nvmet.json""")
public final class ImportNvmetcliCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "what nvmetcli save has written")
    private Path file;

    @Mixin
    private LoggingOptions logging;

    @Override
    public Integer call() {
        NvmetImport made = NvmetImport.of(file.getFileName().toString(), TargetFile.parse("FILE", file));
        PrintWriter out = spec.commandLine().getOut();
        out.println(made.file().toPrettyString());
        out.flush();
        report(made.leftOut(), spec.commandLine().getErr());
        return made.leftOut().isEmpty() ? 0 : 1;
    }

    static void report(List<String> leftOut, PrintWriter err) {
        leftOut.forEach(each -> err.println("nvmeof: not as in the kernel: " + each));
    }
}
