package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nvmeof read}. */
@Command(
        name = "read",
        header = "read blocks of a namespace into a file",
        description = """
                  Connects to a subsystem, reads logical blocks and writes them to a file or to standard
                  output. Without a length it reads one block.

                BACKGROUND
                  A namespace is an array of logical blocks, often of 4096 or 512 bytes (nvmeof id-ns).
                  --block-count counts from 0, as in the command that goes over the wire: 0 is one block.""",
        footer = """
                  The first block, to look at:
                    nvmeof read -a 127.0.0.1 | hexdump -C
                  A GiB from block 1000 on, into a file:
                    nvmeof read -a 127.0.0.1 --start-block 1000 --data-size 1g --data part.img""")
public final class ReadCommand extends ControllerCommand {
    @Mixin
    private NamespaceOption namespace;

    @Mixin
    private BlockRange range;

    @Option(names = {"-d", "--data"}, paramLabel = "FILE", defaultValue = "-",
            description = "where the data goes; default -, standard output")
    private String data;

    @Override
    void check() {
        namespace.id();
        range.check();
    }

    @Override
    void run(HostController controller, PrintWriter out) throws Exception {
        RemoteNamespace remote = HostSession.namespace(controller, namespace.id());
        long length = range.bytes(remote);
        range.blocks(remote, length);
        try (FileOutputStream file = data.equals("-") ? new FileOutputStream(FileDescriptor.out)
                : new FileOutputStream(Path.of(data).toFile()); WritableByteChannel channel = file.getChannel()) {
            new BlockStream(remote).readTo(channel, range.start(), length);
        } catch (IOException e) {
            throw CommandFailure.failed("--data: " + (data.equals("-") ? "standard output" : data)
                    + " cannot be written: " + FileFailure.reason(e), e);
        }
    }
}
