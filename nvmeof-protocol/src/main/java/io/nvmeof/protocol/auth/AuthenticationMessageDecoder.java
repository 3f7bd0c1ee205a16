package io.nvmeof.protocol.auth;

import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.CHALLENGE;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.FAILURE;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.HEADER;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.NEGOTIATE;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.PROTOCOL_DESCRIPTOR;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.REPLY;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.SUCCESS1;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.SUCCESS2;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.offset;
import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;

import io.nvmeof.protocol.auth.AuthenticationMessage.Challenge;
import io.nvmeof.protocol.auth.AuthenticationMessage.Failure;
import io.nvmeof.protocol.auth.AuthenticationMessage.Negotiate;
import io.nvmeof.protocol.auth.AuthenticationMessage.ProtocolDescriptor;
import io.nvmeof.protocol.auth.AuthenticationMessage.Reply;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success1;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success2;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/** Reads one authentication message of a peer, whose every length is checked against what there is before it counts. */
final class AuthenticationMessageDecoder {
    private final MemorySegment from;
    private final long base;
    private final long length;

    /** The next byte of variable length, counted from the message's first. */
    private long next;

    AuthenticationMessageDecoder(MemorySegment from, long base, long length) {
        this.from = from;
        this.base = base;
        this.length = length;
    }

    AuthenticationMessage message() throws InvalidAuthenticationMessageException {
        require(HEADER);
        int id = u8(HEADER, "AUTH_ID");
        return switch (u8(HEADER, "AUTH_TYPE")) {
            case AuthenticationMessageEncoder.COMMON -> switch (id) {
                case AuthenticationMessageEncoder.NEGOTIATE_ID -> negotiate();
                case AuthenticationMessageEncoder.FAILURE1_ID -> failure(false);
                case AuthenticationMessageEncoder.FAILURE2_ID -> failure(true);
                default -> throw unknown(id);
            };
            case AuthenticationMessageEncoder.DH_HMAC_CHAP -> switch (id) {
                case AuthenticationMessageEncoder.CHALLENGE_ID -> challenge();
                case AuthenticationMessageEncoder.REPLY_ID -> reply();
                case AuthenticationMessageEncoder.SUCCESS1_ID -> success1();
                case AuthenticationMessageEncoder.SUCCESS2_ID -> success2();
                default -> throw unknown(id);
            };
            default -> throw unknown(id);
        };
    }

    /** The transaction a message claims to belong to, or 0 if it has not even that. */
    static int transactionId(MemorySegment from, long base, long length) {
        return length < HEADER.byteSize()
                ? 0 : Short.toUnsignedInt(from.get(LE16, base + offset(HEADER, "T_ID")));
    }

    private Negotiate negotiate() throws InvalidAuthenticationMessageException {
        require(NEGOTIATE);
        int count = u8(NEGOTIATE, "NAPD");
        if (count == 0 || count > AuthenticationMessage.MAX_DESCRIPTORS) {
            throw incorrect(count + " authentication protocol descriptors");
        }
        need(count * PROTOCOL_DESCRIPTOR.byteSize());
        List<ProtocolDescriptor> descriptors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            descriptors.add(descriptor());
            next += PROTOCOL_DESCRIPTOR.byteSize();
        }
        return new Negotiate(transactionId(), u8(NEGOTIATE, "SC_C"), descriptors);
    }

    private ProtocolDescriptor descriptor() throws InvalidAuthenticationMessageException {
        int protocol = u8(next + offset(PROTOCOL_DESCRIPTOR, "AUTHID"));
        if (protocol != ProtocolDescriptor.DH_HMAC_CHAP) {
            return new ProtocolDescriptor(protocol, List.of(), List.of());
        }
        return new ProtocolDescriptor(protocol, identifiers("HALEN", "HASHIDLIST"),
                identifiers("DHLEN", "DHGIDLIST"));
    }

    private List<Integer> identifiers(String lengthField, String listField)
            throws InvalidAuthenticationMessageException {
        int count = u8(next + offset(PROTOCOL_DESCRIPTOR, lengthField));
        if (count > AuthenticationMessage.MAX_IDENTIFIERS) {
            throw incorrect(lengthField + " is " + count);
        }
        List<Integer> identifiers = new ArrayList<>();
        long list = next + offset(PROTOCOL_DESCRIPTOR, listField);
        for (int i = 0; i < count; i++) {
            identifiers.add(u8(list + i));
        }
        return identifiers;
    }

    private Challenge challenge() throws InvalidAuthenticationMessageException {
        require(CHALLENGE);
        int hashLength = hashLength(CHALLENGE);
        int valueLength = valueLength(CHALLENGE);
        return new Challenge(transactionId(), u8(CHALLENGE, "HASHID"), u8(CHALLENGE, "DHGID"),
                s32(CHALLENGE, "SEQNUM"), take(hashLength), take(valueLength));
    }

    private Reply reply() throws InvalidAuthenticationMessageException {
        require(REPLY);
        int hashLength = hashLength(REPLY);
        int valueLength = valueLength(REPLY);
        return new Reply(transactionId(), take(hashLength), flag(REPLY, "CVALID"), s32(REPLY, "SEQNUM"),
                take(hashLength), take(valueLength));
    }

    private Success1 success1() throws InvalidAuthenticationMessageException {
        require(SUCCESS1);
        int hashLength = hashLength(SUCCESS1);
        boolean valid = flag(SUCCESS1, "RVALID");
        // Not all peers send the bytes of a response they declare not to be valid.
        boolean present = valid || length - next >= hashLength;
        return new Success1(transactionId(), valid, present ? take(hashLength) : new byte[hashLength]);
    }

    private Success2 success2() throws InvalidAuthenticationMessageException {
        require(SUCCESS2);
        return new Success2(transactionId());
    }

    private Failure failure(boolean fromHost) throws InvalidAuthenticationMessageException {
        require(FAILURE);
        return new Failure(transactionId(), fromHost, u8(FAILURE, "RC"), u8(FAILURE, "RCE"));
    }

    private int transactionId() {
        return transactionId(from, base, length);
    }

    private int hashLength(StructLayout layout) throws InvalidAuthenticationMessageException {
        int hashLength = u8(layout, "HL");
        for (AuthenticationHash hash : AuthenticationHash.values()) {
            if (hash.lengthBytes() == hashLength) {
                return hashLength;
            }
        }
        throw incorrect("a hash of " + hashLength + " bytes");
    }

    private int valueLength(StructLayout layout) throws InvalidAuthenticationMessageException {
        int valueLength = Short.toUnsignedInt(from.get(LE16, base + offset(layout, "DHVLEN")));
        if (valueLength > DhGroup.MAX_VALUE_LENGTH) {
            throw incorrect("a DH value of " + valueLength + " bytes");
        }
        return valueLength;
    }

    private boolean flag(StructLayout layout, String field) throws InvalidAuthenticationMessageException {
        int value = u8(layout, field);
        if (value > 1) {
            throw incorrect(field + " is " + value);
        }
        return value == 1;
    }

    private byte[] take(int count) throws InvalidAuthenticationMessageException {
        need(count);
        byte[] bytes = new byte[count];
        MemorySegment.copy(from, U8, base + next, bytes, 0, count);
        next += count;
        return bytes;
    }

    private void require(MemoryLayout layout) throws InvalidAuthenticationMessageException {
        next = 0;
        need(layout.byteSize());
        next = layout.byteSize();
    }

    private void need(long count) throws InvalidAuthenticationMessageException {
        if (length - next < count) {
            throw incorrect("the message is cut after " + length + " bytes");
        }
    }

    private int u8(StructLayout layout, String field) {
        return u8(offset(layout, field));
    }

    private int u8(long at) {
        return Byte.toUnsignedInt(from.get(U8, base + at));
    }

    private int s32(StructLayout layout, String field) {
        return from.get(LE32, base + offset(layout, field));
    }

    private static InvalidAuthenticationMessageException incorrect(String what) {
        return new InvalidAuthenticationMessageException(FailureReason.INCORRECT_PAYLOAD, what);
    }

    private static InvalidAuthenticationMessageException unknown(int id) {
        return new InvalidAuthenticationMessageException(FailureReason.INCORRECT_PROTOCOL_MESSAGE,
                "unknown authentication message " + id);
    }
}
