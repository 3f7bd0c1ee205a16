package io.nvmeof.cli.load;

import io.nvmeof.cli.load.VerifyJob.Deallocation;
import io.nvmeof.initiator.CommandCallback;
import io.nvmeof.initiator.IoQueue;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One queue's part of a verification: keeps its depth of commands outstanding on a region of its own, checks what it
 * reads against the region's ledger, and reads the region of another queue back at the end. Lives on the queue's loop.
 */
final class VerifyQueue {
    private static final int PLACE_ATTEMPTS = 8;
    private static final int READ_PERCENT = 45;
    private static final int ZERO_PERCENT = 5;

    private final IoQueue queue;
    private final RemoteNamespace namespace;
    private final VerifyJob job;
    private final VerifyOutcome outcome;
    private final AcknowledgedLog log;
    private final BlockPattern pattern;
    private final SplittableRandom random;
    private final Slot[] slots;
    private final ArrayDeque<Slot> idle = new ArrayDeque<>();
    private final AtomicLong commandCount = new AtomicLong();
    private final AtomicLong byteCount = new AtomicLong();
    private List<Slot.Write> acknowledged = new ArrayList<>();
    private BlockLedger region;
    private CompletableFuture<Void> done;
    private long endNanos;
    private long nextBackBlock;
    private boolean readingBack;
    private boolean retryQueued;
    private int outstanding;
    private int generation;
    private int writesSinceFlush;

    /** @param log where promises are written, or {@code null} */
    VerifyQueue(IoQueue queue, RemoteNamespace namespace, VerifyJob job, VerifyOutcome outcome, AcknowledgedLog log) {
        this.queue = queue;
        this.namespace = namespace;
        this.job = job;
        this.outcome = outcome;
        this.log = log;
        this.pattern = new BlockPattern(job.seed(), namespace.blockSizeBytes());
        this.random = new SplittableRandom(job.seed() + queue.index());
        this.slots = new Slot[job.depth()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(Arena.ofAuto().allocate((long) job.blocksMax() * namespace.blockSizeBytes(), 4096));
        }
    }

    /** Commands that have completed; any thread may ask. */
    long commandCount() {
        return commandCount.getOpaque();
    }

    /** Bytes read and written by them; any thread may ask. */
    long byteCount() {
        return byteCount.getOpaque();
    }

    /** Mixes commands on a region for some time; completes when none is outstanding any more. Any thread may call. */
    CompletableFuture<Void> run(BlockLedger ledger, long durationNanos) {
        return begin(ledger, false, durationNanos);
    }

    /** Reads a whole region and checks it; completes when none is outstanding any more. Any thread may call. */
    CompletableFuture<Void> readBack(BlockLedger ledger) {
        return begin(ledger, true, Long.MAX_VALUE / 2);
    }

    private CompletableFuture<Void> begin(BlockLedger ledger, boolean back, long durationNanos) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        queue.loop().execute(() -> {
            region = ledger;
            readingBack = back;
            nextBackBlock = ledger.firstBlock();
            endNanos = queue.loop().nanoTime() + durationNanos;
            done = future;
            idle.clear();
            idle.addAll(List.of(slots));
            submitIdle();
        });
        return future;
    }

    private boolean over() {
        return outcome.stopped() || queue.loop().nanoTime() - endNanos >= 0
                || readingBack && nextBackBlock >= region.firstBlock() + region.blockCount();
    }

    /** Gives work to every slot that has none and can have some now. */
    private void submitIdle() {
        for (int n = idle.size(); n > 0 && !over(); n--) {
            Slot slot = idle.poll();
            if (!submit(slot)) {
                idle.add(slot);
            }
        }
        if (outstanding == 0) {
            if (over()) {
                done.complete(null);
            } else if (!queue.isOpen()) {
                outcome.lost(CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR, "the queue is closed"));
                done.complete(null);
            } else if (!retryQueued) {
                retryQueued = true;
                queue.loop().execute(this::retry);
            }
        }
    }

    private void retry() {
        retryQueued = false;
        submitIdle();
    }

    private boolean submit(Slot slot) {
        boolean submitted = readingBack ? slot.readBack()
                : job.flushEvery() > 0 && writesSinceFlush >= job.flushEvery() ? slot.flush() : slot.any();
        if (submitted) {
            outstanding++;
        }
        return submitted;
    }

    private enum Kind { READ, WRITE, ZEROES, DEALLOCATE, FLUSH }

    /** A command at a time. */
    private final class Slot implements CommandCallback {
        private final MemorySegment memory;
        private Kind kind;
        private long block;
        private int count;
        private int slotGeneration;
        private boolean forceUnitAccess;
        private List<Write> covered;

        private record Write(long block, int count, int generation) {}

        private Slot(MemorySegment memory) {
            this.memory = memory;
        }

        private boolean any() {
            int draw = random.nextInt(100);
            boolean mayZero = job.zeroes();
            boolean mayDeallocate = job.deallocation() != Deallocation.ABSENT;
            kind = draw < READ_PERCENT ? Kind.READ
                    : mayZero && draw < READ_PERCENT + ZERO_PERCENT ? Kind.ZEROES
                    : mayDeallocate && draw >= 100 - ZERO_PERCENT ? Kind.DEALLOCATE : Kind.WRITE;
            for (int i = 0; i < PLACE_ATTEMPTS; i++) {
                count = random.nextInt(job.blocksMin(), job.blocksMax() + 1);
                block = region.firstBlock() + random.nextLong(region.blockCount() - count + 1);
                if (kind == Kind.READ ? region.tryRead(block, count) : region.tryChange(block, count)) {
                    return send();
                }
            }
            return false;
        }

        private boolean readBack() {
            kind = Kind.READ;
            block = nextBackBlock;
            count = (int) Math.min(job.blocksMax(), region.firstBlock() + region.blockCount() - block);
            if (!region.tryRead(block, count) || !send()) {
                return false;
            }
            nextBackBlock += count;
            return true;
        }

        private boolean flush() {
            kind = Kind.FLUSH;
            count = 0;
            covered = acknowledged;
            if (!queue.flush(namespace, this)) {
                return false;
            }
            acknowledged = new ArrayList<>();
            writesSinceFlush = 0;
            return true;
        }

        /** Sends what has been chosen; the blocks are marked, and are unmarked again if the queue takes nothing. */
        private boolean send() {
            boolean sent = switch (kind) {
                case READ -> queue.read(namespace, block, count, memory, 0, this);
                case WRITE -> {
                    slotGeneration = ++generation;
                    forceUnitAccess = random.nextInt(100) < job.fuaPercent();
                    for (int i = 0; i < count; i++) {
                        pattern.write(memory, (long) i * pattern.blockSizeBytes(), block + i, slotGeneration);
                    }
                    yield queue.write(namespace, block, count, memory, 0, forceUnitAccess, this);
                }
                case ZEROES -> queue.writeZeroes(namespace, block, count, random.nextBoolean(), this);
                case DEALLOCATE -> queue.deallocate(namespace, block, count, this);
                case FLUSH -> throw new IllegalStateException("a flush has no blocks");
            };
            if (!sent && kind == Kind.READ) {
                region.endRead(block, count);
            } else if (!sent) {
                region.keepUnchanged(block, count);
            }
            return sent;
        }

        @Override
        public void onComplete(StatusCode status, long result) {
            outstanding--;
            commandCount.setOpaque(commandCount.getPlain() + 1);
            if (!status.successful()) {
                outcome.wrong(describe() + " ended with: " + status.description());
                forget();
            } else {
                finish();
            }
            idle.add(this);
            submitIdle();
        }

        @Override
        public void onConnectionLost(CloseReason reason) {
            outstanding--;
            outcome.lost(reason);
            forget();
            idle.add(this);
            submitIdle();
        }

        private void finish() {
            if (kind == Kind.READ || kind == Kind.WRITE) {
                byteCount.setOpaque(byteCount.getPlain() + (long) count * pattern.blockSizeBytes());
            }
            switch (kind) {
                case READ -> {
                    check();
                    region.endRead(block, count);
                }
                case WRITE -> {
                    region.endChange(block, count, slotGeneration);
                    writesSinceFlush++;
                    promise();
                }
                case ZEROES -> region.endChange(block, count, BlockLedger.ZEROES);
                case DEALLOCATE -> region.endChange(block, count,
                        job.deallocation() == Deallocation.READS_ZEROES ? BlockLedger.ZEROES : BlockLedger.UNKNOWN);
                case FLUSH -> {
                    for (int i = 0; log != null && i < covered.size(); i++) {
                        record(covered.get(i));
                    }
                    covered = null;
                }
            }
        }

        private void promise() {
            if (log == null) {
                return;
            }
            Write write = new Write(block, count, slotGeneration);
            if (forceUnitAccess) {
                record(write);
            } else {
                acknowledged.add(write);
            }
        }

        /** A promise that cannot be written down ends the run: the file would claim less than the target promised. */
        private void record(Write write) {
            try {
                log.kept(write.block, write.count, write.generation);
            } catch (UncheckedIOException e) {
                outcome.wrong(e.getMessage() + ": " + e.getCause().getMessage());
            }
        }

        /** The command failed, or nobody knows: its blocks may hold the old data, the new, or some of both. */
        private void forget() {
            if (kind == Kind.READ) {
                region.endRead(block, count);
            } else if (kind != Kind.FLUSH) {
                region.endChange(block, count, BlockLedger.UNKNOWN);
            }
        }

        private void check() {
            for (int i = 0; i < count; i++) {
                int expected = region.generation(block + i);
                long offset = (long) i * pattern.blockSizeBytes();
                boolean right = expected == BlockLedger.UNKNOWN
                        || (expected == BlockLedger.ZEROES ? pattern.isZero(memory, offset)
                                : pattern.matches(memory, offset, block + i, expected));
                if (!right) {
                    outcome.wrong(describe() + ": " + pattern.explain(memory, offset, block + i, expected));
                    return;
                }
            }
        }

        private String describe() {
            return kind == Kind.FLUSH ? "Flush on I/O queue " + (queue.index() + 1)
                    : kind + " of blocks " + block + " to " + (block + count - 1) + " on I/O queue "
                            + (queue.index() + 1);
        }
    }
}
