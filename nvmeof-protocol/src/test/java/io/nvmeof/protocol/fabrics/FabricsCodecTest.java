package io.nvmeof.protocol.fabrics;

import static io.nvmeof.protocol.Bytes.dirty;
import static io.nvmeof.protocol.Bytes.toHex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.Gen;
import io.nvmeof.protocol.layout.WireLayouts;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FabricsCodecTest {
    private static final UUID HOST = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final NvmeQualifiedName SUBSYSTEM = NvmeQualifiedName.of("nqn.2024-01.com.example:disk");

    @Test
    void connectByteForByte() {
        MemorySegment bytes = dirty(64);
        var command = new ConnectCommand().wrap(bytes, 0)
                .encode(0x1234, 0, 31, ConnectCommand.CATTR_DISABLE_SQ_FLOW_CONTROL, 15_000);
        assertEquals("7f403412" + "01000000" + "00".repeat(16) + "0000000000000000" + "00040000" + "00000001"
                + "0000" + "0000" + "1f00" + "04" + "00" + "983a0000" + "00".repeat(12), toHex(bytes));
        assertTrue(command.flowControlDisabled());
        assertEquals(15_000, command.keepAliveTimeoutMillis());
        int type = ConnectCommand.commandType(new SubmissionQueueEntry().wrap(bytes, 0));
        assertEquals(FabricsCommandType.CONNECT, FabricsCommandType.ofCode(type));
    }

    @Test
    void connectFieldsAreUnsigned() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[64]).fill((byte) 0xFF);
        var command = new ConnectCommand().wrap(bytes, 0);
        assertEquals(0xFFFF, command.recordFormat());
        assertEquals(0xFFFF, command.queueId());
        assertEquals(0xFFFF, command.queueSize());
        assertEquals(0xFF, command.attributes());
        assertEquals(0xFFFFFFFFL, command.keepAliveTimeoutMillis());
    }

    @Test
    void connectResults() {
        int result = ConnectCommand.successResult(0xFFEE, ConnectCommand.AUTHENTICATION_REQUIRED);
        assertEquals(0x2FFEE, result);
        assertEquals(0xFFEE, ConnectCommand.controllerId(result));
        assertEquals(0x10100, ConnectCommand.invalidParameterResult(true, ConnectData.SUBNQN_OFFSET));
        assertEquals(44, ConnectCommand.invalidParameterResult(false, ConnectCommand.SQSIZE_OFFSET));
        assertTrue(ConnectCommand.invalidParameterInData(0x10100));
        assertFalse(ConnectCommand.invalidParameterInData(44));
    }

    @Test
    void connectDataByteForByte() {
        MemorySegment bytes = dirty(1024);
        var data = new ConnectData(new HostIdentifier(HOST), ConnectData.DYNAMIC_CONTROLLER, SUBSYSTEM,
                NvmeQualifiedName.ofUuid(HOST));
        data.encode(bytes, 0);
        String subsystem = text(SUBSYSTEM.toString());
        String host = text("nqn.2014-08.org.nvmexpress:uuid:" + HOST);
        assertEquals("00112233445566778899aabbccddeeff" + "ffff" + "00".repeat(238) + subsystem
                + "00".repeat(256 - subsystem.length() / 2) + host + "00".repeat(512 - host.length() / 2),
                toHex(bytes));
        assertEquals(data, ConnectData.decode(bytes, 0));
    }

    @Test
    void connectDataNamesTheFieldAtFault() {
        MemorySegment good = dirty(1024);
        new ConnectData(new HostIdentifier(HOST), 1, SUBSYSTEM, SUBSYSTEM).encode(good, 0);
        for (int offset : new int[] {ConnectData.SUBNQN_OFFSET, ConnectData.HOSTNQN_OFFSET}) {
            for (int fill : new int[] {0, 'x', 0xFF}) { // empty; not terminated; not UTF-8
                MemorySegment bytes = MemorySegment.ofArray(new byte[1024]).copyFrom(good);
                bytes.asSlice(offset, 256).fill((byte) fill);
                var e = assertThrows(InvalidConnectDataException.class, () -> ConnectData.decode(bytes, 0));
                assertEquals(offset, e.offset());
            }
            MemorySegment tooLong = MemorySegment.ofArray(new byte[1024]).copyFrom(good);
            tooLong.asSlice(offset, 224).fill((byte) 'x');
            tooLong.set(WireLayouts.U8, offset + 224L, (byte) 0);
            assertThrows(InvalidConnectDataException.class, () -> ConnectData.decode(tooLong, 0));
        }
    }

    @Test
    void propertyCommandsByteForByte() {
        MemorySegment bytes = dirty(64);
        var command = new PropertyCommand().wrap(bytes, 0).encodeSet(7, Property.CC, 0x00460001);
        assertEquals("7f400700" + "00000000" + "00".repeat(16) + "00".repeat(12) + "0000005a" + "00000000"
                + "14000000" + "0100460000000000" + "00".repeat(8), toHex(bytes));
        assertEquals(Property.CC, command.property());
        assertEquals(0x00460001, command.value());

        command.encodeGet(8, Property.CAP);
        assertEquals("7f400800" + "04000000", toHex(bytes.asSlice(0, 8)));
        assertEquals("01000000" + "00000000" + "00".repeat(16), toHex(bytes.asSlice(40, 24)));
    }

    @ParameterizedTest(name = "ATTRIB={0} OFST={1} -> {2}")
    @CsvSource(nullValues = "none", value = {
        "1, 0x00, CAP", "0, 0x00, none", "0, 0x14, CC", "1, 0x14, none", "0, 0x1C, CSTS", "0, 0x20, NSSR",
        "0, 0x08, VS", "2, 0x08, none", "7, 0x00, none", "0xF8, 0x08, VS", "0, 0x04, none", "0, 0x0C, none",
        "1, 0xFFFFFFFF, none", "1, 0x80000000, none"})
    void aPropertyIsKnownByOffsetAndSize(String attributes, String offset, Property expected) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[64]);
        bytes.set(WireLayouts.U8, 40, (byte) Integer.decode(attributes).intValue());
        bytes.set(WireLayouts.LE32, 44, Long.decode(offset).intValue());
        assertEquals(expected, new PropertyCommand().wrap(bytes, 0).property());
    }

    @Test
    void capabilitiesBitForBit() {
        var capabilities = ControllerCapabilities.of(1024, 15_000,
                ControllerCapabilities.CSS_NVM | ControllerCapabilities.CSS_IO_COMMAND_SETS);
        assertEquals(0x0000_0820_1E01_03FFL, capabilities.value());
        assertEquals(1024, capabilities.maximumQueueEntries());
        assertEquals(15_000, capabilities.readyTimeoutMillis());
        assertEquals(4096, capabilities.minimumPageBytes());
        assertEquals(0x0800_0820_1E01_03FFL, capabilities.withReadyWithMedia().value());
        var timeouts = ControllerReadyTimeouts.of(15_000, 501);
        assertEquals(0x0002_001E, timeouts.value());
        assertEquals(15_000, timeouts.withMediaMillis());
        assertEquals(1_000, timeouts.independentMillis());
        assertThrows(IllegalArgumentException.class, () -> ControllerReadyTimeouts.of(32_768_000, 0));
        var all = new ControllerCapabilities(-1L);
        assertEquals(65536, all.maximumQueueEntries());
        assertEquals(127_500, all.readyTimeoutMillis());
        assertEquals(0xFF, all.commandSets());
        assertEquals(1L << 27, all.maximumPageBytes());
        assertTrue(all.readyIndependentOfMediaSupported() && all.readyWithMediaSupported()
                && all.subsystemResetSupported());
        assertThrows(IllegalArgumentException.class, () -> ControllerCapabilities.of(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> ControllerCapabilities.of(2, 127_501, 1));
    }

    @Test
    void configurationAndStatusBitForBit() {
        var configuration = ControllerConfiguration.enabled(ControllerConfiguration.CSS_ALL);
        assertEquals(0x00460061, configuration.value());
        assertTrue(configuration.enable());
        assertEquals(6, configuration.submissionEntryExponent());
        assertEquals(4, configuration.completionEntryExponent());
        assertEquals(4096, configuration.pageBytes());
        assertEquals(0x00460060, configuration.withEnable(false).value());
        assertEquals(0x00464061, configuration.withShutdown(ControllerConfiguration.SHUTDOWN_NORMAL).value());
        assertEquals(2, new ControllerConfiguration(0x00008000).shutdown());

        var status = ControllerStatus.NOT_READY.withReady(true).withShutdown(ControllerStatus.SHUTDOWN_COMPLETE);
        assertEquals(0b1001, status.value());
        assertTrue(status.ready() && !status.fatal());
        assertEquals(0b1010, status.withReady(false).withFatal(true).value());
    }

    @Test
    void discoveryEntryByteForByte() {
        MemorySegment bytes = dirty(1024);
        var entry = DiscoveryLogEntry.ofTcp(AddressFamily.IPV4, "192.0.2.1", 4420, 1, DiscoveryLogEntry.SUBTYPE_NVM,
                SUBSYSTEM, 32, 0);
        entry.encode(bytes, 0);
        String name = text(SUBSYSTEM.toString());
        assertEquals("03010206" + "0100ffff" + "20000000" + "00".repeat(20) + text("4420") + "20".repeat(28)
                + "00".repeat(192) + name + "00".repeat(256 - name.length() / 2)
                + text("192.0.2.1") + "20".repeat(247) + "00".repeat(256), toHex(bytes));
        assertEquals(entry, DiscoveryLogEntry.decode(bytes, 0));
    }

    @Test
    void discoveryPagesRoundTrip() {
        Gen.check(200, gen -> {
            var entry = new DiscoveryLogEntry(gen.u8(), gen.u8(), gen.u8(), gen.u8(), gen.u16(), gen.u16(), gen.u16(),
                    gen.u16(), gen.ascii(32), gen.ascii(255), gen.ascii(256), gen.u8());
            var page = new DiscoveryLogPage(gen.i64(), gen.coin() ? List.of(entry) : List.of(entry, entry));
            MemorySegment bytes = dirty((int) page.size());
            page.encode(bytes, 0);
            assertEquals(page, DiscoveryLogPage.decode(bytes, 0, page.size()));
            assertThrows(IllegalArgumentException.class, () -> DiscoveryLogPage.decode(bytes, 0, page.size() - 1));
        });
        assertNull(TransportType.ofCode(0x77));
    }

    @Test
    void everyPartOfADiscoveryPageIsThatPartOfTheWhole() {
        Gen.check(300, gen -> {
            var entry = new DiscoveryLogEntry(gen.u8(), gen.u8(), gen.u8(), gen.u8(), gen.u16(), gen.u16(), gen.u16(),
                    gen.u16(), gen.ascii(32), gen.ascii(255), gen.ascii(256), gen.u8());
            var page = new DiscoveryLogPage(gen.i64(), Collections.nCopies(gen.u8() % 4, entry));
            MemorySegment whole = MemorySegment.ofArray(new byte[3 * 0x10000]);
            page.encode(whole, 0);
            int offset = gen.u16() % 6000;
            MemorySegment part = dirty(gen.u16() % 6000 + 1);
            page.encodePart(offset, part);
            assertEquals(-1, part.mismatch(whole.asSlice(offset, part.byteSize())), "from " + offset);
        });
    }

    @Test
    void aPeersNumberOfRecordsIsNotBelieved() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[1024]);
        for (long count : new long[] {1, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            bytes.set(WireLayouts.LE64, 8, count);
            assertThrows(IllegalArgumentException.class, () -> DiscoveryLogPage.decode(bytes, 0, 1024));
        }
    }

    private static String text(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
