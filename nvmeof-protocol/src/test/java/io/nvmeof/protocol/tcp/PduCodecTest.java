package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.Bytes.dirty;
import static io.nvmeof.protocol.Bytes.segment;
import static io.nvmeof.protocol.Bytes.toHex;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.Bytes;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Every PDU byte for byte: written over leftovers, so that a byte nobody writes shows. */
class PduCodecTest {
    private static final String ZEROS_112 = "00".repeat(112);

    @Test
    void connectionRequestAndResponse() {
        MemorySegment bytes = dirty(128);
        IcReqPdu request = new IcReqPdu().wrap(bytes, 0).encode(3, IcReqPdu.HDGST_ENABLE | IcReqPdu.DDGST_ENABLE, 7);
        assertEquals("0000800080000000" + "0000" + "03" + "03" + "07000000" + ZEROS_112, toHex(bytes));
        assertTrue(request.headerDigest() && request.dataDigest());

        bytes = dirty(128);
        IcRespPdu response = new IcRespPdu().wrap(bytes, 0).encode(0, IcRespPdu.DDGST_ENABLE, 0x80000000L);
        assertEquals("0100800080000000" + "0000" + "00" + "02" + "00000080" + ZEROS_112, toHex(bytes));
        assertEquals(0x80000000L, response.maxH2cData());
        assertFalse(response.headerDigest());
    }

    @Test
    void commandCapsuleWithDataAlignsAndCountsDigests() {
        MemorySegment bytes = dirty(129);
        CapsuleCmdPdu pdu = new CapsuleCmdPdu().wrap(bytes, 1)
                .encode(PduHeader.HDGSTF | PduHeader.DDGSTF, 512, PduHeader.alignmentBytes(31));
        SubmissionQueueEntry entry = pdu.entry(new SubmissionQueueEntry())
                .opcode(1).psdt(SubmissionQueueEntry.PSDT_SGL).commandId(0xFFFE).namespaceId(1)
                .commandQword(10, 0x1122334455667788L).commandDword(12, 7);
        SglDescriptor.inCapsule(entry, 0, 512);
        assertEquals("aa" + "0403488084020000" + "0140feff" + "01000000" + "00".repeat(16)
                + "00".repeat(8) + "00020000" + "00000001"
                + "8877665544332211" + "07000000" + "00".repeat(12) + "00".repeat(56), toHex(bytes));
    }

    @Test
    void capsuleWithoutDataHasNoDataOffsetAndNoDataDigest() {
        MemorySegment bytes = dirty(76);
        new CapsuleCmdPdu().wrap(bytes, 0).encode(PduHeader.HDGSTF | PduHeader.DDGSTF, 0, 128);
        assertEquals("040148004c000000" + "00".repeat(68), toHex(bytes));
    }

    @Test
    void responseCapsule() {
        MemorySegment bytes = dirty(24);
        CapsuleRespPdu pdu = new CapsuleRespPdu().wrap(bytes, 0).encode(0);
        CompletionQueueEntry entry = pdu.entry(new CompletionQueueEntry()).encode(0x8877665544332211L, 0xFFFF, 0,
                0x1234, CommandSpecificStatus.CONNECT_INVALID_PARAMETERS.field(true));
        assertEquals("0500180018000000" + "1122334455667788" + "ffff0000" + "3412" + "0483", toHex(bytes));
        assertEquals(0x8877665544332211L, entry.result());
        assertEquals(0xFFFF, entry.sqHead());
        assertEquals(0x8304, entry.statusField());
    }

    @Test
    void dataOfBothDirections() {
        MemorySegment bytes = dirty(24);
        H2cDataPdu toController = new H2cDataPdu().wrap(bytes, 0)
                .encode(PduHeader.LAST_PDU, 0x0102, 0x0304, 0x80000000L, 4096, 4);
        assertEquals("0604181818100000" + "02010403" + "00000080" + "00100000" + "00000000", toHex(bytes));
        assertEquals(0x80000000L, toController.dataOffset());
        assertTrue(toController.lastPdu());

        bytes = dirty(28);
        C2hDataPdu toHost = new C2hDataPdu().wrap(bytes, 0).encode(
                PduHeader.HDGSTF | PduHeader.DDGSTF | PduHeader.LAST_PDU | PduHeader.SUCCESS, 0xFFFF, 8192, 4096, 4);
        assertEquals("070f181c20100000" + "ffff0000" + "00200000" + "00100000" + "00000000" + "00000000", toHex(bytes));
        assertTrue(toHost.success());
        assertEquals(0xFFFF, toHost.commandId());
    }

    @Test
    void readyToTransfer() {
        MemorySegment bytes = dirty(28);
        R2tPdu pdu = new R2tPdu().wrap(bytes, 0).encode(PduHeader.HDGSTF, 0x8001, 0xFFFF, 0xFFFFFFFCL, 131072);
        assertEquals("090118001c000000" + "0180ffff" + "fcffffff" + "00000200" + "0000000000000000", toHex(bytes));
        assertEquals(0xFFFFFFFCL, pdu.offset());
        assertEquals(0xFFFF, pdu.transferTag());
    }

    @Test
    void terminateRequestCarriesAtMost128BytesOfTheHeaderAtFault() {
        MemorySegment bytes = dirty(TermReqPdu.MAX_SIZE);
        TermReqPdu pdu = new TermReqPdu().wrap(bytes, 0).encode(PduType.C2H_TERM_REQ,
                FatalErrorStatus.INVALID_PDU_HEADER_FIELD, 2, segment("0900ff00" + "00112233"), 0, 8);
        assertEquals("0300180020000000" + "0100" + "02000000" + "00".repeat(10) + "0900ff0000112233",
                toHex(bytes.asSlice(0, 32)));
        assertEquals(8, pdu.offendingLength());

        pdu.encode(PduType.H2C_TERM_REQ, FatalErrorStatus.HEADER_DIGEST_ERROR, -1, dirty(500), 100, 400);
        assertEquals(128, pdu.offendingLength());
        assertEquals(152, new PduHeader().wrap(bytes, 0).pduLength());
        assertEquals(-1, pdu.information());
    }

    @Test
    void aPeersLengthNeverMakesTheOffendingHeaderNegativeOrLong() {
        for (String plen : new String[] {"00000000", "17000000", "ffffffff"}) {
            MemorySegment bytes = segment("03001800" + plen + "00".repeat(16));
            int length = new TermReqPdu().wrap(bytes, 0).offendingLength();
            assertTrue(length >= 0 && length <= TermReqPdu.MAX_OFFENDING, plen);
        }
    }

    @Test
    void typesAreKnownByCodeOnly() {
        int known = 0;
        for (int code = 0; code < 256; code++) {
            PduType type = PduType.ofCode(code);
            known += type == null ? 0 : 1;
            assertTrue(type == null || type.code() == code);
        }
        assertEquals(9, known);
        assertNull(PduType.ofCode(8));
        assertNull(FatalErrorStatus.ofCode(0));
        assertNull(FatalErrorStatus.ofCode(65535));
        assertEquals(FatalErrorStatus.UNSUPPORTED_PARAMETER, FatalErrorStatus.ofCode(6));
    }

    @Test
    void digestOfTheStandardExampleWholeAndInPieces() {
        // RFC 3720 B.4: 32 bytes of zeros, of ones, and counting up.
        Crc32cDigest digest = new Crc32cDigest();
        digest.update(MemorySegment.ofArray(new byte[32]), 0, 32);
        assertEquals(0x8A9136AA, digest.value());
        digest.reset();
        StringBuilder counting = new StringBuilder();
        for (int i = 0; i < 32; i++) {
            counting.append("%02x".formatted(i));
        }
        MemorySegment heap = segment(counting.toString());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(40).asSlice(4, 32).copyFrom(heap);
            digest.update(bytes, 0, 7);
            digest.update(bytes, 7, 0);
            digest.update(heap, 7, 20);
            digest.update(bytes.asSlice(27).asByteBuffer());
            assertEquals(0x46DD794E, digest.value());
        }
    }

    @Test
    void headerDigestIsVerifiedBitForBit() {
        MemorySegment bytes = dirty(36);
        Crc32cDigest digest = new Crc32cDigest();
        new R2tPdu().wrap(bytes, 3).encode(PduHeader.HDGSTF, 1, 2, 0, 4096);
        digest.writeHeaderDigest(bytes, 3, R2tPdu.SIZE);
        assertTrue(digest.verifyHeaderDigest(bytes, 3, R2tPdu.SIZE));
        for (int bit = 0; bit < 28 * 8; bit++) {
            long at = 3 + bit / 8;
            byte good = bytes.get(JAVA_BYTE, at);
            bytes.set(JAVA_BYTE, at, (byte) (good ^ 1 << bit % 8));
            assertFalse(digest.verifyHeaderDigest(bytes, 3, R2tPdu.SIZE), "bit " + bit);
            bytes.set(JAVA_BYTE, at, good);
        }
        assertEquals("aaaaaa", Bytes.toHex(bytes).substring(0, 6));
    }
}
