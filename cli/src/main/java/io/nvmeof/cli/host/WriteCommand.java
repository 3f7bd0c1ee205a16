package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nvmeof write}. */
@Command(
        name = "write",
        header = "write a file to blocks of a namespace",
        description = """
                  Connects to a subsystem and writes the bytes of a file, or of standard input, to logical
                  blocks; then flushes, so that they survive a loss of power. Without a length it writes
                  the whole file. A file that does not fill its last block needs --pad.

                BACKGROUND
                  A controller with a volatile write cache may complete a write that a loss of power would
                  undo. Flush writes the cache to the medium; --force-unit-access does so for each write.""",
        footer = """
                    nvmeof write -a 127.0.0.1 --data disk.img
                    echo hello | nvmeof write -a 127.0.0.1 --start-block 8 --pad""")
public final class WriteCommand extends ControllerCommand {
    @Mixin
    private NamespaceOption namespace;

    @Mixin
    private BlockRange range;

    @Option(names = {"-d", "--data"}, paramLabel = "FILE", defaultValue = "-",
            description = "where the data comes from; default -, standard input")
    private String data;

    @Option(names = {"-f", "--force-unit-access"}, description = "each write completes only when it is on the medium")
    private boolean forceUnitAccess;

    @Option(names = "--pad", description = "fill the last block up with zeroes")
    private boolean pad;

    @Override
    void check() {
        namespace.id();
        range.check();
        if (!data.equals("-") && !Files.isReadable(Path.of(data))) {
            throw CommandFailure.usage("--data: " + data + " is not there or not readable");
        }
    }

    @Override
    void run(HostController controller, PrintWriter out) throws Exception {
        RemoteNamespace remote = HostSession.namespace(controller, namespace.id());
        long room = (remote.blockCount() - range.start()) * remote.blockSizeBytes();
        boolean standardInput = data.equals("-");
        // Pipes and devices do not say how much they hold.
        boolean file = !standardInput && Files.isRegularFile(Path.of(data));
        long length = range.sized() ? range.bytes(remote) : file ? Files.size(Path.of(data)) : Math.max(0, room);
        if (length == 0 && file) {
            throw CommandFailure.usage("--data: " + data + " is empty");
        }
        range.blocks(remote, Math.max(1, length));
        if (length % remote.blockSizeBytes() != 0 && !pad) {
            throw CommandFailure.usage(length + " bytes do not fill their last block of " + remote.blockSizeBytes()
                    + " bytes; --pad fills it up with zeroes");
        }
        long written;
        boolean more;
        try (FileInputStream input = standardInput ? new FileInputStream(FileDescriptor.in) : new FileInputStream(data);
                ReadableByteChannel channel = input.getChannel()) {
            written = new BlockStream(remote).writeFrom(channel, range.start(), length, forceUnitAccess, pad);
            more = !range.sized() && written == length && channel.read(ByteBuffer.allocate(1)) > 0;
        }
        HostSession.await(remote.flush());
        if (more) {
            throw CommandFailure.failed("the data do not fit: the namespace ends after " + written
                    + " bytes from block " + range.start() + " on; those were written");
        }
        if (written == 0 || written < length && range.sized() && !pad) {
            throw CommandFailure.failed("the data ended after " + written
                    + (range.sized() ? " of " + length + " bytes" : " bytes") + "; those were written");
        }
        out.println("write: Success, " + written + " bytes");
    }
}
