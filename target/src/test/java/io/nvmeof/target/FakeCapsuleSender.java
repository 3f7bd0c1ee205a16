package io.nvmeof.target;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.QueueLimits;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The transport's side of a connection that a test plays: commands go in as entries, responses are kept. It holds the
 * target to its side of the contract: a slot is responded to once, and never while the transport has its buffer.
 */
public final class FakeCapsuleSender implements CapsuleSender {
    /** A command's end. */
    public record Response(int slot, int commandId, int statusField, long result, int sqHead, byte[] data) {
        public StatusCode status() {
            return StatusCode.ofField(statusField);
        }

        public boolean doNotRetry() {
            return StatusCode.doNotRetry(statusField);
        }
    }

    /** Answers the target instead, where the lists and maps of this fake would be in the way. */
    public interface Replacement {
        void onReceiveData(int slot, DataBuffer into, int length);

        void onRespond(int slot, DataBuffer data, int length, long result, int sqHead, int statusField);
    }

    private record Slot(int commandId, byte[] hostData) {}

    private record Wanted(DataBuffer into, int length) {}

    private final ManualLoop loop;
    private final QueueLimits limits;
    private final Map<Integer, Slot> slots = new HashMap<>();
    private final Map<Integer, Wanted> wanted = new HashMap<>();
    private final List<Response> responses = new ArrayList<>();
    private CapsuleReceiver receiver;
    private Replacement replacement;
    private int slotCount = 1;
    private boolean flowControlDisabled;
    private boolean holdData;
    private boolean closed;
    private CloseReason closeReason;

    FakeCapsuleSender(ManualLoop loop, TransportAddress local, TransportAddress peer) {
        this.loop = loop;
        this.limits = new QueueLimits(8192, 1 << 20, local, peer);
    }

    void attach(CapsuleReceiver receiver) {
        this.receiver = receiver;
    }

    boolean attached() {
        return receiver != null;
    }

    // ---- The test's side

    /** The target's side. */
    public CapsuleReceiver receiver() {
        return receiver;
    }

    /** Lets something else answer the target from now on. */
    public void replaceWith(Replacement replacement) {
        this.replacement = replacement;
    }

    /** Keeps the host's data back until {@link #deliverData}; without it, it comes at once when asked for. */
    public void holdData(boolean hold) {
        holdData = hold;
    }

    /** Sends a command; {@code hostData} is what a write would carry, or {@code null}. Returns its slot. */
    public int submit(MemorySegment entry, byte[] hostData, long transferLength, boolean inCapsule,
            StatusCode transferFault) {
        int slot = 0;
        while (slots.containsKey(slot)) {
            slot++;
        }
        if (slot >= slotCount) {
            throw new AssertionError("a host would have exceeded its " + slotCount + " slots");
        }
        SubmissionQueueEntry command = new SubmissionQueueEntry().wrap(entry, 0);
        slots.put(slot, new Slot(command.commandId(), hostData));
        int chosen = slot;
        loop.run(() -> receiver.onCommand(chosen, command, transferLength, inCapsule, transferFault));
        return slot;
    }

    /** Gives the target the data it waits for. */
    public void deliverData(int slot) {
        Wanted want = wanted.remove(slot);
        MemorySegment.copy(slots.get(slot).hostData(), 0, want.into().segment(), ValueLayout.JAVA_BYTE, 0,
                want.length());
        loop.run(() -> receiver.onDataReceived(slot));
    }

    /** Tells the target that the data it waits for came damaged. */
    public void corruptData(int slot) {
        wanted.remove(slot);
        loop.run(() -> receiver.onDataCorrupt(slot));
    }

    /** Whether the target waits for the data of this slot. */
    public boolean wantsData(int slot) {
        return wanted.containsKey(slot);
    }

    /** The connection breaks. */
    public void breakConnection(CloseReason.Kind kind) {
        if (!closed) {
            closed = true;
            closeReason = CloseReason.of(kind, "broken by the test");
            wanted.clear();
            loop.run(() -> receiver.onClosed(closeReason));
        }
    }

    /** The responses so far that were not taken. */
    public List<Response> responses() {
        return responses;
    }

    /** The response of a command, taken out, or {@code null}. */
    public Response takeResponse(int commandId) {
        for (Response response : responses) {
            if (response.commandId() == commandId) {
                responses.remove(response);
                return response;
            }
        }
        return null;
    }

    public boolean closed() {
        return closed;
    }

    public CloseReason closeReason() {
        return closeReason;
    }

    public int slotCount() {
        return slotCount;
    }

    public boolean flowControlDisabled() {
        return flowControlDisabled;
    }

    // ---- The target's side

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public QueueLimits limits() {
        return limits;
    }

    @Override
    public void setQueueSize(int slotCount, boolean flowControlDisabled) {
        this.slotCount = slotCount;
        this.flowControlDisabled = flowControlDisabled;
    }

    @Override
    public void receiveData(int slot, DataBuffer into, int length) {
        if (replacement != null) {
            replacement.onReceiveData(slot, into, length);
            return;
        }
        if (closed) {
            return;
        }
        if (!slots.containsKey(slot) || wanted.containsKey(slot)) {
            throw new AssertionError("data asked for slot " + slot + " out of turn");
        }
        if (length > into.capacity() || slots.get(slot).hostData() == null) {
            throw new AssertionError("data asked for that a host would not send");
        }
        wanted.put(slot, new Wanted(into, length));
        if (!holdData) {
            loop.execute(() -> {
                if (!closed && wanted.containsKey(slot)) {
                    deliverData(slot);
                }
            });
        }
    }

    @Override
    public void respond(int slot, DataBuffer data, int length, long result, int sqHead, int statusField) {
        if (replacement != null) {
            replacement.onRespond(slot, data, length, result, sqHead, statusField);
            return;
        }
        byte[] bytes = new byte[0];
        if (data != null) {
            bytes = data.segment().asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            data.release();
        }
        if (closed) {
            return;
        }
        Slot used = slots.remove(slot);
        if (used == null) {
            throw new AssertionError("slot " + slot + " was responded to twice");
        }
        if (wanted.containsKey(slot)) {
            throw new AssertionError("slot " + slot + " was responded to while its data is on the way");
        }
        responses.add(new Response(slot, used.commandId(), statusField, result, sqHead, bytes));
    }

    @Override
    public void close(CloseReason reason) {
        if (closed || closeReason != null) {
            return;
        }
        closeReason = reason;
        loop.execute(() -> {
            if (!closed) {
                closed = true;
                wanted.clear();
                receiver.onClosed(reason);
            }
        });
    }
}
