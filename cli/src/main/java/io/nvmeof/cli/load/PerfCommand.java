package io.nvmeof.cli.load;

import io.nvmeof.cli.host.ControllerOptions;
import io.nvmeof.cli.host.HostSession;
import io.nvmeof.cli.host.NamespaceOption;
import io.nvmeof.cli.host.QueueOptions;
import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.LoggingOptions;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nvmeof perf}. */
@Command(
        name = "perf",
        header = "measure IOPS, bandwidth and latency of a namespace",
        description = """
                  Connects to a subsystem, keeps commands outstanding on each I/O queue for some time, and
                  prints commands and bytes per second, percentiles of the time each command took, and
                  what it cost in CPU time and allocated memory. Writes overwrite what the namespace holds.

                BACKGROUND
                  --iodepth is how many commands each queue keeps outstanding: 1 measures latency, more
                  measure throughput. Each queue is a connection, driven by one thread (--loops).""",
        footer = """
                  4 KiB random reads, 32 at a time:
                    nvmeof perf -a 127.0.0.1
                  A mix on four queues for a minute, with the target's CPU time:
                    nvmeof perf -a 127.0.0.1 --rw randrw --rwmixread 70 --nr-io-queues 4 --runtime 60 \\
                        --target-pid 4711
                  Sequential writes of 128 KiB, for a program:
                    nvmeof perf -a 127.0.0.1 --rw write --bs 128k --iodepth 8 -o json""")
public final class PerfCommand implements Callable<Integer> {
    private static final int SECONDS_MAX = 86_400;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rw", paramLabel = "PATTERN", defaultValue = "randread",
            description = "randread, randwrite, randrw, read, write or rw; default ${DEFAULT-VALUE}")
    private Pattern pattern;

    @Option(names = "--rwmixread", paramLabel = "PERCENT", defaultValue = "50",
            description = "reads among the commands of randrw and rw; default ${DEFAULT-VALUE}")
    private int mixRead;

    @Option(names = "--bs", paramLabel = "SIZE", defaultValue = "4k", converter = ByteSize.class,
            description = "bytes of each command; default ${DEFAULT-VALUE}")
    private long commandBytes;

    @Option(names = "--runtime", paramLabel = "SECONDS", defaultValue = "10",
            description = "how long to measure; default ${DEFAULT-VALUE}")
    private int runtimeSeconds;

    @Option(names = "--warmup", paramLabel = "SECONDS", defaultValue = "2",
            description = "how long to run before that; default ${DEFAULT-VALUE}")
    private int warmupSeconds;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "seed of positions and data; default ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--target-pid", paramLabel = "PID",
            description = "process of the target on this machine: shows its CPU time too")
    private Long targetPid;

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

    /** Which commands, at which positions. */
    enum Pattern {
        /** Random Reads. */
        RANDREAD,
        /** Random Writes. */
        RANDWRITE,
        /** Random Reads and Writes. */
        RANDRW,
        /** Sequential Reads. */
        READ,
        /** Sequential Writes. */
        WRITE,
        /** Sequential Reads and Writes. */
        RW
    }

    @Override
    public Integer call() {
        checkRange("--runtime", runtimeSeconds, 1, SECONDS_MAX);
        checkRange("--warmup", warmupSeconds, 0, SECONDS_MAX);
        checkRange("--rwmixread", mixRead, 0, 100);
        namespace.id();
        int depth = queues.depth();
        if (targetPid != null) {
            Meters.cpuNanos(targetPid);
        }
        try (HostSession session = HostSession.open(controller.address(), queues.loopCount())) {
            HostController remote = session.connect(controller, queues.count(), queues.size());
            RemoteNamespace blocks = HostSession.namespace(remote, namespace.id());
            LoadLimits.check(remote, blocks, commandBytes, "--bs", queues);
            PerfJob job = new PerfJob(readPercent(), pattern.name().startsWith("RAND"),
                    (int) (commandBytes / blocks.blockSizeBytes()), depth, queues.count(), seed,
                    TimeUnit.SECONDS.toNanos(warmupSeconds), TimeUnit.SECONDS.toNanos(runtimeSeconds));
            List<PerfQueue> running = new ArrayList<>();
            for (int i = 0; i < queues.count(); i++) {
                running.add(new PerfQueue(blocks.queue(i), blocks, job));
            }
            PerfReport report = new PerfRun(running, job, commandBytes, targetPid).run();
            output.print(spec.commandLine().getOut(), report.fields(pattern.name().toLowerCase(java.util.Locale.ROOT)),
                    report::print);
        }
        return 0;
    }

    private int readPercent() {
        return switch (pattern) {
            case RANDREAD, READ -> 100;
            case RANDWRITE, WRITE -> 0;
            case RANDRW, RW -> mixRead;
        };
    }

    private static void checkRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw CommandFailure.usage(option + ": " + value + "; allowed: from " + min + " to " + max);
        }
    }
}
