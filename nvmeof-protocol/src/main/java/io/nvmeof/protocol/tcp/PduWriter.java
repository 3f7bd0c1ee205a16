package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;

import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Writes PDUs to a connection's output, with the digests and the alignment that were negotiated. */
final class PduWriter {
    private static final int FUSE_MASK = 0x3;
    private static final int SGL_FLAGS = SubmissionQueueEntry.PSDT_SGL << 6;

    private final ByteStreamOutput output;
    private final Crc32cDigest headerCrc = new Crc32cDigest();
    private final Crc32cDigest dataCrc = new Crc32cDigest();
    private final IcReqPdu icReq = new IcReqPdu();
    private final IcRespPdu icResp = new IcRespPdu();
    private final TermReqPdu termReq = new TermReqPdu();
    private final CapsuleCmdPdu capsuleCmd = new CapsuleCmdPdu();
    private final CapsuleRespPdu capsuleResp = new CapsuleRespPdu();
    private final H2cDataPdu h2cData = new H2cDataPdu();
    private final C2hDataPdu c2hData = new C2hDataPdu();
    private final R2tPdu r2t = new R2tPdu();
    private final SubmissionQueueEntry entry = new SubmissionQueueEntry();
    private final CompletionQueueEntry completion = new CompletionQueueEntry();
    private int headerFlag;
    private int dataFlag;
    private int alignmentBytes = Integer.BYTES;
    private long writtenBytes;

    PduWriter(ByteStreamOutput output) {
        this.output = output;
    }

    /**
     * The initialize connection exchange is done: from now on PDUs look as it says.
     *
     * @param alignmentBytes what data must be aligned to, as the peer asked for
     */
    void initialize(boolean headerDigest, boolean dataDigest, int alignmentBytes) {
        this.headerFlag = headerDigest ? PduHeader.HDGSTF : 0;
        this.dataFlag = dataDigest ? PduHeader.DDGSTF : 0;
        this.alignmentBytes = alignmentBytes;
    }

    /** Bytes written so far. */
    long writtenBytes() {
        return writtenBytes;
    }

    void icReq(int hpda, int digests, long maxR2t) {
        MemorySegment segment = reserve(IcReqPdu.SIZE);
        icReq.wrap(segment, output.reservedOffset()).encode(hpda, digests, maxR2t);
    }

    void icResp(int cpda, int digests, int maxH2cData) {
        MemorySegment segment = reserve(IcRespPdu.SIZE);
        icResp.wrap(segment, output.reservedOffset()).encode(cpda, digests, maxH2cData);
    }

    void termReq(PduType type, FatalErrorStatus status, int information, MemorySegment offending, long offset,
            int length) {
        int copied = Math.min(length, TermReqPdu.MAX_OFFENDING);
        MemorySegment segment = reserve(TermReqPdu.SIZE + copied);
        termReq.wrap(segment, output.reservedOffset()).encode(type, status, information, offending, offset, copied);
    }

    void r2t(int commandId, int transferTag, long offset, int length) {
        MemorySegment segment = reserve(headerBytes(R2tPdu.SIZE));
        long base = output.reservedOffset();
        r2t.wrap(segment, base).encode(headerFlag, commandId, transferTag, offset, length);
        digestHeader(segment, base, R2tPdu.SIZE);
    }

    void response(int commandId, long result, int sqHead, int statusField) {
        MemorySegment segment = reserve(headerBytes(CapsuleRespPdu.SIZE));
        long base = output.reservedOffset();
        capsuleResp.wrap(segment, base).encode(headerFlag).entry(completion)
                .encode(result, sqHead, 0, commandId, statusField);
        digestHeader(segment, base, CapsuleRespPdu.SIZE);
    }

    /** All data of a command in one PDU; the buffer goes to the output. */
    void c2hData(int commandId, boolean success, DataBuffer data, int length) {
        int flags = headerFlag | dataFlag | PduHeader.LAST_PDU | (success ? PduHeader.SUCCESS : 0);
        MemorySegment segment = reserve(PduHeader.dataStart(C2hDataPdu.SIZE, flags, alignmentBytes));
        long base = output.reservedOffset();
        c2hData.wrap(segment, base).encode(flags, commandId, 0, length, alignmentBytes);
        digestHeader(segment, base, C2hDataPdu.SIZE);
        int digest = 0;
        if (dataFlag != 0) {
            // Before the buffer changes hands.
            ByteBuffer bytes = data.byteBuffer();
            bytes.limit(length).position(0);
            dataCrc.reset();
            dataCrc.update(bytes);
            digest = dataCrc.value();
        }
        output.append(data, length);
        writtenBytes += length;
        appendDataDigest(digest);
    }

    /**
     * A command, whose data pointer is written here.
     *
     * @param inCapsule whether the data goes with it
     */
    void command(SubmissionQueueEntry command, boolean inCapsule, MemorySegment memory, long offset, int length) {
        int flags = headerFlag | dataFlag;
        int start = inCapsule ? PduHeader.dataStart(CapsuleCmdPdu.SIZE, flags, alignmentBytes)
                : headerBytes(CapsuleCmdPdu.SIZE);
        MemorySegment segment = reserve(start);
        long base = output.reservedOffset();
        capsuleCmd.wrap(segment, base).encode(flags, inCapsule ? length : 0, alignmentBytes).entry(entry);
        for (int dword = 0; dword < SubmissionQueueEntry.SIZE / Integer.BYTES; dword += 2) {
            entry.commandQword(dword, command.commandQword(dword));
        }
        entry.flags(entry.flags() & FUSE_MASK | SGL_FLAGS);
        if (inCapsule) {
            SglDescriptor.inCapsule(entry, 0, length);
        } else {
            SglDescriptor.transport(entry, length);
        }
        digestHeader(segment, base, CapsuleCmdPdu.SIZE);
        if (inCapsule) {
            appendMemory(memory, offset, length);
        }
    }

    void h2cData(int commandId, int transferTag, boolean last, MemorySegment memory, long memoryOffset, long dataOffset,
            int length) {
        int flags = headerFlag | dataFlag | (last ? PduHeader.LAST_PDU : 0);
        MemorySegment segment = reserve(PduHeader.dataStart(H2cDataPdu.SIZE, flags, alignmentBytes));
        long base = output.reservedOffset();
        h2cData.wrap(segment, base).encode(flags, commandId, transferTag, dataOffset, length, alignmentBytes);
        digestHeader(segment, base, H2cDataPdu.SIZE);
        appendMemory(memory, memoryOffset + dataOffset, length);
    }

    private void appendMemory(MemorySegment memory, long offset, int length) {
        int digest = 0;
        if (dataFlag != 0) {
            dataCrc.reset();
            dataCrc.update(memory, offset, length);
            digest = dataCrc.value();
        }
        output.append(memory, offset, length);
        writtenBytes += length;
        appendDataDigest(digest);
    }

    private void appendDataDigest(int digest) {
        if (dataFlag != 0) {
            MemorySegment segment = reserve(PduHeader.DIGEST_SIZE);
            segment.set(LE32, output.reservedOffset(), digest);
        }
    }

    private int headerBytes(int headerLength) {
        return headerFlag != 0 ? headerLength + PduHeader.DIGEST_SIZE : headerLength;
    }

    private void digestHeader(MemorySegment segment, long base, int headerLength) {
        if (headerFlag != 0) {
            headerCrc.writeHeaderDigest(segment, base, headerLength);
        }
    }

    private MemorySegment reserve(int length) {
        writtenBytes += length;
        return output.reserve(length);
    }
}
