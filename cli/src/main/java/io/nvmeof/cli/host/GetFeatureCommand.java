package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.cli.shared.WholeNumber;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.PassthroughCommand;
import io.nvmeof.protocol.admin.AdminOpcode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nvmeof get-feature}. */
@Command(
        name = "get-feature",
        header = "read a setting of a controller",
        description = """
                  Connects to a subsystem and prints the current value of a feature.

                BACKGROUND
                  Features are a controller's settings: 6 volatile write cache, 7 number of queues,
                  11 asynchronous events, 15 keep alive timer in milliseconds.""",
        footer = """
                    nvmeof get-feature -a 127.0.0.1 --feature-id 6""")
public final class GetFeatureCommand extends ControllerCommand {
    @Option(names = {"-f", "--feature-id"}, paramLabel = "N", required = true, converter = WholeNumber.class,
            description = "feature identifier, 0 to 255")
    private Long id;

    @Mixin
    private OutputOptions output;

    @Override
    void check() {
        if (id < 0 || id > 0xFF) {
            throw CommandFailure.usage("--feature-id: " + id + "; allowed: from 0 to 255");
        }
    }

    @Override
    void run(HostController controller, PrintWriter out) {
        long value = Integer.toUnsignedLong(HostSession.await(controller.adminCommand(
                PassthroughCommand.of(AdminOpcode.GET_FEATURES.code()).dword(10, id.intValue()).named("Get Features")))
                .dword0());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("feature", id);
        fields.put("value", value);
        output.print(out, fields, writer -> writer.println(
                String.format(Locale.ROOT, "get-feature:0x%02x, Current value:0x%08x", id, value)));
    }
}
