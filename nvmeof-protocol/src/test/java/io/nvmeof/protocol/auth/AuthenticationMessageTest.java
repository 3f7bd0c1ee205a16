package io.nvmeof.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.Gen;
import io.nvmeof.protocol.auth.AuthenticationMessage.Challenge;
import io.nvmeof.protocol.auth.AuthenticationMessage.Failure;
import io.nvmeof.protocol.auth.AuthenticationMessage.Negotiate;
import io.nvmeof.protocol.auth.AuthenticationMessage.ProtocolDescriptor;
import io.nvmeof.protocol.auth.AuthenticationMessage.Reply;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success1;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success2;
import io.nvmeof.protocol.fabrics.FabricsCommandType;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages byte for byte, back and forth, cut, and with every length that lies. */
class AuthenticationMessageTest {
    static List<AuthenticationMessage> messages() {
        return List.of(
                new Negotiate(0x1234, 2, List.of(new ProtocolDescriptor(1, List.of(1, 2, 3), List.of(0, 1, 5)))),
                new Negotiate(0xFFFF, 0, List.of(new ProtocolDescriptor(7, List.of(), List.of()),
                        new ProtocolDescriptor(1, List.of(3), List.of(2)))),
                new Challenge(0x1234, 1, 1, 0x01020304, filled(32, 0xC1), filled(256, 0xD1)),
                new Challenge(0, 3, 0, -1, filled(64, 0xC1), new byte[0]),
                new Reply(0x1234, filled(48, 0xA1), true, 0x0A0B0C0D, filled(48, 0xC2), filled(1024, 0xD2)),
                new Reply(0x1234, filled(32, 0xA1), false, 0, new byte[32], new byte[0]),
                new Success1(0x1234, true, filled(32, 0xA2)),
                new Success1(0x1234, false, new byte[64]),
                new Success2(0x1234),
                Failure.of(0x1234, false, FailureReason.HASH_NOT_USABLE),
                Failure.of(0x1234, true, FailureReason.AUTHENTICATION_FAILED));
    }

    @Test
    void isByteForByteWhatTheSpecificationSays() {
        List<AuthenticationMessage> messages = messages();
        assertHex("0000 0000 3412 02 01  01 00 03 03 010203" + "00".repeat(27) + "000105" + "00".repeat(27),
                messages.get(0));
        assertHex("0101 0000 3412 20 00 01 01 0001 04030201" + "c1".repeat(32) + "d1".repeat(256), messages.get(2));
        assertHex("0102 0000 3412 30 00 01 00 0004 0d0c0b0a" + "a1".repeat(48) + "c2".repeat(48) + "d2".repeat(1024),
                messages.get(4));
        assertHex("0103 0000 3412 20 00 01 00000000000000" + "a2".repeat(32), messages.get(6));
        assertHex("0104 0000 3412" + "00".repeat(10), messages.get(8));
        assertHex("00f1 0000 3412 01 04", messages.get(9));
        assertHex("00f0 0000 3412 01 01", messages.get(10));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void comesBackAsItWent(AuthenticationMessage message) throws Exception {
        byte[] bytes = message.bytes();
        assertEquals(message.length(), bytes.length);
        assertTrue(bytes.length <= AuthenticationMessage.MAX_TRANSFER_LENGTH);
        AuthenticationMessage back = AuthenticationMessage.decodeExactly(MemorySegment.ofArray(bytes), 0, bytes.length);
        assertEquals(message.getClass(), back.getClass());
        assertArrayEquals(bytes, back.bytes());
        assertEquals(message.transactionId(), back.transactionId());
        MemorySegment dirty = MemorySegment.ofArray(filled(bytes.length + 7, 0xEE));
        message.encode(dirty, 5);
        assertArrayEquals(bytes, AuthenticationMessage.decodeExactly(dirty, 5, bytes.length).bytes());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isRefusedIfCutOrLonger(AuthenticationMessage message) throws Exception {
        byte[] bytes = Arrays.copyOf(message.bytes(), message.length() + 1);
        for (int length = 0; length < message.length(); length++) {
            int cut = length;
            var e = assertThrows(InvalidAuthenticationMessageException.class,
                    () -> AuthenticationMessage.decodeExactly(MemorySegment.ofArray(bytes), 0, cut));
            assertEquals(FailureReason.INCORRECT_PAYLOAD, e.reason());
        }
        var e = assertThrows(InvalidAuthenticationMessageException.class,
                () -> AuthenticationMessage.decodeExactly(MemorySegment.ofArray(bytes), 0, bytes.length));
        assertEquals(FailureReason.INCORRECT_PAYLOAD, e.reason());
        // In the buffer of an Authentication Receive bytes may follow.
        assertArrayEquals(message.bytes(),
                AuthenticationMessage.decode(MemorySegment.ofArray(bytes), 0, bytes.length).bytes());
    }

    @Test
    void aResponseThatIsNotValidMayBeMissing() throws Exception {
        byte[] bytes = Arrays.copyOf(new Success1(1, false, new byte[32]).bytes(), 16);
        Success1 success = assertInstanceOf(Success1.class,
                AuthenticationMessage.decode(MemorySegment.ofArray(bytes), 0, 16));
        assertEquals(32, success.response().length);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 2, INCORRECT_PROTOCOL_MESSAGE", "0, 1, 1, INCORRECT_PROTOCOL_MESSAGE",
        "0, 7, 0, INCORRECT_PAYLOAD", "0, 7, 2, INCORRECT_PAYLOAD", "0, 7, 17, INCORRECT_PAYLOAD",
        "0, 7, 255, INCORRECT_PAYLOAD", "0, 10, 31, INCORRECT_PAYLOAD", "0, 11, 31, INCORRECT_PAYLOAD",
        "0, 10, 255, INCORRECT_PAYLOAD",
        "2, 1, 5, INCORRECT_PROTOCOL_MESSAGE", "2, 6, 0, INCORRECT_PAYLOAD", "2, 6, 33, INCORRECT_PAYLOAD",
        "2, 6, 48, INCORRECT_PAYLOAD", "2, 6, 255, INCORRECT_PAYLOAD", "2, 11, 4, INCORRECT_PAYLOAD",
        "2, 11, 255, INCORRECT_PAYLOAD", "2, 10, 1, INCORRECT_PAYLOAD",
        "4, 6, 64, INCORRECT_PAYLOAD", "4, 8, 2, INCORRECT_PAYLOAD", "4, 10, 1, INCORRECT_PAYLOAD",
        "4, 11, 5, INCORRECT_PAYLOAD",
        "6, 6, 48, INCORRECT_PAYLOAD", "6, 8, 255, INCORRECT_PAYLOAD", "9, 1, 242, INCORRECT_PROTOCOL_MESSAGE"
    })
    void lengthsAndFlagsThatLieAreRefused(int message, int offset, int value, FailureReason reason) {
        byte[] bytes = messages().get(message).bytes();
        bytes[offset] = (byte) value;
        var e = assertThrows(InvalidAuthenticationMessageException.class,
                () -> AuthenticationMessage.decodeExactly(MemorySegment.ofArray(bytes), 0, bytes.length));
        assertEquals(reason, e.reason());
    }

    @Test
    void anyBytesAreAMessageOrRefused() {
        Gen.check(20_000, gen -> {
            byte[] bytes = gen.bytes(gen.between(0, 200));
            if (bytes.length > 1 && gen.coin()) {
                bytes[0] = (byte) gen.between(0, 2);
                bytes[1] = (byte) (int) gen.oneOf(0, 1, 2, 3, 4, 0xF0, 0xF1);
            }
            try {
                AuthenticationMessage message =
                        AuthenticationMessage.decodeExactly(MemorySegment.ofArray(bytes), 0, bytes.length);
                assertEquals(bytes.length, message.bytes().length);
            } catch (InvalidAuthenticationMessageException e) {
                assertTrue(e.reason() == FailureReason.INCORRECT_PAYLOAD
                        || e.reason() == FailureReason.INCORRECT_PROTOCOL_MESSAGE);
            }
        });
    }

    @Test
    void commandsAreByteForByteWhatTheSpecificationSays() {
        MemorySegment entry = MemorySegment.ofArray(filled(64, 0xEE));
        AuthenticationCommand command = new AuthenticationCommand().wrap(entry, 0).encodeSend(0x1234, 72);
        assertEquals(FabricsCommandType.AUTHENTICATION_SEND.code(), entry.get(ValueLayout.JAVA_BYTE,
                4));
        assertHex("7f40 3412 05" + "00".repeat(19) + "0000000000000000 48000000 00000001 00 0101e9 48000000"
                + "00".repeat(16), entry);
        assertEquals(72, command.length());
        assertEquals(-1, command.invalidFieldOffset());
        command.encodeReceive(0x1234, 4096);
        assertHex("7f40 3412 06" + "00".repeat(19) + "0000000000000000 00100000 0000005a 00 0101e9 00100000"
                + "00".repeat(16), entry);
        assertEquals(4096, command.length());
        assertEquals(-1, command.invalidFieldOffset());
        assertEquals(0x7F, new SubmissionQueueEntry().wrap(entry, 0).opcode());
    }

    @ParameterizedTest
    @CsvSource({"41, 0, 41", "42, 2, 42", "43, 232, 43", "45, 17, 44", "47, 255, 44", "46, 1, 44"})
    void commandsWithOtherFieldsAreInvalid(int offset, int value, int faulty) {
        MemorySegment entry = MemorySegment.ofArray(new byte[64]);
        AuthenticationCommand command = new AuthenticationCommand().wrap(entry, 0).encodeReceive(1, 4096);
        entry.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
        assertEquals(faulty, command.invalidFieldOffset());
        assertEquals(44, new AuthenticationCommand().wrap(entry, 0).encodeSend(1, 0).invalidFieldOffset());
    }

    private static void assertHex(String expected, AuthenticationMessage message) {
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(message.bytes()));
    }

    private static void assertHex(String expected, MemorySegment bytes) {
        assertEquals(expected.replace(" ", ""),
                HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE)));
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
