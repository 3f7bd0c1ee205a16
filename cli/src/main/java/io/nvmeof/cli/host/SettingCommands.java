package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.cli.shared.WholeNumber;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.PassthroughCommand;
import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.fabrics.FabricsCommandType;
import io.nvmeof.protocol.fabrics.Property;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commands for features and properties, with nvme-cli's names and options. */
public final class SettingCommands {
    private static final int FABRICS_OPCODE = 0x7F;
    private static final long DWORD_MAX = 0xFFFF_FFFFL;

    private SettingCommands() {}

    private static void check(String option, long value, long most) {
        if (value < 0 || value > most) {
            throw CommandFailure.usage(option + ": " + value + "; allowed: from 0 to 0x" + Long.toHexString(most));
        }
    }

    /** {@code nvmeof set-feature}. */
    @Command(name = "set-feature", header = "change a setting of a controller",
            description = """
                  Connects to a subsystem, changes a feature, and disconnects.

                BACKGROUND
                  Most features belong to the controller, which is gone with this connection; those that
                  last are of a namespace or a host, such as write protection (0x84).""",
            footer = """
                    nvmeof set-feature -a 127.0.0.1 --feature-id 0x84 --namespace-id 1 --value 1""")
    public static final class SetFeatureCommand extends ControllerCommand {
        private static final int DATA_BYTES_MAX = 4096;
        private static final int SAVE = 1 << 31;

        @Option(names = {"-f", "--feature-id"}, paramLabel = "N", required = true, converter = WholeNumber.class,
                description = "feature identifier, 0 to 255")
        private Long id;

        @Option(names = {"-V", "--value"}, paramLabel = "N", required = true, converter = WholeNumber.class,
                description = "the new value, command dword 11")
        private Long value;

        @Option(names = {"-c", "--cdw12"}, paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 12; default 0")
        private Long dword12;

        @Option(names = "--namespace-id", paramLabel = "NSID", defaultValue = "0", converter = WholeNumber.class,
                description = "the namespace; default none")
        private Long namespaceId;

        @Option(names = {"-d", "--data"}, paramLabel = "FILE", description = "data of the feature, up to 4096 bytes")
        private Path data;

        @Option(names = "--save", description = "keep it beyond a reset")
        private boolean save;

        @Override
        void check() {
            SettingCommands.check("--feature-id", id, 0xFF);
            SettingCommands.check("--value", value, DWORD_MAX);
            SettingCommands.check("--cdw12", dword12, DWORD_MAX);
            SettingCommands.check("--namespace-id", namespaceId, DWORD_MAX);
            if (data != null && !Files.isReadable(data)) {
                throw CommandFailure.usage("--data: " + data + " is not there or not readable");
            }
        }

        @Override
        void run(HostController controller, PrintWriter out) throws Exception {
            PassthroughCommand command = PassthroughCommand.of(AdminOpcode.SET_FEATURES.code())
                    .namespaceId(namespaceId.intValue()).dword(10, id.intValue() | (save ? SAVE : 0))
                    .dword(11, value.intValue()).dword(12, dword12.intValue()).named("Set Features");
            if (data != null) {
                byte[] bytes = Files.readAllBytes(data);
                if (bytes.length == 0 || bytes.length > DATA_BYTES_MAX) {
                    throw CommandFailure.usage("--data: " + bytes.length + " bytes; allowed: from 1 to "
                            + DATA_BYTES_MAX);
                }
                MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 4096);
                MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
                command.dataOut(memory);
            }
            HostSession.await(controller.adminCommand(command));
            out.println(String.format(Locale.ROOT, "set-feature:0x%02x, value:0x%08x, cdw12:0x%08x, save:%d", id, value,
                    dword12, save ? 1 : 0));
        }
    }

    /** {@code nvmeof get-property}. */
    @Command(name = "get-property", header = "read a property of a controller",
            description = """
                  Connects to a subsystem and prints a property.

                BACKGROUND
                  Properties stand for the registers of a PCIe controller; nvmeof show-regs shows all.""",
            footer = """
                    nvmeof get-property -a 127.0.0.1 --offset 0x1c""")
    public static final class GetPropertyCommand extends ControllerCommand {
        @Option(names = {"-O", "--offset"}, paramLabel = "N", required = true, converter = WholeNumber.class,
                description = "where the property is, as 0 (cap), 8 (vs), 0x14 (cc), 0x1c (csts)")
        private Long offset;

        @Mixin
        private OutputOptions output;

        @Override
        void check() {
            SettingCommands.check("--offset", offset, DWORD_MAX);
        }

        @Override
        void run(HostController controller, PrintWriter out) {
            Property known = Property.ofOffset(offset);
            long value = HostSession.await(controller.property(offset.intValue(),
                    known != null && known.sizeBytes() == Long.BYTES));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("property", offset);
            fields.put("value", value);
            output.print(out, fields, writer -> writer.println(String.format(Locale.ROOT,
                    "property: 0x%02x (%s), value: %x", offset, known == null ? "unknown" : known.name(), value)));
        }
    }

    /** {@code nvmeof set-property}. */
    @Command(name = "set-property", header = "change a property of a controller",
            description = """
                  Connects to a subsystem, changes a property, and disconnects.

                BACKGROUND
                  Only cc (0x14) and nssr (0x20) can be changed; both concern the controller of this
                  connection, and a subsystem reset all of them. Software tests use this.""",
            footer = """
                    nvmeof set-property -a 127.0.0.1 --offset 0x14 --value 0x464001""")
    public static final class SetPropertyCommand extends ControllerCommand {
        @Option(names = {"-O", "--offset"}, paramLabel = "N", required = true, converter = WholeNumber.class,
                description = "where the property is")
        private Long offset;

        @Option(names = {"-V", "--value"}, paramLabel = "N", required = true, converter = WholeNumber.class,
                description = "the new value")
        private Long value;

        @Override
        void check() {
            SettingCommands.check("--offset", offset, DWORD_MAX);
        }

        @Override
        void run(HostController controller, PrintWriter out) {
            Property known = Property.ofOffset(offset);
            HostSession.await(controller.adminCommand(PassthroughCommand.of(FABRICS_OPCODE)
                    .namespaceId(FabricsCommandType.PROPERTY_SET.code())
                    .dword(10, known != null && known.sizeBytes() == Long.BYTES ? 1 : 0)
                    .dword(11, offset.intValue()).qword(12, value).named("Property Set")));
            out.println(String.format(Locale.ROOT, "set-property: 0x%02x (%s), value: %x", offset,
                    known == null ? "unknown" : known.name(), value));
        }
    }
}
