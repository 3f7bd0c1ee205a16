package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.Bytes.dirty;
import static io.nvmeof.protocol.Bytes.hex;
import static io.nvmeof.protocol.Bytes.toHex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.Gen;
import io.nvmeof.protocol.layout.WireLayouts;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminCodecTest {
    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    @Test
    void descriptorListByteForByte() {
        MemorySegment bytes = dirty(4096);
        var list = NamespaceIdentificationDescriptors.builder().commandSetIdentifier(0).uuid(ID)
                .eui64(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}).build();
        list.encode(bytes, 0);
        assertEquals("01080000" + "0102030405060708" + "03100000" + "00112233445566778899aabbccddeeff"
                + "04010000" + "00" + "00".repeat(4096 - 37), toHex(bytes));
        var read = NamespaceIdentificationDescriptors.decode(bytes, 0);
        assertEquals(list, read);
        assertEquals(ID, read.uuid().orElseThrow());
        assertEquals(0, read.commandSetIdentifier().orElseThrow());
        assertTrue(read.nguid().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a UUID of 15 bytes,    030f0000 000102030405060708090a0b0c0d0e",
        "two CSIs,              04010000 00 04010000 00",
        "an EUI-64 of 16 bytes, 01100000 00112233445566778899aabbccddeeff",
    })
    void malformedDescriptorsAreRefused(String what, String hex) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[4096]);
        byte[] list = hex(hex);
        bytes.asSlice(0, list.length).copyFrom(MemorySegment.ofArray(list));
        assertThrows(IllegalArgumentException.class, () -> NamespaceIdentificationDescriptors.decode(bytes, 0), what);
    }

    @Test
    void controllerListByteForByte() {
        MemorySegment bytes = dirty(4096);
        ControllerList.from(2, 1, 2, 0xFFEF).encode(bytes, 0);
        assertEquals("0200" + "0200" + "efff" + "00".repeat(4090), toHex(bytes));
        assertEquals(ControllerList.from(0, 2, 0xFFEF), ControllerList.decode(bytes, 0));
        int[] many = IntStream.range(0, 5000).toArray();
        assertArrayEquals(IntStream.range(100, 2147).toArray(), ControllerList.from(100, many).controllerIds());
        assertThrows(IllegalArgumentException.class, () -> ControllerList.from(0, 3, 3));
        bytes.set(WireLayouts.LE16, 0, (short) 2048);
        assertThrows(IllegalArgumentException.class, () -> ControllerList.decode(bytes, 0));
    }

    @Test
    void featureEffectsAreWhereTheirIdentifierSays() {
        var page = FeatureIdentifiersSupportedAndEffectsLog.builder()
                .feature(FeatureIdentifier.KEEP_ALIVE_TIMER, FeatureIdentifiersSupportedAndEffectsLog.SCOPE_CONTROLLER)
                .build();
        assertEquals("01002000", toHex(page.bytes().asSlice(0x0F * 4, 4)));
        assertEquals(0, page.flags(0x0E));
        assertEquals(page.flags(0x0F),
                FeatureIdentifiersSupportedAndEffectsLog.decode(page.bytes(), 0).flags(0x0F));
        assertThrows(IllegalArgumentException.class, () -> page.flags(256));
    }

    @Test
    void unknownDescriptorsAreSkipped() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[4096]);
        byte[] list = hex("7f020000 ffff 04010000 02");
        bytes.asSlice(0, list.length).copyFrom(MemorySegment.ofArray(list));
        assertEquals(2, NamespaceIdentificationDescriptors.decode(bytes, 0).commandSetIdentifier().orElseThrow());
    }

    @Test
    void namespaceLists() {
        MemorySegment bytes = dirty(4096);
        NamespaceList.of(1, 0x80000000, -1).encode(bytes, 0);
        assertEquals("01000000" + "00000080" + "ffffffff" + "00".repeat(4084), toHex(bytes));
        assertThrows(IllegalArgumentException.class, () -> NamespaceList.of(2, 1));
        assertThrows(IllegalArgumentException.class, () -> NamespaceList.of(1, 1));
        assertThrows(IllegalArgumentException.class, () -> NamespaceList.of(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> NamespaceList.of(0));
        assertArrayEquals(new int[] {3, -2}, NamespaceList.above(2, 1, 2, 3, -2).namespaceIds());
        assertArrayEquals(new int[0], NamespaceList.above(-2, 1, 2, 3, -2).namespaceIds());
        int[] many = IntStream.rangeClosed(1, 3000).toArray();
        assertTrue(NamespaceList.above(1000, many).full());
        assertEquals(2024, NamespaceList.above(1000, many).namespaceIds()[1023]);
        assertFalse(NamespaceList.above(2000, many).full());
        assertThrows(IllegalArgumentException.class, () -> NamespaceList.of(many).encode(bytes, 0));
    }

    @Test
    void anaLogByteForByte() {
        var log = new AnaLog(5, List.of(
                new AnaGroupDescriptor(1, 3, AnaState.OPTIMIZED, NamespaceList.of(1, 2)),
                new AnaGroupDescriptor(2, 4, AnaState.CHANGE, NamespaceList.of())));
        MemorySegment bytes = dirty(log.size());
        log.encode(bytes, 0);
        assertEquals("0500000000000000" + "0200" + "000000000000"
                + "01000000" + "02000000" + "0300000000000000" + "01" + "00".repeat(15) + "01000000" + "02000000"
                + "02000000" + "00000000" + "0400000000000000" + "0f" + "00".repeat(15), toHex(bytes));
        assertEquals(log, AnaLog.decode(bytes, 0, log.size()));
        assertThrows(IllegalArgumentException.class, () -> AnaLog.decode(bytes, 0, log.size() - 1));
        assertEquals(16 + 2 * 32, log.withoutNamespaces().size());
    }

    @Test
    void anAnaGroupMayHoldMoreNamespacesThanAListDoes() {
        var many = NamespaceList.of(IntStream.rangeClosed(1, 3000).toArray());
        var log = new AnaLog(1, List.of(new AnaGroupDescriptor(1, 1, AnaState.NON_OPTIMIZED, many)));
        MemorySegment bytes = dirty(log.size());
        log.encode(bytes, 0);
        assertEquals(log, AnaLog.decode(bytes, 0, log.size()));
    }

    @Test
    void anaCountsOfAPeerAreNotBelieved() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[64]);
        bytes.set(WireLayouts.LE16, 8, (short) 1);
        for (int count : new int[] {5, 1025, Integer.MAX_VALUE, -1}) {
            bytes.set(WireLayouts.LE32, 20, count);
            assertThrows(IllegalArgumentException.class, () -> AnaLog.decode(bytes, 0, 64), "" + count);
        }
        bytes.set(WireLayouts.LE16, 8, (short) -1);
        assertThrows(IllegalArgumentException.class, () -> AnaLog.decode(bytes, 0, 64));
    }

    @Test
    void asynchronousEvents() {
        assertEquals(0x00040002, AsynchronousEvent.ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED.dword0());
        assertEquals(0x000C0302, AsynchronousEvent.ASYMMETRIC_NAMESPACE_ACCESS_CHANGE.dword0());
        assertEquals(0x0070F002, AsynchronousEvent.DISCOVERY_LOG_PAGE_CHANGE.dword0());
        Gen.check(200, gen -> {
            int dword0 = gen.i32();
            assertEquals(dword0 & 0x00FFFF07, AsynchronousEvent.ofDword0(dword0).dword0());
        });
    }

    @Test
    void effectsAndSupportedPages() {
        var effects = CommandsSupportedAndEffectsLog.builder()
                .adminCommand(AdminOpcode.IDENTIFY.code(), 0)
                .ioCommand(1, CommandsSupportedAndEffectsLog.LOGICAL_BLOCK_CONTENT_CHANGE).build();
        MemorySegment bytes = dirty(4096);
        effects.encode(bytes, 0);
        assertEquals("00".repeat(24) + "01000000" + "00".repeat(996) + "00000000" + "03000000" + "00".repeat(3064),
                toHex(bytes));
        assertEquals(3, effects.ioCommand(1));
        assertThrows(IllegalArgumentException.class, () -> effects.ioCommand(256));

        var pages = SupportedLogPages.of(LogPageIdentifier.SMART_HEALTH_INFORMATION, LogPageIdentifier.DISCOVERY);
        assertTrue(pages.supports(LogPageIdentifier.DISCOVERY));
        assertFalse(pages.supports(LogPageIdentifier.ERROR_INFORMATION));
        assertEquals(1, pages.flags(2));
    }

    @Test
    void smallLogPagesRoundTrip() {
        Gen.check(300, gen -> {
            MemorySegment bytes = dirty(4096);
            var error = new ErrorInformationLogEntry(gen.i64(), gen.u16(), gen.u16(), gen.u16(), gen.u16(), gen.i64(),
                    gen.i32(), gen.u8(), gen.u8(), gen.u8(), gen.u8(), gen.i64(), gen.u16());
            error.encode(bytes, 7);
            assertEquals(error, ErrorInformationLogEntry.decode(bytes, 7));

            var namespace = new IoCommandSetIndependentNamespace(gen.u8(), gen.u8(), gen.u8(), gen.u8(), gen.u32(),
                    gen.u8(), gen.u16(), gen.u16(), gen.u8());
            namespace.encode(bytes, 0);
            assertEquals(namespace, IoCommandSetIndependentNamespace.decode(bytes, 0));

            var list = NamespaceList.of(gen.increasing(1024));
            list.encode(bytes, 0);
            assertEquals(list, NamespaceList.decode(bytes, 0));

            var firmware = new FirmwareSlotLog(gen.between(0, 8), gen.between(0, 8), List.of(gen.ascii(8), "", "",
                    gen.ascii(8), "", "", gen.ascii(8)));
            firmware.encode(bytes, 0);
            assertEquals(firmware, FirmwareSlotLog.decode(bytes, 0));

            var format = new LbaFormat(gen.u16(), gen.u8(), gen.u8());
            format.encode(bytes, 1);
            assertEquals(format, LbaFormat.decode(bytes, 1));
        });
    }

    @Test
    void codesWithoutANameAreNull() {
        assertNull(AdminOpcode.ofCode(0x03));
        assertNull(IdentifyCns.ofCode(0xFF));
        assertNull(FeatureIdentifier.ofCode(0x00));
        assertNull(LogPageIdentifier.ofCode(0xC0));
        assertNull(AnaState.ofCode(0));
        assertEquals(AdminOpcode.KEEP_ALIVE, AdminOpcode.ofCode(0x18));
    }
}
