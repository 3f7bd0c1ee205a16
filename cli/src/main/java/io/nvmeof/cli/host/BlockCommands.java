package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.WholeNumber;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.PassthroughCommand;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.nvm.NvmOpcode;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commands for blocks that move no data between host and controller, with nvme-cli's options. */
public final class BlockCommands {
    private static final int BLOCKS_MAX = 1 << 16;
    private static final int FORCE_UNIT_ACCESS = 1 << 30;

    private BlockCommands() {}

    /** A command for one run of blocks. */
    abstract static class OfBlocks extends ControllerCommand {
        @Mixin
        private NamespaceOption namespace;

        @Mixin
        private BlockRange range;

        @Override
        void check() {
            namespace.id();
            range.check();
        }

        void send(HostController controller, NvmOpcode opcode, String name) {
            RemoteNamespace remote = HostSession.namespace(controller, namespace.id());
            long count = range.blocks(remote, range.bytes(remote));
            for (long done = 0; done < count; done += BLOCKS_MAX) {
                HostSession.await(controller.ioCommand(PassthroughCommand.of(opcode.code()).namespaceId(remote.id())
                        .qword(10, range.start() + done).dword(12, (int) Math.min(BLOCKS_MAX, count - done) - 1)
                        .named(name)));
            }
        }
    }

    /** {@code nvmeof nvm-verify}. */
    @Command(name = "nvm-verify", header = "let the controller read blocks and check that they can be read",
            description = """
                  Connects to a subsystem and sends Verify for a run of blocks, in as many commands as it
                  takes. This is nvme-cli's verify; nvmeof verify is a test under load.

                BACKGROUND
                  The controller reads the blocks and says whether it could; nothing is sent to the host.""",
            footer = """
                    nvmeof nvm-verify -a 127.0.0.1 --start-block 0 --data-size 1g""")
    public static final class NvmVerifyCommand extends OfBlocks {
        @Override
        void run(HostController controller, PrintWriter out) {
            send(controller, NvmOpcode.VERIFY, "Verify");
            out.println("NVME Verify Success");
        }
    }

    /** {@code nvmeof write-uncor}. */
    @Command(name = "write-uncor", header = "make blocks unreadable until they are written",
            description = """
                  Connects to a subsystem and sends Write Uncorrectable: reading the blocks fails from then
                  on, until they are written again. What was in them is lost.

                BACKGROUND
                  It is for tests of how software deals with blocks that cannot be read.""",
            footer = """
                    nvmeof write-uncor -a 127.0.0.1 --start-block 8 --block-count 0""")
    public static final class WriteUncorCommand extends OfBlocks {
        @Override
        void run(HostController controller, PrintWriter out) {
            send(controller, NvmOpcode.WRITE_UNCORRECTABLE, "Write Uncorrectable");
            out.println("NVME Write Uncorrectable Success");
        }
    }

    /** {@code nvmeof copy}. */
    @Command(name = "copy", header = "let the controller copy blocks",
            description = """
                  Connects to a subsystem and sends Copy: the blocks of the source ranges, one after the
                  other, go to the blocks from --sdlba on.

                BACKGROUND
                  The data never leaves the controller. msrc in id-ns is how many ranges there may be, minus
                  one; mssrl how many blocks one may have; mcl how many all together.""",
            footer = """
                    nvmeof copy -a 127.0.0.1 --sdlba 100 --slbs 0 --blocks 7
                    nvmeof copy -a 127.0.0.1 --sdlba 100 --slbs 0,64 --blocks 7,15""")
    public static final class CopyCommand extends ControllerCommand {
        private static final int RANGES_MAX = 256;
        private static final int RANGE_BYTES = 32;
        private static final int FIRST_BLOCK = 8;
        private static final int BLOCK_COUNT = 16;
        private static final ValueLayout.OfLong LE64 =
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfShort LE16 =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        @Mixin
        private NamespaceOption namespace;

        @Option(names = {"-d", "--sdlba"}, paramLabel = "LBA", required = true, converter = WholeNumber.class,
                description = "first block of the destination")
        private Long destination;

        @Option(names = "--slbs", paramLabel = "LBA", required = true, split = ",", converter = WholeNumber.class,
                description = "first block of each source range, separated by commas")
        private Long[] sources;

        @Option(names = {"-b", "--blocks"}, paramLabel = "N", required = true, split = ",",
                converter = WholeNumber.class,
                description = "how many blocks each range has MINUS ONE, as nvme-cli counts")
        private Long[] counts;

        @Option(names = {"-f", "--force-unit-access"}, description = "done only when it is on the medium")
        private boolean forceUnitAccess;

        @Override
        void check() {
            namespace.id();
            if (sources.length != counts.length || sources.length > RANGES_MAX) {
                throw CommandFailure.usage("--slbs and --blocks: " + sources.length + " and " + counts.length
                        + " values; allowed: as many of one as of the other, up to " + RANGES_MAX);
            }
            for (Long count : counts) {
                if (count < 0 || count >= BLOCKS_MAX) {
                    throw CommandFailure.usage("--blocks: " + count + "; allowed: from 0, which is one block, to "
                            + (BLOCKS_MAX - 1));
                }
            }
        }

        @Override
        void run(HostController controller, PrintWriter out) {
            MemorySegment ranges = Arena.ofAuto().allocate((long) sources.length * RANGE_BYTES, 4096);
            for (int i = 0; i < sources.length; i++) {
                ranges.set(LE64, (long) i * RANGE_BYTES + FIRST_BLOCK, sources[i]);
                ranges.set(LE16, (long) i * RANGE_BYTES + BLOCK_COUNT, counts[i].shortValue());
            }
            HostSession.await(controller.ioCommand(PassthroughCommand.of(NvmOpcode.COPY.code())
                    .namespaceId(namespace.id()).qword(10, destination)
                    .dword(12, sources.length - 1 | (forceUnitAccess ? FORCE_UNIT_ACCESS : 0)).dataOut(ranges)
                    .named("Copy")));
            out.println("NVMe Copy: success");
        }
    }
}
