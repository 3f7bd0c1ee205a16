package io.nvmeof.protocol.nvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.ReservationNotificationLog;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The structures of the reservation commands, byte by byte. */
class ReservationCodecTest {
    private static final HostIdentifier HOST =
            new HostIdentifier(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));

    @Test
    void dataOfTheCommands() {
        MemorySegment bytes = filled(16);
        new ReservationRegisterData(0x0102030405060708L, -2).encode(bytes, 0);
        assertEquals("0807060504030201feffffffffffffff", hex(bytes));
        assertEquals(new ReservationRegisterData(0x0102030405060708L, -2), ReservationRegisterData.decode(bytes, 0));
        new ReservationAcquireData(5, 6).encode(bytes, 0);
        assertEquals("05000000000000000600000000000000", hex(bytes));
        assertEquals(new ReservationAcquireData(5, 6), ReservationAcquireData.decode(bytes, 0));
        new ReservationReleaseData(7).encode(bytes, 0);
        assertEquals("07000000000000000600000000000000", hex(bytes));
        assertEquals(new ReservationReleaseData(7), ReservationReleaseData.decode(bytes, 0));
    }

    @Test
    void statusWithLongAndShortIdentifiers() {
        ReservationStatus status = new ReservationStatus(0xFFFF_FFFEL, 5, 1, List.of(
                new RegistrantStatus(3, 1, HOST, 0xAB), new RegistrantStatus(0xFFFF, 0, HOST, 0xCD)));
        MemorySegment bytes = filled(ReservationStatus.size(2, true));
        assertEquals(192, bytes.byteSize());
        status.encode(bytes, 0, true);
        assertEquals("feffffff05020000000100000000000000000000000000000000", hex(bytes).substring(0, 52));
        assertEquals("0300010000000000ab0000000000000000112233445566778899aabbccddeeff"
                + "00".repeat(32), hex(bytes.asSlice(64, 64)));
        assertEquals(status, ReservationStatus.decode(bytes, 0, 192, true));
        assertEquals(2, ReservationStatus.registrantCount(bytes, 0));
        assertSame(ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS, status.type());
        assertThrows(IllegalArgumentException.class, () -> ReservationStatus.decode(bytes, 0, 191, true));

        MemorySegment small = filled(ReservationStatus.size(2, false));
        assertEquals(72, small.byteSize());
        status.encode(small, 0, false);
        assertEquals("03000100000000000011223344556677ab00000000000000", hex(small.asSlice(24, 24)));
        ReservationStatus read = ReservationStatus.decode(small, 0, 72, false);
        assertEquals(new UUID(HOST.uuid().getMostSignificantBits(), 0),
                read.registrants().getFirst().hostIdentifier().uuid());
    }

    @Test
    void notification() {
        MemorySegment bytes = filled(64);
        ReservationNotificationLog page = new ReservationNotificationLog(0x1FF, 3, 255, 9);
        page.encode(bytes, 0);
        assertEquals("ff0100000000000003ff000009000000" + "00".repeat(48), hex(bytes));
        assertEquals(page, ReservationNotificationLog.decode(bytes, 0));
        ReservationNotificationLog.EMPTY.encode(bytes, 0);
        assertArrayEquals(new byte[64], bytes.toArray(ValueLayout.JAVA_BYTE));
        assertEquals(0x0080_0006, AsynchronousEvent.RESERVATION_LOG_PAGE_AVAILABLE.dword0());
    }

    @Test
    void types() {
        assertNull(ReservationType.ofCode(0));
        assertNull(ReservationType.ofCode(7));
        for (ReservationType type : ReservationType.values()) {
            assertSame(type, ReservationType.ofCode(type.code()));
        }
        assertEquals(List.of(2, 4, 6), Arrays.stream(ReservationType.values())
                .filter(ReservationType::exclusiveAccess).map(ReservationType::code).toList());
        assertEquals(List.of(5, 6), Arrays.stream(ReservationType.values())
                .filter(ReservationType::allRegistrants).map(ReservationType::code).toList());
        assertEquals(List.of(3, 4, 5, 6), Arrays.stream(ReservationType.values())
                .filter(ReservationType::registrantsMayAll).map(ReservationType::code).toList());
    }

    private static MemorySegment filled(int size) {
        return MemorySegment.ofArray(new byte[size]).fill((byte) 0xEE);
    }

    private static String hex(MemorySegment bytes) {
        return HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
