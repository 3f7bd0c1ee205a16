package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.QueueLimits;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportSecurity;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The controller's end of an NVMe/TCP connection: takes command capsules and their data, asks for data by R2T, answers
 * with C2HData and response capsules (NVMe/TCP Transport 1.1, 3).
 *
 * <p>A command identifier that is in use already ends the connection: the host could not tell the two responses apart,
 * and would give the memory of the first command away when the second is answered.
 */
public final class ControllerConnection extends PduConnection implements CapsuleSender {
    private static final int CID_OFFSET = CapsuleCmdPdu.SQE_OFFSET + 2;

    private final ControllerConnectionOptions options;
    private final QueueLimits limits;
    private final Optional<TransportSecurity> security;
    private final QueueAcceptor acceptor;
    private final long startedNanos;
    private final IcReqPdu icReq = new IcReqPdu();
    private final TermReqPdu termReq = new TermReqPdu();
    private final H2cDataPdu h2cData = new H2cDataPdu();
    private final SubmissionQueueEntry command = new SubmissionQueueEntry();

    private CapsuleReceiver receiver;
    private CommandSlots slots;
    private boolean flowControlDisabled;
    /** Whose data the PDU in progress carries; {@code null} if it is to be skipped. */
    private CommandSlot current;
    private int unansweredR2ts;

    /**
     * A connection that waits for the host's ICReq.
     *
     * @param local our address as the host sees it
     * @param acceptor is given the connection when it is ready for commands
     */
    public ControllerConnection(EventLoop loop, ControllerConnectionOptions options, ByteStreamOutput output,
            TransportAddress local, TransportAddress peer, QueueAcceptor acceptor) {
        this(loop, options, output, local, peer, Optional.empty(), acceptor);
    }

    /**
     * A connection over a secure channel.
     *
     * @param security what the channel proved, or empty if it is a plain one
     */
    public ControllerConnection(EventLoop loop, ControllerConnectionOptions options, ByteStreamOutput output,
            TransportAddress local, TransportAddress peer, Optional<TransportSecurity> security,
            QueueAcceptor acceptor) {
        super(loop, output, false, options.stallTimeoutNanos());
        this.options = options;
        this.limits = new QueueLimits(options.inCapsuleDataBytes(), options.dataTransferBytesMax(), local, peer);
        this.security = security;
        this.acceptor = acceptor;
        this.startedNanos = tickNanos;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public QueueLimits limits() {
        return limits;
    }

    @Override
    public Optional<TransportSecurity> security() {
        return security;
    }

    @Override
    public void setQueueSize(int slotCount, boolean flowControlDisabled) {
        assert loop.inLoop();
        if (closed()) {
            return;
        }
        if (unansweredR2ts > 0) {
            throw new IllegalStateException("queue size set while an R2T is unanswered");
        }
        slots.grow(slotCount);
        this.flowControlDisabled = flowControlDisabled;
    }

    @Override
    public void receiveData(int slotIndex, DataBuffer into, int length) {
        assert loop.inLoop();
        if (closed()) {
            return;
        }
        CommandSlot slot = slots.get(slotIndex);
        slot.beginReceiving(into, length);
        if (slot.inCapsule) {
            requestResume();
            return;
        }
        slots.tag(slot);
        slot.progressNanos = tickNanos;
        unansweredR2ts++;
        writer.r2t(slot.commandId, slot.transferTag, 0, length);
        output.flush();
    }

    @Override
    public void respond(int slotIndex, DataBuffer data, int length, long result, int sqHead, int statusField) {
        assert loop.inLoop();
        if (closed()) {
            if (data != null) {
                data.release();
            }
            return;
        }
        CommandSlot slot = slots.get(slotIndex);
        if (slot.state != CommandSlot.State.COMMAND && slot.state != CommandSlot.State.DATA) {
            throw new IllegalStateException("response for slot " + slotIndex + " in state " + slot.state);
        }
        if (data != null && (length < 1 || length > slot.transferLength || length > data.capacity())) {
            throw new IllegalArgumentException(length + " bytes for slot " + slotIndex + ", the command transfers "
                    + slot.transferLength + ", the buffer holds " + data.capacity());
        }
        boolean responseLeftOut = false;
        if (data != null) {
            // The host takes the flag for status 0 and result 0, and for all the data it asked for.
            responseLeftOut = flowControlDisabled && (result | statusField) == 0 && length == slot.transferLength;
            writer.c2hData(slot.commandId, responseLeftOut, data, length);
        }
        if (!responseLeftOut) {
            writer.response(slot.commandId, result, sqHead, statusField);
        }
        slots.release(slot);
        if (current == slot) {
            // What is left of its in-capsule data is skipped.
            current = null;
            requestResume();
        }
        output.flush();
    }

    @Override
    boolean mayBeginPdu() {
        return output.pendingBytes() <= options.outputBytesMax();
    }

    @Override
    void onHeader(PduType type, MemorySegment segment, long base, int flags, int dataLength) {
        switch (type) {
            case CAPSULE_CMD -> onCommand(segment, base, dataLength);
            case H2C_DATA -> onH2cData(segment, base, flags, dataLength);
            case IC_REQ -> onIcReq(segment, base);
            case H2C_TERM_REQ -> onTermReq(termReq.wrap(segment, base));
            default -> throw new IllegalStateException(type + " passed the framer");
        }
    }

    @Override
    boolean onData(MemorySegment segment, long offset, int length) {
        CommandSlot slot = current;
        if (slot == null) {
            return true;
        }
        if (slot.state == CommandSlot.State.COMMAND) {
            return false;
        }
        // The capsule may carry more than was asked for.
        int count = Math.min(length, slot.wantedBytes - slot.receivedBytes);
        MemorySegment.copy(segment, offset, slot.into.segment(), slot.receivedBytes, count);
        slot.receivedBytes += count;
        return true;
    }

    @Override
    void onDataEnd(PduType type, boolean dataIntact) {
        CommandSlot slot = current;
        if (slot == null) {
            return;
        }
        current = null;
        slot.intact &= dataIntact;
        if (type == PduType.H2C_DATA) {
            slot.progressNanos = tickNanos;
            if (slot.receivedBytes < slot.wantedBytes) {
                return;
            }
            unansweredR2ts--;
        }
        slot.state = CommandSlot.State.DATA;
        slot.into = null;
        if (slot.intact) {
            receiver.onDataReceived(slot.index);
        } else {
            receiver.onDataCorrupt(slot.index);
        }
    }

    @Override
    void onDrained() {
        if (mayBeginPdu()) {
            requestResume();
        }
    }

    @Override
    String timeLimitExceeded() {
        if (receiver == null) {
            return tickNanos - startedNanos > options.icTimeoutNanos()
                    ? "the initialize connection exchange took too long" : null;
        }
        if (unansweredR2ts > 0) {
            for (int i = 0; i < slots.count(); i++) {
                CommandSlot slot = slots.get(i);
                if (slot.state == CommandSlot.State.RECEIVING && peerStalled(slot.progressNanos)) {
                    return "data asked for by R2T did not come";
                }
            }
        }
        return null;
    }

    @Override
    void onClosed(CloseReason reason) {
        if (receiver != null) {
            receiver.onClosed(reason);
        }
    }

    private void onIcReq(MemorySegment segment, long base) {
        icReq.wrap(segment, base);
        if (icReq.pduFormatVersion() != IcReqPdu.PDU_FORMAT_VERSION) {
            throw new ConnectionException(FatalErrorStatus.UNSUPPORTED_PARAMETER, IcReqPdu.PFV_OFFSET,
                    "PDU format version " + icReq.pduFormatVersion());
        }
        if (icReq.hpda() > ControllerConnectionOptions.PDU_DATA_ALIGNMENT_MAX) {
            throw ConnectionException.invalidField(IcReqPdu.HPDA_OFFSET, "HPDA " + icReq.hpda());
        }
        boolean headerDigest = icReq.headerDigest() && options.headerDigestAllowed();
        boolean dataDigest = icReq.dataDigest() && options.dataDigestAllowed();
        // MAXR2T is 0's based, so every value allows the one R2T for each command that is sent.
        writer.icResp(options.pduDataAlignment(), (headerDigest ? IcRespPdu.HDGST_ENABLE : 0)
                | (dataDigest ? IcRespPdu.DDGST_ENABLE : 0), options.maxH2cDataBytes());
        output.flush();
        writer.initialize(headerDigest, dataDigest, PduHeader.alignmentBytes(icReq.hpda()));
        framer.initialize(headerDigest, dataDigest, PduHeader.alignmentBytes(options.pduDataAlignment()),
                Math.max(QueueLimits.ADMIN_IN_CAPSULE_DATA_BYTES, options.inCapsuleDataBytes()),
                options.maxH2cDataBytes());
        slots = new CommandSlots(1);
        receiver = acceptor.onQueue(this);
        if (receiver == null) {
            close(CloseReason.Kind.LOCAL, "the connection was refused");
        }
    }

    private void onCommand(MemorySegment segment, long base, int dataLength) {
        command.wrap(segment, base + CapsuleCmdPdu.SQE_OFFSET);
        int commandId = command.commandId();
        if (slots.outstanding(commandId)) {
            throw ConnectionException.invalidField(CID_OFFSET, "command identifier " + commandId + " is in use");
        }
        CommandSlot slot = slots.take(commandId);
        if (slot == null) {
            throw ConnectionException.of(FatalErrorStatus.PDU_SEQUENCE_ERROR,
                    "more commands than the " + slots.count() + " of the queue");
        }
        StatusCode fault = transferFault(dataLength);
        long transferLength = command.sglLength();
        boolean inCapsule = fault == null && transferLength > 0
                && command.sglType() == SglDescriptor.IN_CAPSULE_OFFSET;
        slot.begin(commandId, transferLength, inCapsule);
        current = inCapsule ? slot : null;
        receiver.onCommand(slot.index, command, transferLength, inCapsule, fault);
    }

    private StatusCode transferFault(int inCapsuleLength) {
        if (command.psdt() != SubmissionQueueEntry.PSDT_SGL && command.sglLength() > 0) {
            return GenericStatus.INVALID_FIELD_IN_COMMAND;
        }
        if (command.sglType() == SglDescriptor.IN_CAPSULE_OFFSET && command.sglAddress() != 0) {
            return GenericStatus.SGL_OFFSET_INVALID;
        }
        StatusCode status = SglDescriptor.validate(command, inCapsuleLength, inCapsuleLength,
                options.dataTransferBytesMax());
        return status == GenericStatus.SUCCESSFUL_COMPLETION ? null : status;
    }

    private void onH2cData(MemorySegment segment, long base, int flags, int dataLength) {
        h2cData.wrap(segment, base);
        CommandSlot slot = slots.receiving(h2cData.transferTag());
        if (slot == null) {
            throw ConnectionException.invalidField(H2cDataPdu.TTAG_OFFSET,
                    "H2CData for transfer tag " + h2cData.transferTag() + ", which is not outstanding");
        }
        if (h2cData.commandId() != slot.commandId) {
            throw ConnectionException.invalidField(H2cDataPdu.CCCID_OFFSET,
                    "H2CData for command " + h2cData.commandId() + " with the tag of command " + slot.commandId);
        }
        if (h2cData.dataLength() != dataLength) {
            throw ConnectionException.invalidField(H2cDataPdu.DATAL_OFFSET,
                    "H2CData with DATAL " + h2cData.dataLength() + " and " + dataLength + " bytes of data");
        }
        int left = slot.wantedBytes - slot.receivedBytes;
        if (h2cData.dataOffset() != slot.receivedBytes || dataLength > left) {
            throw ConnectionException.of(FatalErrorStatus.DATA_TRANSFER_OUT_OF_RANGE, "H2CData at "
                    + h2cData.dataOffset() + " of " + dataLength + " bytes, expected at " + slot.receivedBytes
                    + " and at most " + left);
        }
        if ((flags & PduHeader.LAST_PDU) != 0 != (dataLength == left)) {
            throw ConnectionException.invalidField(PduHeader.FLAGS_OFFSET,
                    "H2CData with LAST_PDU in the wrong place, " + (left - dataLength) + " bytes from the end");
        }
        current = slot;
    }
}
