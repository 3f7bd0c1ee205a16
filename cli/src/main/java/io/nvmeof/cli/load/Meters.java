package io.nvmeof.cli.load;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.loop.EventLoop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** What a measurement costs: CPU time of processes, memory allocated on loops. */
final class Meters {
    /** USER_HZ, in which /proc counts, is 100 on every Linux that people run. */
    private static final long TICK_NANOS = 10_000_000;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private Meters() {}

    /** CPU time of this process in nanoseconds, in all its threads. */
    static long ownCpuNanos() {
        return SYSTEM.getProcessCpuTime();
    }

    /**
     * CPU time of another process in nanoseconds, in steps of 10 ms.
     *
     * @throws CommandFailure if there is no such process, or no /proc
     */
    static long cpuNanos(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            String text = Files.readString(stat);
            // The name of the process, in parentheses, may hold anything; state is the first field after it.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NANOS;
        } catch (IOException e) {
            throw CommandFailure.usage("--target-pid: " + pid + ": cannot read " + stat
                    + ": there is no such process here");
        }
    }

    /** Bytes that the threads of some loops have allocated so far. Must not be called on a loop. */
    static long allocatedBytes(Collection<EventLoop> loops) {
        long sum = 0;
        for (EventLoop loop : loops) {
            CompletableFuture<Long> bytes = new CompletableFuture<>();
            loop.execute(() -> bytes.complete(THREADS.getCurrentThreadAllocatedBytes()));
            sum += bytes.join();
        }
        return sum;
    }
}
