package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.HexDump;
import io.nvmeof.cli.shared.WholeNumber;
import io.nvmeof.initiator.HostController;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nvmeof get-log}. */
@Command(
        name = "get-log",
        header = "read any log page",
        description = """
                  Connects to a subsystem, reads a log page and prints it in hexadecimal, or as it is.

                BACKGROUND
                  Log pages are how a controller reports: 1 errors, 2 health (see smart-log), 3 firmware
                  slots, 4 changed namespaces, 5 supported commands, 12 ANA states.""",
        footer = """
                    nvmeof get-log -a 127.0.0.1 --log-id 5 --log-len 4096
                    nvmeof get-log -a 127.0.0.1 --log-id 2 --log-len 512 --raw-binary > smart.bin""")
public final class GetLogCommand extends ControllerCommand {
    private static final int LENGTH_MAX = 1 << 20;

    @Option(names = {"-i", "--log-id"}, paramLabel = "N", required = true, converter = WholeNumber.class,
            description = "log page identifier, 0 to 255")
    private Long id;

    @Option(names = {"-l", "--log-len"}, paramLabel = "BYTES", required = true,
            description = "bytes to read, a multiple of 4, at most 1048576")
    private int length;

    @Option(names = "--namespace-id", paramLabel = "NSID", defaultValue = "0xffffffff", converter = WholeNumber.class,
            description = "the namespace; default all")
    private Long namespaceId;

    @Option(names = "--lpo", paramLabel = "BYTES", defaultValue = "0", description =
            "where in the page to begin; default 0")
    private long offset;

    @Option(names = {"-b", "--raw-binary"}, description = "write the bytes as they are to standard output")
    private boolean raw;

    @Override
    void check() {
        if (id < 0 || id > 0xFF) {
            throw CommandFailure.usage("--log-id: " + id + "; allowed: from 0 to 255");
        }
        if (length < 4 || length > LENGTH_MAX || length % 4 != 0) {
            throw CommandFailure.usage("--log-len: " + length + "; allowed: a multiple of 4 from 4 to " + LENGTH_MAX);
        }
        if (namespaceId < 0 || namespaceId > 0xFFFF_FFFFL) {
            throw CommandFailure.usage("--namespace-id: " + namespaceId + "; allowed: from 0 to 0xffffffff");
        }
    }

    @Override
    void run(HostController controller, PrintWriter out) throws Exception {
        MemorySegment page =
                HostSession.await(controller.logPage(id.intValue(), namespaceId.intValue(), offset, length));
        if (raw) {
            try (OutputStream bytes = new FileOutputStream(FileDescriptor.out)) {
                bytes.write(page.toArray(ValueLayout.JAVA_BYTE));
            }
            return;
        }
        StringBuilder text = new StringBuilder();
        HexDump.append(text, "", page, 0, 0, length);
        out.print(text);
    }
}
