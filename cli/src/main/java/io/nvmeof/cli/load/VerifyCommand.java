package io.nvmeof.cli.load;

import io.nvmeof.cli.host.ControllerOptions;
import io.nvmeof.cli.host.HostSession;
import io.nvmeof.cli.host.NamespaceOption;
import io.nvmeof.cli.host.QueueOptions;
import io.nvmeof.cli.load.VerifyJob.Deallocation;
import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.cli.shared.LoggingOptions;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nvmeof verify}. */
@Command(
        name = "verify",
        header = "prove that a namespace keeps what is written to it",
        description = """
                  Connects to a subsystem and overwrites the first part of a namespace with blocks that say
                  which run wrote them, where, and as which generation; mixes reads, writes, zeroing,
                  deallocation and flushes on all queues; checks every block it reads; and reads everything
                  back at the end, each part through another queue. The first block that is wrong is shown:
                  what it should hold, what it holds, and where they differ.
                  Exit status 0: all right, 1: a block or a status was wrong, or the connection was lost,
                  which --log-acknowledged alone takes for the end that was waited for.

                BACKGROUND
                  A completed Write is only promised to survive a loss of power if it was sent with FUA
                  (Force Unit Access), or if a Flush sent after its completion has completed.
                  --log-acknowledged records these promises, and --check later reads the namespace and
                  proves that each was kept, also if the target was killed meanwhile. A newer write that
                  was never acknowledged may have reached the medium; that is right too.""",
        footer = """
                  A minute on the first 256 MiB, with data digests:
                    nvmeof verify -a 127.0.0.1 --seconds 60 --data-digest
                  Does the target keep its promises when it is killed?
                    nvmeof verify -a 127.0.0.1 --seconds 60 --log-acknowledged promises.log &
                    kill -9 PID-OF-THE-TARGET; start the target again
                    nvmeof verify -a 127.0.0.1 --check promises.log""")
public final class VerifyCommand implements Callable<Integer> {
    private static final long MAX_BLOCKS = 1L << 28;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "30", description =
            "how long; default ${DEFAULT-VALUE}")
    private int seconds;

    @Option(names = "--seed", paramLabel = "N", description = "seed of data and choices; default another one each time")
    private Long seed;

    @Option(names = "--bs", paramLabel = "SIZE[:SIZE]",
            description = "least and most bytes of a command; default one block to 128k")
    private String commandBytes;

    @Option(names = "--size", paramLabel = "SIZE", defaultValue = "256m", converter = ByteSize.class,
            description = "how much of the namespace to use, from its start; default ${DEFAULT-VALUE}")
    private long windowBytes;

    @Option(names = "--fua-percent", paramLabel = "PERCENT", defaultValue = "10",
            description = "writes with Force Unit Access; default ${DEFAULT-VALUE}")
    private int fuaPercent;

    @Option(names = "--flush-every", paramLabel = "N", defaultValue = "100",
            description = "a Flush after so many writes of a queue, 0 for none; default ${DEFAULT-VALUE}")
    private int flushEvery;

    @Option(names = "--log-acknowledged", paramLabel = "FILE",
            description = "append every write that must survive to this file or pipe; then only reads, writes and"
                    + " flushes are sent, and losing the connection is no failure")
    private Path logFile;

    @Option(names = "--check", paramLabel = "FILE",
            description = "write nothing, but prove that the writes of such a file are there")
    private Path checkFile;

    @Mixin
    private QueueOptions queues;

    @Mixin
    private ControllerOptions controller;

    @Mixin
    private NamespaceOption namespace;

    @Mixin
    private OutputOptions output;

    @Mixin
    private LoggingOptions logging;

    @Override
    public Integer call() throws Exception {
        checkRange("--seconds", seconds, 1, 30 * 86_400);
        checkRange("--fua-percent", fuaPercent, 0, 100);
        checkRange("--flush-every", flushEvery, 0, Integer.MAX_VALUE);
        if (logFile != null && checkFile != null) {
            throw CommandFailure.usage("--check: not together with --log-acknowledged");
        }
        namespace.id();
        queues.depth();
        AcknowledgedLog.Promises promises = checkFile == null ? null : read(checkFile);
        try (HostSession session = HostSession.open(controller.address(), queues.loopCount())) {
            HostController remote = session.connect(controller, queues.count(), queues.size());
            RemoteNamespace blocks = HostSession.namespace(remote, namespace.id());
            VerifyReport report = promises != null ? new PromiseCheck(blocks, promises).run() : run(remote, blocks);
            output.print(spec.commandLine().getOut(), report.fields(), report::print);
            return report.exitCode();
        }
    }

    private VerifyReport run(HostController remote, RemoteNamespace blocks) throws IOException {
        long runSeed = seed != null ? seed : System.nanoTime() ^ ProcessHandle.current().pid() << 32;
        int block = blocks.blockSizeBytes();
        long[] range = range(block, remote.transferBytesMax());
        LoadLimits.check(remote, blocks, range[0], "--bs", queues);
        LoadLimits.check(remote, blocks, range[1], "--bs", queues);
        long window = Math.min(windowBytes / block, blocks.blockCount());
        long each = window / queues.count();
        if (each < range[1] / block * 2 || window > MAX_BLOCKS) {
            throw CommandFailure.usage("--size: " + windowBytes + " bytes; allowed here: from "
                    + ByteSize.format(range[1] * 2 * queues.count())
                    + " (two commands of the largest size for each queue) to "
                    + ByteSize.format(MAX_BLOCKS * block) + ", and no more than the namespace has");
        }
        boolean mayZero = logFile == null;
        VerifyJob job = new VerifyJob(runSeed, (int) (range[0] / block), (int) (range[1] / block), queues.depth(),
                fuaPercent, flushEvery, mayZero && has(remote, IdentifyController.ONCS_WRITE_ZEROES),
                mayZero ? deallocation(remote, blocks) : Deallocation.ABSENT);
        try (AcknowledgedLog log = logFile == null ? null : AcknowledgedLog.append(logFile, runSeed, block)) {
            return new VerifyRun(blocks, job, queues.count(), (int) each, seconds, log).run();
        } catch (IOException e) {
            throw CommandFailure.failed("--log-acknowledged: " + FileFailure.describe(e), e);
        } catch (UncheckedIOException e) {
            throw CommandFailure.failed("--log-acknowledged: " + FileFailure.describe(e.getCause()), e);
        }
    }

    private long[] range(int block, long transferBytesMax) {
        if (commandBytes == null) {
            return new long[] {block, Math.max(block, Math.min(128 << 10, transferBytesMax / block * block))};
        }
        String[] parts = commandBytes.split(":", 2);
        try {
            long least = ByteSize.parse(parts[0]);
            long most = parts.length == 1 ? least : ByteSize.parse(parts[1]);
            if (most < least) {
                throw new IllegalArgumentException("\"" + commandBytes
                        + "\" ends before it begins; allowed: LEAST:MOST");
            }
            return new long[] {least, most};
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--bs: " + e.getMessage());
        }
    }

    private static Deallocation deallocation(HostController remote, RemoteNamespace blocks) {
        if (!has(remote, IdentifyController.ONCS_DATASET_MANAGEMENT)) {
            return Deallocation.ABSENT;
        }
        int readBehaviour = blocks.identify().deallocateFeatures() & 0x7;
        return readBehaviour == IdentifyNamespace.DLFEAT_READS_ZEROES ? Deallocation.READS_ZEROES
                : Deallocation.UNDEFINED;
    }

    private static boolean has(HostController remote, int command) {
        return (remote.identify().optionalNvmCommands() & command) != 0;
    }

    private static AcknowledgedLog.Promises read(Path file) {
        try {
            return AcknowledgedLog.read(file);
        } catch (IOException e) {
            throw CommandFailure.usage("--check: " + FileFailure.describe(e));
        }
    }

    private static void checkRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw CommandFailure.usage(option + ": " + value + "; allowed: from " + min + " to " + max);
        }
    }
}
