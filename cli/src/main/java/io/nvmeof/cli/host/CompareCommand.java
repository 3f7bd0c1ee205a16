package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nvmeof compare}. */
@Command(
        name = "compare",
        header = "let the controller compare blocks with a file",
        description = """
                  Connects to a subsystem and sends a file of at most 64 MiB with Compare. Exit status 0:
                  equal, 1: different.

                BACKGROUND
                  The controller reads the blocks and compares; nothing is sent back but the verdict.""",
        footer = """
                    nvmeof compare -a 127.0.0.1 --start-block 8 --data block.bin""")
public final class CompareCommand extends ControllerCommand {
    private static final long BYTES_MAX = 64L << 20;

    @Mixin
    private NamespaceOption namespace;

    @Option(names = "--start-block", paramLabel = "LBA", defaultValue = "0",
            description = "first logical block; default ${DEFAULT-VALUE}")
    private long start;

    @Option(names = {"-d", "--data"}, paramLabel = "FILE", required = true, description = "what to compare with")
    private Path data;

    @Override
    void check() {
        namespace.id();
        if (!Files.isReadable(data)) {
            throw CommandFailure.usage("--data: " + data + " is not there or not readable");
        }
    }

    @Override
    void run(HostController controller, PrintWriter out) throws Exception {
        RemoteNamespace remote = HostSession.namespace(controller, namespace.id());
        long length = Files.size(data);
        if (length == 0 || length > BYTES_MAX || length % remote.blockSizeBytes() != 0) {
            throw CommandFailure.usage("--data: " + data + " has " + length + " bytes; allowed: a multiple of "
                    + remote.blockSizeBytes() + ", at most " + BYTES_MAX);
        }
        int count = (int) (length / remote.blockSizeBytes());
        BlockRange.checkOn(remote, start, count);
        MemorySegment memory = Arena.ofAuto().allocate(length, 4096);
        MemorySegment.copy(Files.readAllBytes(data), 0, memory, ValueLayout.JAVA_BYTE, 0, (int) length);
        HostSession.await(remote.compare(start, count, memory));
        out.println("compare: Success");
    }
}
