package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A controller for the contract: a memory that can be read and written, and commands that make it misbehave. Everything
 * but the fields marked volatile belongs to its loop.
 */
public final class ContractController implements CapsuleReceiver {
    static final int CONNECT = 0x7F;
    static final int WRITE = 0x01;
    static final int READ = 0x02;
    /** Answers with the result in dwords 10 and 11 and the status field in dword 12. */
    static final int ECHO = 0x04;
    /** Answered when {@link #releaseHeld} says so. */
    static final int HOLD = 0x05;
    /** Answers with dword 10 bytes of what was asked for, successfully. */
    static final int READ_SHORT = 0x06;
    /** Answers a write successfully without having asked for the data. */
    static final int IGNORE_DATA = 0x09;
    /** Answers a write with an error without having asked for the data. */
    static final int REFUSE_DATA = 0x0D;
    /** Asks for the data of a write from a later task. */
    static final int WRITE_LATER = 0x11;
    /** Throws. */
    static final int THROW = 0x15;
    /** Answers, then closes the connection. */
    static final int GOODBYE = 0x19;
    /** Closes the connection as for a protocol error, unanswered. */
    static final int ABORT = 0x1D;

    static final int STORE_BYTES = 4 << 20;
    private static final int SLOTS_MAX = 256;

    private final CapsuleSender sender;
    private final MemorySegment store = Arena.ofAuto().allocate(STORE_BYTES, 8);
    private final DataBuffer[] lent = new DataBuffer[SLOTS_MAX];
    private final long[] at = new long[SLOTS_MAX];
    private final int[] length = new int[SLOTS_MAX];
    private final ArrayDeque<Integer> held = new ArrayDeque<>();
    private final List<StatusCode> faults = new ArrayList<>();
    private int sqHead;
    volatile int commandCount;
    volatile int heldCount;
    volatile int closedCount;
    volatile CloseReason closeReason;

    ContractController(CapsuleSender sender) {
        this.sender = sender;
    }

    EventLoop loop() {
        return sender.loop();
    }

    CapsuleSender sender() {
        return sender;
    }

    /** Answers what was held, in the order given by {@code reverse}; on the loop. */
    void releaseHeld(boolean reverse) {
        while (!held.isEmpty()) {
            int slot = reverse ? held.pollLast() : held.pollFirst();
            sender.respond(slot, null, 0, slot, nextHead(), 0);
        }
        heldCount = 0;
    }

    @Override
    public void onCommand(int slot, SubmissionQueueEntry command, long transferLength, boolean inCapsule,
            StatusCode transferFault) {
        commandCount++;
        if (transferFault != null) {
            faults.add(transferFault);
            sender.respond(slot, null, 0, 0, nextHead(), transferFault.field(true));
            return;
        }
        at[slot] = command.commandQword(10);
        length[slot] = (int) transferLength;
        switch (command.opcode()) {
            case CONNECT -> {
                sender.setQueueSize(command.commandDword(10), command.commandDword(11) != 0);
                sender.respond(slot, null, 0, 1, nextHead(), 0);
            }
            case WRITE -> receive(slot);
            case WRITE_LATER -> sender.loop().execute(() -> sender.loop().execute(() -> receive(slot)));
            case READ -> read(slot, length[slot]);
            case READ_SHORT -> read(slot, command.commandDword(12));
            case ECHO -> sender.respond(slot, null, 0, command.commandQword(10), nextHead(), command.commandDword(12));
            case HOLD -> {
                held.add(slot);
                heldCount++;
            }
            case IGNORE_DATA -> sender.respond(slot, null, 0, 0, nextHead(), 0);
            case REFUSE_DATA -> sender.respond(slot, null, 0, 0, nextHead(),
                    GenericStatus.INVALID_FIELD_IN_COMMAND.field(true));
            case GOODBYE -> {
                sender.respond(slot, null, 0, 0, nextHead(), 0);
                sender.close(CloseReason.of(CloseReason.Kind.LOCAL, "goodbye"));
            }
            case ABORT -> sender.close(CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR, "test"));
            case THROW -> throw new IllegalStateException("thrown by the contract's controller");
            default -> sender.respond(slot, null, 0, 0, nextHead(), GenericStatus.INVALID_OPCODE.field(true));
        }
    }

    @Override
    public void onDataReceived(int slot) {
        DataBuffer buffer = lent[slot];
        lent[slot] = null;
        MemorySegment.copy(buffer.segment(), 0, store, at[slot], length[slot]);
        buffer.release();
        sender.respond(slot, null, 0, 0, nextHead(), 0);
    }

    @Override
    public void onDataCorrupt(int slot) {
        lent[slot].release();
        lent[slot] = null;
        sender.respond(slot, null, 0, 0, nextHead(), GenericStatus.TRANSIENT_TRANSPORT_ERROR.field(false));
    }

    @Override
    public void onClosed(CloseReason reason) {
        for (int i = 0; i < lent.length; i++) {
            if (lent[i] != null) {
                lent[i].release();
                lent[i] = null;
            }
        }
        closeReason = reason;
        closedCount++;
    }

    private void receive(int slot) {
        if (closedCount == 0) {
            lent[slot] = sender.loop().buffers().take(length[slot], BufferPool.Purpose.IN_CAPSULE);
            sender.receiveData(slot, lent[slot], length[slot]);
        }
    }

    private void read(int slot, int bytes) {
        DataBuffer buffer = sender.loop().buffers().take(bytes, BufferPool.Purpose.IN_CAPSULE);
        MemorySegment.copy(store, at[slot], buffer.segment(), 0, bytes);
        sender.respond(slot, buffer, bytes, 0, nextHead(), 0);
    }

    private int nextHead() {
        return ++sqHead & 0x7FFF;
    }
}
