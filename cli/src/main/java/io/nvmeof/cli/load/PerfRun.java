package io.nvmeof.cli.load;

import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.Terminal;
import io.nvmeof.protocol.loop.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import me.tongfei.progressbar.ProgressBar;
import org.HdrHistogram.Histogram;

/** Lets the queues of a measurement run, and samples what they cost while they are measured. */
final class PerfRun {
    private static final long STEP_MILLIS = 250;
    /** Commands that are outstanding when the time is over have this long to complete. */
    private static final long GRACE_SECONDS = 60;

    private final List<PerfQueue> queues;
    private final PerfJob job;
    private final long commandBytes;
    private final Long targetPid;
    private final Set<EventLoop> loops = new LinkedHashSet<>();

    /** @param targetPid of the target on this machine, or {@code null} */
    PerfRun(List<PerfQueue> queues, PerfJob job, long commandBytes, Long targetPid) {
        this.queues = queues;
        this.job = job;
        this.commandBytes = commandBytes;
        this.targetPid = targetPid;
        queues.forEach(queue -> loops.add(queue.loop()));
    }

    private record Sample(long commands, long ownCpuNanos, long targetCpuNanos, long allocatedBytes) {}

    /** Runs warm-up and measurement; returns when every command has completed. */
    PerfReport run() {
        CompletableFuture<Void> done = CompletableFuture.allOf(
                queues.stream().map(PerfQueue::run).toArray(CompletableFuture<?>[]::new));
        Sample before;
        Sample after;
        try {
            long warmup = TimeUnit.NANOSECONDS.toMillis(job.warmupNanos());
            watch("warm-up", done, warmup);
            before = sample();
            watch("measure", done, TimeUnit.NANOSECONDS.toMillis(job.measureNanos()));
            after = sample();
            done.get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted");
        } catch (ExecutionException e) {
            throw CommandFailure.failed(e.getCause().getMessage(), e.getCause());
        } catch (CompletionException e) {
            throw CommandFailure.failed(e.getMessage(), e);
        } catch (TimeoutException e) {
            throw CommandFailure.failed("commands are still outstanding after " + GRACE_SECONDS
                    + " s; is the target stuck?");
        }
        Histogram reads = queues.getFirst().readNanos();
        Histogram writes = queues.getFirst().writeNanos();
        for (PerfQueue queue : queues.subList(1, queues.size())) {
            reads.add(queue.readNanos());
            writes.add(queue.writeNanos());
        }
        double commands = Math.max(1, after.commands - before.commands);
        return new PerfReport(job, commandBytes, reads, writes,
                (after.ownCpuNanos - before.ownCpuNanos) / commands / 1000,
                targetPid == null ? Double.NaN : (after.targetCpuNanos - before.targetCpuNanos) / commands / 1000,
                (after.allocatedBytes - before.allocatedBytes) / commands);
    }

    private Sample sample() {
        return new Sample(commands(), Meters.ownCpuNanos(), targetPid == null ? 0 : Meters.cpuNanos(targetPid),
                Meters.allocatedBytes(loops));
    }

    private long commands() {
        long sum = 0;
        for (PerfQueue queue : queues) {
            sum += queue.commandCount();
        }
        return sum;
    }

    private void watch(String task, CompletableFuture<Void> done, long millis)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long last = commands();
        try (ProgressBar bar = Terminal.seconds(task, millis / 1000)) {
            for (long left = millis; left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                try {
                    done.get(Math.min(left, STEP_MILLIS), TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    long now = commands();
                    double perSecond = (now - last) * 1000.0 / STEP_MILLIS;
                    last = now;
                    if (bar != null) {
                        bar.stepTo((millis - left) / 1000);
                        bar.setExtraMessage(Terminal.compact(perSecond) + " IOPS "
                                + ByteSize.format((long) perSecond * commandBytes) + "/s");
                    }
                }
            }
        }
    }
}
