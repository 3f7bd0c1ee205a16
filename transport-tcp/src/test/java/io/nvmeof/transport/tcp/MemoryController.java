package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.BufferWaiter;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/** A controller side without NVMe: opcode 1 writes and 2 reads memory, at the byte in command dwords 10 and 11. */
final class MemoryController implements CapsuleReceiver {
    static final int WRITE = 1;
    static final int READ = 2;
    static final int FLOW_CONTROL_OFF_SQ_HEAD = 0xFFFF;

    final CapsuleSender sender;
    final MemorySegment storage;
    final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    private final Slot[] slots;

    MemoryController(CapsuleSender sender, int storageBytes, int slotCount) {
        this.sender = sender;
        this.storage = Arena.ofAuto().allocate(storageBytes, BufferPool.ALIGNMENT_BYTES);
        this.slots = new Slot[slotCount];
        for (int i = 0; i < slotCount; i++) {
            slots[i] = new Slot(i);
        }
        sender.setQueueSize(slotCount, false);
    }

    @Override
    public void onCommand(int slot, SubmissionQueueEntry command, long transferLength, boolean inCapsule,
            StatusCode transferFault) {
        if (transferFault != null) {
            throw new AssertionError("transfer fault " + transferFault);
        }
        slots[slot].begin(command.opcode(), command.commandQword(10), (int) transferLength, inCapsule);
    }

    @Override
    public void onDataReceived(int slot) {
        slots[slot].onData();
    }

    @Override
    public void onDataCorrupt(int slot) {
        throw new AssertionError("corrupt data");
    }

    @Override
    public void onClosed(CloseReason reason) {
        for (Slot slot : slots) {
            slot.end();
        }
        closed.complete(reason);
    }

    private final class Slot implements BufferWaiter {
        private final int index;
        private int opcode;
        private long offset;
        private int length;
        private BufferPool.Purpose purpose;
        private DataBuffer buffer;
        private boolean waiting;

        private Slot(int index) {
            this.index = index;
        }

        private void begin(int opcode, long offset, int length, boolean inCapsule) {
            this.opcode = opcode;
            this.offset = offset;
            this.length = length;
            purpose = inCapsule ? BufferPool.Purpose.IN_CAPSULE : BufferPool.Purpose.TRANSFER;
            if (!onBufferAvailable()) {
                waiting = true;
                sender.loop().buffers().await(this, purpose);
            }
        }

        @Override
        public boolean onBufferAvailable() {
            DataBuffer taken = sender.loop().buffers().take(length, purpose);
            if (taken == null) {
                return false;
            }
            waiting = false;
            if (opcode == WRITE) {
                buffer = taken;
                sender.receiveData(index, taken, length);
            } else {
                MemorySegment.copy(storage, offset, taken.segment(), 0, length);
                sender.respond(index, taken, length, 0, FLOW_CONTROL_OFF_SQ_HEAD, 0);
            }
            return true;
        }

        private void onData() {
            MemorySegment.copy(buffer.segment(), 0, storage, offset, length);
            buffer.release();
            buffer = null;
            sender.respond(index, null, 0, 0, FLOW_CONTROL_OFF_SQ_HEAD, 0);
        }

        private void end() {
            if (waiting) {
                waiting = false;
                sender.loop().buffers().cancel(this);
            }
            if (buffer != null) {
                buffer.release();
                buffer = null;
            }
        }
    }
}
