package io.nvmeof.cli.load;

import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.Terminal;
import io.nvmeof.initiator.RemoteNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import me.tongfei.progressbar.ProgressBar;

/** One verification on all queues: the mix of commands, then reading everything back. */
final class VerifyRun {
    private static final long STEP_MILLIS = 250;

    private final VerifyJob job;
    private final int seconds;
    private final AcknowledgedLog log;
    private final VerifyOutcome outcome = new VerifyOutcome();
    private final List<VerifyQueue> queues = new ArrayList<>();
    private final List<BlockLedger> regions = new ArrayList<>();

    /**
     * @param regionBlocks blocks of each queue's own part of the namespace
     * @param log where promises are written, or {@code null}
     */
    VerifyRun(RemoteNamespace namespace, VerifyJob job, int queueCount, int regionBlocks, int seconds,
            AcknowledgedLog log) {
        this.job = job;
        this.seconds = seconds;
        this.log = log;
        for (int i = 0; i < queueCount; i++) {
            queues.add(new VerifyQueue(namespace.queue(i), namespace, job, outcome, log));
            regions.add(new BlockLedger((long) i * regionBlocks, regionBlocks));
        }
    }

    VerifyReport run() {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < queues.size(); i++) {
            running.add(queues.get(i).run(regions.get(i), TimeUnit.SECONDS.toNanos(seconds)));
        }
        await("verify", running);
        if (outcome.finding() == null && log == null) {
            running.clear();
            for (int i = 0; i < queues.size(); i++) {
                running.add(queues.get(i).readBack(regions.get((i + 1) % regions.size())));
            }
            await("read back", running);
        }
        return report();
    }

    private VerifyReport report() {
        VerifyOutcome.Finding finding = outcome.finding();
        long known = 0;
        for (BlockLedger region : regions) {
            known += region.knownCount();
        }
        boolean cut = finding != null && finding.lost() != null && log != null;
        boolean right = finding == null || cut;
        String summary = log != null && right
                ? (cut ? "ended by the loss of the connection" : "done") + ", " + log.recordCount() + " writes promised"
                : right ? "verified, no error" : "verification FAILED";
        return new VerifyReport(right, summary, right ? null : finding.text(), job.seed(), commands(), bytes(),
                right && log == null ? known : 0);
    }

    private void await(String task, List<CompletableFuture<Void>> running) {
        CompletableFuture<Void> done = CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new));
        long started = System.nanoTime();
        long last = commands();
        try (ProgressBar bar = Terminal.seconds(task, seconds)) {
            while (true) {
                try {
                    done.get(STEP_MILLIS, TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    long now = commands();
                    if (bar != null) {
                        bar.stepTo(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started));
                        bar.setExtraMessage(Terminal.compact((now - last) * 1000.0 / STEP_MILLIS) + " IOPS, "
                                + ByteSize.format(bytes()) + " moved");
                    }
                    last = now;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private long commands() {
        return queues.stream().mapToLong(VerifyQueue::commandCount).sum();
    }

    private long bytes() {
        return queues.stream().mapToLong(VerifyQueue::byteCount).sum();
    }
}
