package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.protocol.fabrics.Property;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nvmeof show-regs}. */
@Command(
        name = "show-regs",
        header = "show a controller's properties",
        description = """
                  Connects to a subsystem and prints the properties that controllers over fabrics have.

                BACKGROUND
                  Properties stand for the registers of a PCIe controller: cap, what it can do; vs, its
                  version of the specification; cc, how the host configured it; csts, its state (1: ready).""",
        footer = """
                    nvmeof show-regs -a 127.0.0.1""")
public final class ShowRegsCommand extends ControllerCommand {
    @Mixin
    private OutputOptions output;

    @Override
    void run(HostController controller, PrintWriter out) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Property property : new Property[] {Property.CAP, Property.VS, Property.CC, Property.CSTS}) {
            fields.put(property.name().toLowerCase(Locale.ROOT), HostSession.await(
                    controller.property(property.offset(), property.sizeBytes() == Long.BYTES)));
        }
        output.print(out, fields, writer -> fields.forEach(
                (name, value) -> writer.println(String.format(Locale.ROOT, "%-8s: %x", name, value))));
    }
}
