package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A controller's connection fed with bytes by hand, and a receiver that asks for the data of opcode 1 at once. */
final class ControllerSession implements CapsuleReceiver {
    static final int WRITE = 0x01;
    /** Its data is asked for when the test says so. */
    static final int WRITE_WHEN_TOLD = 0x05;
    static final int QUEUE_SIZE = 4;
    private static final int READ = 0x02;
    private static final int SLOTS_MAX = 8;

    final ManualLoop loop = new ManualLoop();
    final TestStream output = new TestStream();
    final ControllerConnection connection;
    final List<String> events = new ArrayList<>();
    final DataBuffer[] lent = new DataBuffer[SLOTS_MAX];
    /** Slots of commands not yet answered, and what those that read want. */
    final List<Integer> outstanding = new ArrayList<>();
    final int[] readLengths = new int[SLOTS_MAX];
    CapsuleSender sender;
    CloseReason closeReason;
    int closedCount;
    int resumeCount;
    int lastSlot;

    ControllerSession(ControllerConnectionOptions options) {
        TransportAddress address = TransportAddress.tcp("127.0.0.1", 4420);
        connection = new ControllerConnection(loop, options, output, address, address, accepted -> {
            sender = accepted;
            sender.setQueueSize(QUEUE_SIZE, true);
            return this;
        });
        connection.setResumeListener(() -> resumeCount++);
    }

    /** Feeds bytes, in pieces of at most so many, and runs what follows. Returns how many were taken. */
    int feed(byte[] bytes, int pieceBytes) {
        int taken = 0;
        while (taken < bytes.length) {
            int count = Math.min(pieceBytes, bytes.length - taken);
            int from = taken;
            int[] now = new int[1];
            loop.run(() -> now[0] = connection.receive(MemorySegment.ofArray(bytes), from, count));
            taken += now[0];
            if (now[0] < count) {
                break;
            }
        }
        loop.runTasks();
        return taken;
    }

    int feed(byte[] bytes) {
        return feed(bytes, bytes.length);
    }

    /** The test is over. */
    void close() {
        loop.close();
    }

    void tick(long secondsLater) {
        loop.advance(secondsLater * 1_000_000_000L);
        loop.run(() -> connection.onTick(loop.nanoTime()));
        loop.runTasks();
    }

    void receiveData(int slot, int length) {
        lent[slot] = loop.buffers().take(length, BufferPool.Purpose.TRANSFER);
        loop.run(() -> sender.receiveData(slot, lent[slot], length));
        loop.runTasks();
    }

    void respond(int slot) {
        loop.run(() -> sender.respond(slot, null, 0, 0, 0, 0));
        loop.runTasks();
    }

    @Override
    public void onCommand(int slot, SubmissionQueueEntry command, long transferLength, boolean inCapsule,
            StatusCode transferFault) {
        lastSlot = slot;
        outstanding.add(slot);
        readLengths[slot] = command.opcode() == READ ? (int) transferLength : 0;
        events.add("command " + command.commandId() + " length " + transferLength
                + (inCapsule ? " in capsule" : "") + (transferFault != null ? " " + transferFault : ""));
        if (command.opcode() == WRITE && transferFault == null && transferLength > 0) {
            lent[slot] = loop.buffers().take((int) transferLength, BufferPool.Purpose.TRANSFER);
            sender.receiveData(slot, lent[slot], (int) transferLength);
        }
    }

    @Override
    public void onDataReceived(int slot) {
        events.add("data");
        giveBack(slot);
    }

    @Override
    public void onDataCorrupt(int slot) {
        events.add("corrupt");
        giveBack(slot);
    }

    @Override
    public void onClosed(CloseReason reason) {
        closeReason = reason;
        closedCount++;
        for (int i = 0; i < lent.length; i++) {
            if (lent[i] != null) {
                giveBack(i);
            }
        }
    }

    private void giveBack(int slot) {
        lent[slot].release();
        lent[slot] = null;
    }
}
