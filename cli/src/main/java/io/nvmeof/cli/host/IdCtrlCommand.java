package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.protocol.admin.IdentifyController;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nvmeof id-ctrl}. */
@Command(
        name = "id-ctrl",
        header = "show what a controller says about itself",
        description = """
                  Connects to a subsystem and prints the Identify Controller data structure, field by field
                  under the names of the specification.

                BACKGROUND
                  A controller is what a host talks to: each connection to a subsystem gets one of its own.
                  The structure says which commands and limits it has: mdts, the largest transfer as a
                  power of two of 4 KiB pages (0: no limit); vwc, whether there is a volatile write cache;
                  oncs, the optional commands; nn, the largest namespace identifier.""",
        footer = """
                    nvmeof id-ctrl -a 127.0.0.1
                    nvmeof id-ctrl -a 192.0.2.10 -n nqn.2026-01.com.example:disks -o json""")
public final class IdCtrlCommand extends ControllerCommand {
    @Mixin
    private OutputOptions output;

    @Override
    void run(HostController controller, PrintWriter out) {
        Map<String, Object> fields =
                StructureView.fields(IdentifyController.LAYOUT, controller.identify().bytes());
        output.print(out, fields, writer -> {
            writer.println("NVME Identify Controller:");
            fields.forEach((name, value) -> writer.println(
                    String.format(Locale.ROOT, "%-10s: %s", name, StructureView.text(name, value))));
        });
    }
}
