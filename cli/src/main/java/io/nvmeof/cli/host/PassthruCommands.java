package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.HexDump;
import io.nvmeof.cli.shared.WholeNumber;
import io.nvmeof.initiator.CommandResult;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.PassthroughCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nvmeof admin-passthru} and {@code nvmeof io-passthru}, with nvme-cli's options. */
public final class PassthruCommands {
    private PassthruCommands() {}

    /** A command put together by hand. */
    abstract static class Passthru extends ControllerCommand {
        private static final int DATA_BYTES_MAX = 1 << 20;
        private static final long DWORD_MAX = 0xFFFF_FFFFL;

        @Option(names = {"-O", "--opcode"}, paramLabel = "N", required = true, converter = WholeNumber.class,
                description = "opcode, 0 to 255")
        private Long opcode;

        @Option(names = "--namespace-id", paramLabel = "NSID", defaultValue = "0", converter = WholeNumber.class,
                description = "the namespace; default none")
        private Long namespaceId;

        @Option(names = "--cdw2", paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 2; default 0, as those that follow")
        private Long dword2;

        @Option(names = "--cdw3", paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 3")
        private Long dword3;

        @Option(names = "--cdw10", paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 10")
        private Long dword10;

        @Option(names = "--cdw11", paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 11")
        private Long dword11;

        @Option(names = "--cdw12", paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 12")
        private Long dword12;

        @Option(names = "--cdw13", paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 13")
        private Long dword13;

        @Option(names = "--cdw14", paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 14")
        private Long dword14;

        @Option(names = "--cdw15", paramLabel = "N", defaultValue = "0", converter = WholeNumber.class,
                description = "command dword 15")
        private Long dword15;

        @Option(names = {"-l", "--data-len"}, paramLabel = "BYTES", defaultValue = "0",
                description = "bytes of data, up to 1048576; default 0")
        private int length;

        @Option(names = {"-i", "--input-file"}, paramLabel = "FILE",
                description = "with --write, where the data comes from; default zeroes")
        private Path input;

        @Option(names = {"-r", "--read"}, description = "the data comes from the controller")
        private boolean read;

        @Option(names = {"-w", "--write"}, description = "the data goes to the controller")
        private boolean write;

        @Option(names = {"-b", "--raw-binary"}, description = "write the data as it is to standard output")
        private boolean raw;

        @Override
        final void check() {
            dword("--opcode", opcode, 0xFF);
            dword("--namespace-id", namespaceId, DWORD_MAX);
            if (length < 0 || length > DATA_BYTES_MAX || length % Integer.BYTES != 0) {
                throw CommandFailure.usage("--data-len: " + length + "; allowed: a multiple of 4 from 0 to "
                        + DATA_BYTES_MAX);
            }
            if (read && write || length > 0 != (read || write)) {
                throw CommandFailure.usage("--data-len needs either --read or --write, and they need it");
            }
            if (input != null && (!write || !Files.isReadable(input))) {
                throw CommandFailure.usage("--input-file: " + (write ? input + " is not there or not readable"
                        : "only with --write"));
            }
        }

        private static int dword(String option, long value, long most) {
            if (value < 0 || value > most) {
                throw CommandFailure.usage(option + ": " + value + "; allowed: from 0 to 0x" + Long.toHexString(most));
            }
            return (int) value;
        }

        abstract CompletableFuture<CommandResult> send(HostController controller, PassthroughCommand command);

        abstract String kind();

        @Override
        final void run(HostController controller, PrintWriter out) throws IOException {
            MemorySegment data = length == 0 ? MemorySegment.NULL : Arena.ofAuto().allocate(length, 4096);
            if (input != null) {
                byte[] bytes = Files.readAllBytes(input);
                MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, Math.min(bytes.length, length));
            }
            CommandResult result = HostSession.await(send(controller, command(data)));
            if (raw && read) {
                try (OutputStream bytes = new FileOutputStream(FileDescriptor.out)) {
                    bytes.write(data.toArray(ValueLayout.JAVA_BYTE));
                }
                return;
            }
            out.println(String.format(Locale.ROOT, "%s Command 0x%02x is Success and result: 0x%08x", kind(), opcode,
                    result.dword0()));
            if (read) {
                StringBuilder text = new StringBuilder();
                HexDump.append(text, "", data, 0, 0, length);
                out.print(text);
            }
        }

        private PassthroughCommand command(MemorySegment data) {
            PassthroughCommand command = PassthroughCommand.of(opcode.intValue()).namespaceId(namespaceId.intValue())
                    .dword(2, dword("--cdw2", dword2, DWORD_MAX)).dword(3, dword("--cdw3", dword3, DWORD_MAX))
                    .dword(10, dword("--cdw10", dword10, DWORD_MAX)).dword(11, dword("--cdw11", dword11, DWORD_MAX))
                    .dword(12, dword("--cdw12", dword12, DWORD_MAX)).dword(13, dword("--cdw13", dword13, DWORD_MAX))
                    .dword(14, dword("--cdw14", dword14, DWORD_MAX)).dword(15, dword("--cdw15", dword15, DWORD_MAX));
            return read ? command.dataIn(data) : write ? command.dataOut(data) : command;
        }
    }

    /** {@code nvmeof admin-passthru}. */
    @Command(name = "admin-passthru", header = "send any admin command",
            description = """
                  Connects to a subsystem and sends an admin command that is put together by hand.

                BACKGROUND
                  The opcode's two lowest bits should fit the direction of the data: 1 to the controller,
                  2 from it. Queue, identifier and data pointer are filled in.""",
            footer = """
                    nvmeof admin-passthru -a 127.0.0.1 --opcode 0x06 --cdw10 1 --data-len 4096 --read""")
    public static final class AdminPassthruCommand extends Passthru {
        @Override
        CompletableFuture<CommandResult> send(HostController controller, PassthroughCommand command) {
            return controller.adminCommand(command);
        }

        @Override
        String kind() {
            return "Admin";
        }
    }

    /** {@code nvmeof io-passthru}. */
    @Command(name = "io-passthru", header = "send any I/O command",
            description = """
                  Connects to a subsystem and sends an I/O command that is put together by hand.

                BACKGROUND
                  For commands that have none here, or with wrong values to see what a controller says.""",
            footer = """
                    nvmeof io-passthru -a 127.0.0.1 --opcode 0x02 --namespace-id 1 --cdw12 0 \\
                        --data-len 4096 --read""")
    public static final class IoPassthruCommand extends Passthru {
        @Override
        CompletableFuture<CommandResult> send(HostController controller, PassthroughCommand command) {
            return controller.ioCommand(command);
        }

        @Override
        String kind() {
            return "IO";
        }
    }
}
