package io.nvmeof.protocol.nvm;

import static io.nvmeof.protocol.Bytes.dirty;
import static io.nvmeof.protocol.Bytes.toHex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class NvmCommandTest {
    @Test
    void numberOfBlocksIsZeroBased() {
        assertEquals(1, NvmCommandBits.blockCount(0));
        assertEquals(65536, NvmCommandBits.blockCount(-1));
        assertEquals(0x4000FFFF, NvmCommandBits.dword12(65536, NvmCommandBits.FORCE_UNIT_ACCESS));
        assertEquals(0x02000000, NvmCommandBits.dword12(1, NvmCommandBits.DEALLOCATE));
        assertThrows(IllegalArgumentException.class, () -> NvmCommandBits.dword12(0, 0));
        assertThrows(IllegalArgumentException.class, () -> NvmCommandBits.dword12(65537, 0));
    }

    @Test
    void rangeByteForByte() {
        MemorySegment bytes = dirty(16);
        var range = new DatasetManagementRange().wrap(bytes, 0).encode(0x01020304, -2L, 0xFFFFFFFFL);
        assertEquals("04030201" + "ffffffff" + "feffffffffffffff", toHex(bytes));
        assertEquals(0xFFFFFFFFL, range.blocks());
        assertEquals(-2L, range.startingLba());
    }
}
