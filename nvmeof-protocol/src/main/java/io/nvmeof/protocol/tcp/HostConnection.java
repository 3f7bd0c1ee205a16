package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.QueueLimits;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportSecurity;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * The host's end of an NVMe/TCP connection: sends command capsules, answers R2Ts, puts the controller's data where the
 * command wants it, and hands out completions (NVMe/TCP Transport 1.1, 3).
 *
 * <p>Data must come in order and without gaps. A successful completion of a command whose data has not moved completely
 * is handed out as not intact: the controller claims what cannot be. Data for a command that has completed ends the
 * connection and is written nowhere.
 */
public final class HostConnection extends PduConnection implements CommandSender {
    private static final int RESPONSE_CID_OFFSET = CapsuleRespPdu.CQE_OFFSET + 12;
    private static final int ONE_R2T = 0;
    private static final int FLOW_CONTROL_DISABLED_SQ_HEAD = 0xFFFF;
    private static final int STATUS_MASK = 0x7FF << 1;
    private static final int DATA_BYTES_MAX = 1 << 30;

    private final HostQueueOptions queue;
    private final HostConnectionOptions options;
    private final TransportAddress peer;
    private final Optional<TransportSecurity> security;
    private final HostQueueReceiver receiver;
    private final HostSlot[] slots;
    private final long startedNanos;
    private final IcRespPdu icResp = new IcRespPdu();
    private final TermReqPdu termReq = new TermReqPdu();
    private final C2hDataPdu c2hData = new C2hDataPdu();
    private final R2tPdu r2t = new R2tPdu();
    private final CompletionQueueEntry completion = new CompletionQueueEntry();
    private final MemorySegment successEntry = Arena.ofAuto().allocate(CompletionQueueEntry.SIZE, Long.BYTES);

    private boolean connected;
    private int inCapsuleBytesMax = QueueLimits.ADMIN_IN_CAPSULE_DATA_BYTES;
    private int maxH2cDataBytes;
    /** The command whose data the PDU in progress carries, and the PDU's SUCCESS flag. */
    private HostSlot current;
    private boolean currentSuccess;
    private HostSlot firstToSend;
    private HostSlot lastToSend;

    /** A connection that sends nothing before {@link #start}. */
    public HostConnection(EventLoop loop, HostQueueOptions queue, HostConnectionOptions options,
            ByteStreamOutput output, TransportAddress peer, HostQueueReceiver receiver) {
        this(loop, queue, options, output, peer, Optional.empty(), receiver);
    }

    /**
     * A connection over a secure channel, which sends nothing before {@link #start}.
     *
     * @param security what the channel proved, or empty if it is a plain one
     */
    public HostConnection(EventLoop loop, HostQueueOptions queue, HostConnectionOptions options,
            ByteStreamOutput output, TransportAddress peer, Optional<TransportSecurity> security,
            HostQueueReceiver receiver) {
        super(loop, output, true, options.stallTimeoutNanos());
        this.queue = queue;
        this.options = options;
        this.peer = peer;
        this.security = security;
        this.receiver = receiver;
        this.slots = new HostSlot[queue.slotCount()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new HostSlot(i);
        }
        this.startedNanos = tickNanos;
    }

    /** The stream is there: begins the initialize connection exchange. */
    public void start() {
        if (!closed()) {
            writer.icReq(options.pduDataAlignment(), digests(), ONE_R2T);
            output.flush();
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public TransportAddress peer() {
        return peer;
    }

    @Override
    public Optional<TransportSecurity> security() {
        return security;
    }

    @Override
    public void setInCapsuleDataSize(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("in-capsule data size " + bytes);
        }
        inCapsuleBytesMax = bytes;
    }

    @Override
    public void send(SubmissionQueueEntry command, Direction direction, MemorySegment memory, long offset, int length) {
        assert loop.inLoop();
        if (closed()) {
            return;
        }
        HostSlot slot = slots[command.commandId()];
        if (!connected || slot.outstanding) {
            throw new IllegalStateException("command " + command.commandId()
                    + (connected ? " is outstanding already" : " sent before the connection is ready"));
        }
        if (length < 0 || length > DATA_BYTES_MAX || length > 0 == (direction == Direction.NONE)) {
            throw new IllegalArgumentException(length + " bytes of data with direction " + direction);
        }
        Objects.checkFromIndexSize(length > 0 ? offset : 0, length, memory.byteSize());
        slot.begin(direction, memory, offset, length);
        boolean inCapsule = direction == Direction.HOST_TO_CONTROLLER && length <= inCapsuleBytesMax;
        writer.command(command, inCapsule, memory, offset, length);
        if (inCapsule) {
            slot.movedBytes = length;
            slot.askedBytes = length;
        }
        output.flush();
    }

    @Override
    boolean mayBeginPdu() {
        return true;
    }

    @Override
    void onHeader(PduType type, MemorySegment segment, long base, int flags, int dataLength) {
        switch (type) {
            case CAPSULE_RESP -> onResponse(segment, base);
            case C2H_DATA -> onC2hData(segment, base, dataLength);
            case R2T -> onR2t(segment, base);
            case IC_RESP -> onIcResp(segment, base);
            case C2H_TERM_REQ -> onTermReq(termReq.wrap(segment, base));
            default -> throw new IllegalStateException(type + " passed the framer");
        }
    }

    @Override
    boolean onData(MemorySegment segment, long offset, int length) {
        HostSlot slot = current;
        MemorySegment.copy(segment, offset, slot.memory, slot.memoryOffset + slot.movedBytes, length);
        slot.movedBytes += length;
        return true;
    }

    @Override
    void onDataEnd(PduType type, boolean dataIntact) {
        HostSlot slot = current;
        current = null;
        if (slot == null) {
            return;
        }
        slot.intact &= dataIntact;
        if (currentSuccess) {
            completion.wrap(successEntry, 0).encode(0, FLOW_CONTROL_DISABLED_SQ_HEAD, 0, slot.commandId, 0);
            complete(slot, slot.movedBytes == slot.length);
        }
    }

    @Override
    void onDrained() {
        sendData();
    }

    @Override
    String timeLimitExceeded() {
        return !connected && tickNanos - startedNanos > queue.connectTimeoutNanos()
                ? "the initialize connection exchange took too long" : null;
    }

    @Override
    void onClosed(CloseReason reason) {
        firstToSend = null;
        lastToSend = null;
        for (HostSlot slot : slots) {
            slot.end();
        }
        receiver.onClosed(reason);
    }

    private int digests() {
        return (queue.headerDigest() ? IcReqPdu.HDGST_ENABLE : 0) | (queue.dataDigest() ? IcReqPdu.DDGST_ENABLE : 0);
    }

    private void onIcResp(MemorySegment segment, long base) {
        icResp.wrap(segment, base);
        if (icResp.pduFormatVersion() != IcRespPdu.PDU_FORMAT_VERSION) {
            throw new ConnectionException(FatalErrorStatus.UNSUPPORTED_PARAMETER, IcRespPdu.PFV_OFFSET,
                    "PDU format version " + icResp.pduFormatVersion());
        }
        if (icResp.cpda() > ControllerConnectionOptions.PDU_DATA_ALIGNMENT_MAX) {
            throw ConnectionException.invalidField(IcRespPdu.CPDA_OFFSET, "CPDA " + icResp.cpda());
        }
        // Less than was asked for is a refusal too: whoever wants digests does not want to go without.
        if ((icResp.digests() & (IcRespPdu.HDGST_ENABLE | IcRespPdu.DDGST_ENABLE)) != digests()) {
            throw new ConnectionException(FatalErrorStatus.UNSUPPORTED_PARAMETER, IcRespPdu.DGST_OFFSET,
                    "digests asked for: " + digests() + ", granted: " + icResp.digests());
        }
        long maxH2cData = icResp.maxH2cData();
        if (maxH2cData < ControllerConnectionOptions.MAX_H2C_DATA_BYTES_MIN || maxH2cData % Integer.BYTES != 0) {
            throw ConnectionException.invalidField(IcRespPdu.MAXH2CDATA_OFFSET, "MAXH2CDATA " + maxH2cData);
        }
        maxH2cDataBytes = (int) Math.min(maxH2cData, DATA_BYTES_MAX);
        writer.initialize(queue.headerDigest(), queue.dataDigest(), PduHeader.alignmentBytes(icResp.cpda()));
        framer.initialize(queue.headerDigest(), queue.dataDigest(),
                PduHeader.alignmentBytes(options.pduDataAlignment()), 0, DATA_BYTES_MAX);
        connected = true;
        receiver.onConnected(this);
    }

    private void onResponse(MemorySegment segment, long base) {
        completion.wrap(segment, base + CapsuleRespPdu.CQE_OFFSET);
        int commandId = completion.commandId();
        HostSlot slot = outstanding(commandId);
        if (slot == null) {
            throw ConnectionException.invalidField(RESPONSE_CID_OFFSET, "response to command " + commandId
                    + ", which is not outstanding");
        }
        if (slot.askedBytes > slot.movedBytes) {
            forgetR2t(slot);
        }
        // An error may stop a transfer anywhere; success with data missing is no success.
        complete(slot, (completion.statusField() & STATUS_MASK) != 0 || slot.movedBytes == slot.length);
    }

    private void complete(HostSlot slot, boolean allMoved) {
        slot.end();
        receiver.onResponse(slot.commandId, completion, slot.intact && allMoved);
    }

    private void onC2hData(MemorySegment segment, long base, int dataLength) {
        c2hData.wrap(segment, base);
        HostSlot slot = outstanding(c2hData.commandId());
        if (slot == null || slot.direction != Direction.CONTROLLER_TO_HOST) {
            throw ConnectionException.invalidField(C2hDataPdu.CCCID_OFFSET,
                    "C2HData for command " + c2hData.commandId() + ", which waits for none");
        }
        if (c2hData.dataLength() != dataLength) {
            throw ConnectionException.invalidField(C2hDataPdu.DATAL_OFFSET,
                    "C2HData with DATAL " + c2hData.dataLength() + " and " + dataLength + " bytes of data");
        }
        if (slot.lastReceived) {
            throw ConnectionException.of(FatalErrorStatus.PDU_SEQUENCE_ERROR,
                    "C2HData for command " + slot.commandId + " after its last");
        }
        if (c2hData.dataOffset() != slot.movedBytes || dataLength > slot.length - slot.movedBytes) {
            throw ConnectionException.of(FatalErrorStatus.DATA_TRANSFER_OUT_OF_RANGE, "C2HData at "
                    + c2hData.dataOffset() + " of " + dataLength + " bytes, expected at " + slot.movedBytes
                    + " and at most " + (slot.length - slot.movedBytes));
        }
        if (c2hData.success() && !c2hData.lastPdu()) {
            throw ConnectionException.invalidField(PduHeader.FLAGS_OFFSET, "C2HData with SUCCESS but not LAST_PDU");
        }
        slot.lastReceived = c2hData.lastPdu();
        current = slot;
        currentSuccess = c2hData.success();
    }

    private void onR2t(MemorySegment segment, long base) {
        r2t.wrap(segment, base);
        HostSlot slot = outstanding(r2t.commandId());
        if (slot == null || slot.direction != Direction.HOST_TO_CONTROLLER) {
            throw ConnectionException.invalidField(R2tPdu.CCCID_OFFSET,
                    "R2T for command " + r2t.commandId() + ", which has no data to send");
        }
        if (slot.askedBytes > slot.movedBytes) {
            throw ConnectionException.of(FatalErrorStatus.LIMIT_EXCEEDED,
                    "R2T for command " + slot.commandId + " before the last was answered");
        }
        if (r2t.length() == 0) {
            throw ConnectionException.invalidField(R2tPdu.R2TL_OFFSET, "R2T for 0 bytes");
        }
        // Both are below 2^32, so their sum is exact. In-capsule data counts as moved: an R2T for it is out of range.
        if (r2t.offset() + r2t.length() > slot.length || r2t.offset() < slot.movedBytes) {
            throw ConnectionException.of(FatalErrorStatus.DATA_TRANSFER_OUT_OF_RANGE, "R2T at " + r2t.offset() + " of "
                    + r2t.length() + " bytes, the command has " + slot.length + ", sent " + slot.movedBytes);
        }
        if (r2t.offset() != slot.movedBytes) {
            throw ConnectionException.invalidField(R2tPdu.R2TO_OFFSET,
                    "R2T at " + r2t.offset() + ", expected at " + slot.movedBytes);
        }
        slot.transferTag = r2t.transferTag();
        slot.askedBytes += (int) r2t.length();
        slot.next = null;
        if (lastToSend == null) {
            firstToSend = slot;
        } else {
            lastToSend.next = slot;
        }
        lastToSend = slot;
        sendData();
    }

    /** Sends what R2Ts asked for, first come first served, as far as the output takes it. */
    private void sendData() {
        boolean sent = false;
        while (firstToSend != null && output.pendingBytes() <= options.outputBytesMax()) {
            HostSlot slot = firstToSend;
            int length = Math.min(maxH2cDataBytes, slot.askedBytes - slot.movedBytes);
            boolean last = slot.movedBytes + length == slot.askedBytes;
            writer.h2cData(slot.commandId, slot.transferTag, last, slot.memory, slot.memoryOffset, slot.movedBytes,
                    length);
            slot.movedBytes += length;
            if (last) {
                firstToSend = slot.next;
                if (firstToSend == null) {
                    lastToSend = null;
                }
            }
            sent = true;
        }
        if (sent) {
            output.flush();
        }
    }

    /** The controller ended a command it had asked data of: the rest is not sent. */
    private void forgetR2t(HostSlot ended) {
        HostSlot before = null;
        for (HostSlot slot = firstToSend; slot != null; before = slot, slot = slot.next) {
            if (slot == ended) {
                if (before == null) {
                    firstToSend = slot.next;
                } else {
                    before.next = slot.next;
                }
                if (lastToSend == slot) {
                    lastToSend = before;
                }
                return;
            }
        }
    }

    private HostSlot outstanding(int commandId) {
        return commandId < slots.length && slots[commandId].outstanding ? slots[commandId] : null;
    }
}
