package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A host side that keeps commands of random sizes outstanding and compares what it reads with what it wrote. Each
 * slot has a part of the storage for itself; a write there is followed by a read of the same bytes.
 */
final class WorkloadHost implements HostQueueReceiver {
    final CompletableFuture<CommandSender> connected = new CompletableFuture<>();
    final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    final CompletableFuture<Void> done = new CompletableFuture<>();
    final AtomicLong completed = new AtomicLong();
    private final SubmissionQueueEntry entry = new SubmissionQueueEntry();
    private final MemorySegment entryMemory = Arena.ofAuto().allocate(SubmissionQueueEntry.SIZE, Long.BYTES);
    private final Slot[] slots;
    private final int slotBytes;
    private final long commandCount;
    private final SplittableRandom random;
    private final boolean readOnly;
    private final boolean fixedSize;
    private CommandSender sender;
    private long issued;
    private int outstanding;

    WorkloadHost(int depth, int slotBytes, long commandCount, long seed) {
        this(depth, slotBytes, commandCount, seed, false, false);
    }

    WorkloadHost(int depth, int slotBytes, long commandCount, long seed, boolean readOnly, boolean fixedSize) {
        this.slotBytes = slotBytes;
        this.commandCount = commandCount;
        this.random = new SplittableRandom(seed);
        this.readOnly = readOnly;
        this.fixedSize = fixedSize;
        slots = new Slot[depth];
        for (int i = 0; i < depth; i++) {
            slots[i] = new Slot(i);
        }
        entry.wrap(entryMemory, 0);
    }

    @Override
    public void onConnected(CommandSender connectedSender) {
        sender = connectedSender;
        connected.complete(sender);
    }

    /** Begins to issue commands; on the loop. */
    void begin() {
        issued = 0;
        for (Slot slot : slots) {
            issue(slot);
        }
    }

    @Override
    public void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact) {
        outstanding--;
        Slot slot = slots[commandId];
        if (completion.statusField() != 0 || !dataIntact) {
            done.completeExceptionally(new AssertionError(completion + " intact " + dataIntact));
            return;
        }
        if (!slot.writing && !readOnly
                && MemorySegment.mismatch(slot.written, 0, slot.length, slot.read, 0, slot.length) >= 0) {
            done.completeExceptionally(new AssertionError("read something else than was written, slot " + commandId));
            return;
        }
        completed.lazySet(completed.get() + 1);
        slot.writing = !slot.writing;
        issue(slot);
    }

    @Override
    public void onClosed(CloseReason reason) {
        closed.complete(reason);
        done.completeExceptionally(new AssertionError("closed: " + reason));
    }

    private void issue(Slot slot) {
        if (issued == commandCount) {
            if (outstanding == 0) {
                done.complete(null);
            }
            return;
        }
        issued++;
        outstanding++;
        if (slot.writing || slot.length == 0) {
            slot.length = fixedSize ? slotBytes : 4 * (1 + random.nextInt(slotBytes / 4));
        }
        boolean writing = slot.writing && !readOnly;
        if (writing) {
            long seed = random.nextLong();
            for (int i = 0; i + 8 <= slot.length; i += 512) {
                slot.written.set(ValueLayout.JAVA_LONG_UNALIGNED, i, seed + i);
            }
        }
        entry.clear().opcode(writing ? MemoryController.WRITE : MemoryController.READ).commandId(slot.index)
                .commandQword(10, (long) slot.index * slotBytes);
        sender.send(entry, writing ? CommandSender.Direction.HOST_TO_CONTROLLER
                : CommandSender.Direction.CONTROLLER_TO_HOST, writing ? slot.written : slot.read, 0, slot.length);
    }

    private final class Slot {
        private final int index;
        private final MemorySegment written;
        private final MemorySegment read;
        private int length;
        private boolean writing = true;

        private Slot(int index) {
            this.index = index;
            this.written = Arena.ofAuto().allocate(slotBytes, 4096);
            this.read = Arena.ofAuto().allocate(slotBytes, 4096);
        }
    }
}
