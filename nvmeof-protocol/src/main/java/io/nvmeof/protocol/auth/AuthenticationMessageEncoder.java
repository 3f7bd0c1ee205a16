package io.nvmeof.protocol.auth;

import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.CHALLENGE;
import static io.nvmeof.protocol.auth.AuthenticationMessageLayouts.FAILURE;
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
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.List;

/** Writes authentication messages: the layout field by field, then the values of variable length. */
final class AuthenticationMessageEncoder {
    /** AUTH_TYPE of AUTH_Negotiate and AUTH_Failure. */
    static final int COMMON = 0x00;
    /** AUTH_TYPE of DH-HMAC-CHAP's own messages. */
    static final int DH_HMAC_CHAP = 0x01;

    static final int NEGOTIATE_ID = 0x00;
    static final int CHALLENGE_ID = 0x01;
    static final int REPLY_ID = 0x02;
    static final int SUCCESS1_ID = 0x03;
    static final int SUCCESS2_ID = 0x04;
    static final int FAILURE2_ID = 0xF0;
    static final int FAILURE1_ID = 0xF1;

    private final MemorySegment into;
    private final long base;
    private final StructLayout layout;
    private long next;

    private AuthenticationMessageEncoder(MemorySegment into, long base, StructLayout layout) {
        this.into = into;
        this.base = base;
        this.layout = layout;
        this.next = base + layout.byteSize();
    }

    static int length(AuthenticationMessage message) {
        return (int) switch (message) {
            case Negotiate m -> NEGOTIATE.byteSize() + m.descriptors().size() * PROTOCOL_DESCRIPTOR.byteSize();
            case Challenge m -> CHALLENGE.byteSize() + m.challenge().length + m.dhValue().length;
            case Reply m -> REPLY.byteSize() + m.response().length + m.challenge().length + m.dhValue().length;
            case Success1 m -> SUCCESS1.byteSize() + m.response().length;
            case Success2 m -> SUCCESS2.byteSize();
            case Failure m -> FAILURE.byteSize();
        };
    }

    static void encode(AuthenticationMessage message, MemorySegment into, long base) {
        into.asSlice(base, length(message)).fill((byte) 0);
        switch (message) {
            case Negotiate m -> {
                var encoder = new AuthenticationMessageEncoder(into, base, NEGOTIATE).header(m, COMMON, NEGOTIATE_ID)
                        .put8("SC_C", m.secureChannelId()).put8("NAPD", m.descriptors().size());
                m.descriptors().forEach(encoder::descriptor);
            }
            case Challenge m -> new AuthenticationMessageEncoder(into, base, CHALLENGE)
                    .header(m, DH_HMAC_CHAP, CHALLENGE_ID)
                    .put8("HL", m.challenge().length).put8("HASHID", m.hashId()).put8("DHGID", m.groupId())
                    .put16("DHVLEN", m.dhValue().length).put32("SEQNUM", m.sequenceNumber())
                    .append(m.challenge()).append(m.dhValue());
            case Reply m -> new AuthenticationMessageEncoder(into, base, REPLY).header(m, DH_HMAC_CHAP, REPLY_ID)
                    .put8("HL", m.response().length).put8("CVALID", m.challengeValid() ? 1 : 0)
                    .put16("DHVLEN", m.dhValue().length).put32("SEQNUM", m.sequenceNumber())
                    .append(m.response()).append(m.challenge()).append(m.dhValue());
            case Success1 m -> new AuthenticationMessageEncoder(into, base, SUCCESS1)
                    .header(m, DH_HMAC_CHAP, SUCCESS1_ID)
                    .put8("HL", m.response().length).put8("RVALID", m.responseValid() ? 1 : 0).append(m.response());
            case Success2 m -> new AuthenticationMessageEncoder(into, base, SUCCESS2)
                    .header(m, DH_HMAC_CHAP, SUCCESS2_ID);
            case Failure m -> new AuthenticationMessageEncoder(into, base, FAILURE)
                    .header(m, COMMON, m.fromHost() ? FAILURE2_ID : FAILURE1_ID)
                    .put8("RC", m.reasonCode()).put8("RCE", m.explanation());
        }
    }

    private AuthenticationMessageEncoder header(AuthenticationMessage message, int type, int id) {
        return put8("AUTH_TYPE", type).put8("AUTH_ID", id).put16("T_ID", message.transactionId());
    }

    private void descriptor(ProtocolDescriptor descriptor) {
        var encoder = new AuthenticationMessageEncoder(into, next, PROTOCOL_DESCRIPTOR)
                .put8("AUTHID", descriptor.protocolId())
                .put8("HALEN", descriptor.hashIds().size()).put8("DHLEN", descriptor.groupIds().size());
        encoder.list("HASHIDLIST", descriptor.hashIds());
        encoder.list("DHGIDLIST", descriptor.groupIds());
        next = encoder.next;
    }

    private void list(String field, List<Integer> identifiers) {
        long at = base + offset(layout, field);
        for (int i = 0; i < identifiers.size(); i++) {
            into.set(U8, at + i, identifiers.get(i).byteValue());
        }
    }

    private AuthenticationMessageEncoder put8(String field, int value) {
        into.set(U8, base + offset(layout, field), (byte) value);
        return this;
    }

    private AuthenticationMessageEncoder put16(String field, int value) {
        into.set(LE16, base + offset(layout, field), (short) value);
        return this;
    }

    private AuthenticationMessageEncoder put32(String field, int value) {
        into.set(LE32, base + offset(layout, field), value);
        return this;
    }

    private AuthenticationMessageEncoder append(byte[] value) {
        MemorySegment.copy(value, 0, into, U8, next, value.length);
        next += value.length;
        return this;
    }
}
