package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;

import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** PDUs as arrays of bytes, right or wrong, for peers of the connections under test. Neither digest is written. */
final class Wire {
    private Wire() {}

    static byte[] icReq() {
        return icReq(0, 0);
    }

    static byte[] icReq(int hpda, int digests) {
        byte[] pdu = new byte[IcReqPdu.SIZE];
        new IcReqPdu().wrap(MemorySegment.ofArray(pdu), 0).encode(hpda, digests, 0);
        return pdu;
    }

    static byte[] icResp() {
        return icResp(0, 0, 8192);
    }

    static byte[] icResp(int cpda, int digests, int maxH2cData) {
        byte[] pdu = new byte[IcRespPdu.SIZE];
        new IcRespPdu().wrap(MemorySegment.ofArray(pdu), 0).encode(cpda, digests, maxH2cData);
        return pdu;
    }

    /** A command with its data pointer as given and data in its capsule. */
    static byte[] command(int opcode, int commandId, int sglType, long sglAddress, long sglLength, int dataLength) {
        byte[] pdu = new byte[CapsuleCmdPdu.SIZE + dataLength];
        new CapsuleCmdPdu().wrap(MemorySegment.ofArray(pdu), 0).encode(0, dataLength, 4)
                .entry(new SubmissionQueueEntry())
                .opcode(opcode).commandId(commandId).psdt(SubmissionQueueEntry.PSDT_SGL)
                .sgl(sglType, sglAddress, sglLength);
        Arrays.fill(pdu, CapsuleCmdPdu.SIZE, pdu.length, (byte) commandId);
        return pdu;
    }

    static byte[] response(int commandId, int statusField) {
        byte[] pdu = new byte[CapsuleRespPdu.SIZE];
        new CapsuleRespPdu().wrap(MemorySegment.ofArray(pdu), 0).encode(0).entry(new CompletionQueueEntry())
                .encode(0, 1, 0, commandId, statusField);
        return pdu;
    }

    static byte[] h2cData(int commandId, int transferTag, int offset, int length, boolean last) {
        byte[] pdu = new byte[H2cDataPdu.SIZE + length];
        new H2cDataPdu().wrap(MemorySegment.ofArray(pdu), 0)
                .encode(last ? PduHeader.LAST_PDU : 0, commandId, transferTag, offset, length, 4);
        return fill(pdu, H2cDataPdu.SIZE, offset);
    }

    static byte[] c2hData(int commandId, int offset, int length, int flags) {
        byte[] pdu = new byte[C2hDataPdu.SIZE + length];
        new C2hDataPdu().wrap(MemorySegment.ofArray(pdu), 0).encode(flags, commandId, offset, length, 4);
        return fill(pdu, C2hDataPdu.SIZE, offset);
    }

    static byte[] r2t(int commandId, int transferTag, int offset, int length) {
        byte[] pdu = new byte[R2tPdu.SIZE];
        new R2tPdu().wrap(MemorySegment.ofArray(pdu), 0).encode(0, commandId, transferTag, offset, length);
        return pdu;
    }

    static byte[] termReq(PduType type, FatalErrorStatus status, int information) {
        byte[] pdu = new byte[TermReqPdu.SIZE + 8];
        new TermReqPdu().wrap(MemorySegment.ofArray(pdu), 0)
                .encode(type, status, information, MemorySegment.ofArray(new byte[8]), 0, 8);
        return pdu;
    }

    /** The same PDU with a header digest behind its header, which is {@code flip}ped to be wrong if that is not 0. */
    static byte[] withHeaderDigest(byte[] pdu, int flip) {
        int headerLength = pdu[PduHeader.HLEN_OFFSET];
        byte[] longer = new byte[pdu.length + PduHeader.DIGEST_SIZE];
        System.arraycopy(pdu, 0, longer, 0, headerLength);
        System.arraycopy(pdu, headerLength, longer, headerLength + 4, pdu.length - headerLength);
        MemorySegment segment = MemorySegment.ofArray(longer);
        longer[PduHeader.FLAGS_OFFSET] |= PduHeader.HDGSTF;
        if (longer[PduHeader.PDO_OFFSET] != 0) {
            longer[PduHeader.PDO_OFFSET] += PduHeader.DIGEST_SIZE;
        }
        segment.set(LE32, PduHeader.PLEN_OFFSET, longer.length);
        int digest = new Crc32cDigest().headerDigest(segment, 0, headerLength);
        segment.set(LE32, headerLength, digest ^ flip);
        return longer;
    }

    /** The same PDU with a digest behind its data, which is {@code flip}ped to be wrong if that is not 0. */
    static byte[] withDataDigest(byte[] pdu, int flip) {
        byte[] longer = Arrays.copyOf(pdu, pdu.length + PduHeader.DIGEST_SIZE);
        MemorySegment segment = MemorySegment.ofArray(longer);
        longer[PduHeader.FLAGS_OFFSET] |= PduHeader.DDGSTF;
        segment.set(LE32, PduHeader.PLEN_OFFSET, longer.length);
        Crc32cDigest digest = new Crc32cDigest();
        int start = pdu[PduHeader.PDO_OFFSET];
        digest.update(segment, start, pdu.length - start);
        segment.set(LE32, pdu.length, digest.value() ^ flip);
        return longer;
    }

    static byte[] set8(byte[] pdu, int offset, int value) {
        pdu[offset] = (byte) value;
        return pdu;
    }

    static byte[] set16(byte[] pdu, int offset, int value) {
        MemorySegment.ofArray(pdu).set(LE16, offset, (short) value);
        return pdu;
    }

    static byte[] set32(byte[] pdu, int offset, int value) {
        MemorySegment.ofArray(pdu).set(LE32, offset, value);
        return pdu;
    }

    private static byte[] fill(byte[] pdu, int from, int offset) {
        for (int i = from; i < pdu.length; i++) {
            pdu[i] = (byte) (i - from + offset);
        }
        return pdu;
    }
}
