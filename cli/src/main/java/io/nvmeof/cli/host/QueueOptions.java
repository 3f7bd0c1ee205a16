package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import picocli.CommandLine.Option;

/** Options of commands that load a namespace through several queues. */
public final class QueueOptions {
    private static final int QUEUES_MAX = 128;
    private static final int QUEUE_SIZE_MAX = 1024;

    @Option(names = {"-i", "--nr-io-queues"}, paramLabel = "N", defaultValue = "1",
            description = "I/O queues, each a connection of its own; default ${DEFAULT-VALUE}")
    private int count;

    @Option(names = {"-Q", "--queue-size"}, paramLabel = "N", defaultValue = "128",
            description = "entries of each queue; default ${DEFAULT-VALUE}")
    private int size;

    @Option(names = {"--iodepth", "--queue-depth"}, paramLabel = "N", defaultValue = "32",
            description = "commands outstanding on each queue; default ${DEFAULT-VALUE}")
    private int depth;

    @Option(names = "--loops", paramLabel = "N", defaultValue = "0",
            description = "threads that drive the queues; default one for each queue, at most one for each core")
    private int loops;

    /** How many I/O queues. */
    public int count() {
        return check("--nr-io-queues", count, 1, QUEUES_MAX);
    }

    /** Entries of each queue, enough for the depth. */
    public int size() {
        check("--queue-size", size, 2, QUEUE_SIZE_MAX);
        return Math.max(size, Math.min(QUEUE_SIZE_MAX, depth() + 1));
    }

    /** Commands outstanding on each queue. */
    public int depth() {
        return check("--iodepth", depth, 1, QUEUE_SIZE_MAX - 1);
    }

    /** Threads. */
    public int loopCount() {
        return loops != 0 ? check("--loops", loops, 1, QUEUES_MAX)
                : Math.min(count(), Runtime.getRuntime().availableProcessors());
    }

    private static int check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw CommandFailure.usage(name + ": " + value + "; allowed: from " + min + " to " + max);
        }
        return value;
    }
}
