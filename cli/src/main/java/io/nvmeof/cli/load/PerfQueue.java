package io.nvmeof.cli.load;

import io.nvmeof.initiator.CommandCallback;
import io.nvmeof.initiator.IoQueue;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * One queue's part of a measurement: keeps its depth of commands outstanding and records how long each took. Lives on
 * the queue's loop; nothing is allocated for a command.
 */
final class PerfQueue {
    private static final long LATENCY_NANOS_MAX = 100_000_000_000L;
    private static final int LATENCY_DIGITS = 3;

    private final IoQueue queue;
    private final EventLoop loop;
    private final RemoteNamespace namespace;
    private final PerfJob job;
    private final MemorySegment memory;
    private final SplittableRandom random;
    private final long placeCount;
    private final Histogram readNanos = new Histogram(LATENCY_NANOS_MAX, LATENCY_DIGITS);
    private final Histogram writeNanos = new Histogram(LATENCY_NANOS_MAX, LATENCY_DIGITS);
    private final AtomicLong commandCount = new AtomicLong();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long nextPlace;
    private long measureFromNanos;
    private long endNanos;
    private int outstanding;
    private String failure;

    PerfQueue(IoQueue queue, RemoteNamespace namespace, PerfJob job) {
        this.queue = queue;
        this.loop = queue.loop();
        this.namespace = namespace;
        this.job = job;
        this.random = new SplittableRandom(job.seed() + queue.index());
        this.placeCount = namespace.blockCount() / job.blocks();
        this.nextPlace = placeCount / job.queueCount() * queue.index();
        long commandBytes = (long) job.blocks() * namespace.blockSizeBytes();
        this.memory = Arena.ofAuto().allocate(commandBytes * job.depth(), 4096);
        for (long at = 0; at < memory.byteSize(); at += Long.BYTES) {
            memory.set(ValueLayout.JAVA_LONG, at, random.nextLong());
        }
    }

    EventLoop loop() {
        return loop;
    }

    /** Commands that have completed, warm-up included; any thread may ask. */
    long commandCount() {
        return commandCount.getOpaque();
    }

    /** Begins; completes when the time is over and nothing is outstanding, or fails. Any thread may call. */
    CompletableFuture<Void> run() {
        loop.execute(() -> {
            long now = loop.nanoTime();
            measureFromNanos = now + job.warmupNanos();
            endNanos = measureFromNanos + job.measureNanos();
            for (int i = 0; i < job.depth(); i++) {
                new Slot((long) i * job.blocks() * namespace.blockSizeBytes()).submit(now);
            }
            endIfIdle();
        });
        return done;
    }

    /** How long Reads took, in nanoseconds; to be asked when {@link #run} has completed. */
    Histogram readNanos() {
        return readNanos;
    }

    /** How long Writes took, in nanoseconds; to be asked when {@link #run} has completed. */
    Histogram writeNanos() {
        return writeNanos;
    }

    private long place() {
        if (job.random()) {
            return random.nextLong(placeCount);
        }
        long place = nextPlace;
        nextPlace = place + 1 < placeCount ? place + 1 : 0;
        return place;
    }

    private void endIfIdle() {
        if (outstanding == 0 && !done.isDone()) {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(new IllegalStateException(failure));
            }
        }
    }

    private final class Slot implements CommandCallback {
        private final long offset;
        private boolean read;
        private long startNanos;

        private Slot(long offset) {
            this.offset = offset;
        }

        private void submit(long now) {
            startNanos = now;
            read = job.readPercent() == 100 || job.readPercent() > 0 && random.nextInt(100) < job.readPercent();
            long block = place() * job.blocks();
            boolean taken = read ? queue.read(namespace, block, job.blocks(), memory, offset, this)
                    : queue.write(namespace, block, job.blocks(), memory, offset, false, this);
            if (taken) {
                outstanding++;
            } else if (failure == null) {
                failure = "the queue takes no more commands";
            }
        }

        @Override
        public void onComplete(StatusCode status, long result) {
            outstanding--;
            long now = loop.nanoTime();
            commandCount.setOpaque(commandCount.getPlain() + 1);
            if (!status.successful() && failure == null) {
                failure = (read ? "Read" : "Write") + " ended with: " + status.description();
            }
            if (now - measureFromNanos >= 0 && now - endNanos < 0) {
                (read ? readNanos : writeNanos).recordValue(Math.min(now - startNanos, LATENCY_NANOS_MAX));
            }
            if (failure == null && now - endNanos < 0) {
                submit(now);
            }
            endIfIdle();
        }

        @Override
        public void onConnectionLost(CloseReason reason) {
            outstanding--;
            if (failure == null) {
                failure = "connection lost: " + reason.message();
            }
            endIfIdle();
        }
    }
}
