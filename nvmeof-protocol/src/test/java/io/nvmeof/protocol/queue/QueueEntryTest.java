package io.nvmeof.protocol.queue;

import static io.nvmeof.protocol.Bytes.dirty;
import static io.nvmeof.protocol.Bytes.toHex;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nvmeof.protocol.Gen;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class QueueEntryTest {
    @Test
    void aReadByteForByte() {
        MemorySegment bytes = dirty(66);
        new SubmissionQueueEntry().wrap(bytes, 1).clear().opcode(2).psdt(SubmissionQueueEntry.PSDT_SGL)
                .commandId(0xABCD).namespaceId(0xFFFFFFFF).metadataPointer(0x0807060504030201L)
                .sgl(0x5A, 0, 0xFFFFFFFFL).commandQword(10, -2L).commandDword(12, 1 << 30 | 7).commandDword(15, 9);
        assertEquals("aa" + "0240cdab" + "ffffffff" + "0000000000000000" + "0102030405060708"
                + "0000000000000000" + "ffffffff" + "0000005a" + "feffffffffffffff" + "07000040"
                + "0000000000000000" + "09000000" + "aa", toHex(bytes));
    }

    @Test
    void sglOverwritesTheReservedBytesOfTheDescriptor() {
        MemorySegment bytes = dirty(64);
        new SubmissionQueueEntry().wrap(bytes, 0).sgl(1, 2, 3);
        assertEquals("0200000000000000" + "03000000" + "00000001", toHex(bytes.asSlice(24, 16)));
    }

    @Test
    void whatIsWrittenIsRead() {
        Gen.check(500, gen -> {
            MemorySegment bytes = gen.segment(64);
            var entry = new SubmissionQueueEntry().wrap(bytes, 0);
            int opcode = gen.u8();
            int flags = gen.u8();
            int id = gen.u16();
            int namespace = gen.i32();
            int type = gen.u8();
            long address = gen.i64();
            long length = gen.u32();
            entry.opcode(opcode).flags(flags).commandId(id).namespaceId(namespace).sgl(type, address, length);
            assertEquals(opcode, entry.opcode());
            assertEquals(flags, entry.flags());
            assertEquals(flags, entry.psdt() << 6 | flags & 0x3C | entry.fuse());
            assertEquals(id, entry.commandId());
            assertEquals(namespace, entry.namespaceId());
            assertEquals(namespace, entry.commandDword(1));
            assertEquals(type, entry.sglType());
            assertEquals(address, entry.sglAddress());
            assertEquals(length, entry.sglLength());
            for (int n = 0; n < 16; n++) {
                int value = gen.i32();
                assertEquals(value, entry.commandDword(n, value).commandDword(n));
            }
            MemorySegment copy = dirty(64);
            new SubmissionQueueEntry().wrap(copy, 0).copyFrom(bytes, 0);
            assertEquals(-1, copy.mismatch(bytes));
        });
    }

    @Test
    void aCompletionIsReadAsWritten() {
        Gen.check(500, gen -> {
            long result = gen.i64();
            int head = gen.u16();
            int queue = gen.u16();
            int id = gen.u16();
            int status = gen.u16();
            var entry = new CompletionQueueEntry().wrap(dirty(17), 1).encode(result, head, queue, id, status);
            assertEquals(result, entry.result());
            assertEquals((int) result, entry.dword0());
            assertEquals((int) (result >>> 32), entry.dword1());
            assertEquals(head, entry.sqHead());
            assertEquals(queue, entry.sqId());
            assertEquals(id, entry.commandId());
            assertEquals(status, entry.statusField());
        });
    }
}
