package io.nvmeof.protocol.auth;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * The wire layouts of the authentication messages; names are the specification's abbreviations. Values whose length
 * another field tells (challenges, responses, DH values) follow the layout and are not part of it.
 */
public final class AuthenticationMessageLayouts {
    /** What all messages start with. */
    public static final StructLayout HEADER = MemoryLayout.structLayout(
            U8.withName("AUTH_TYPE"),
            U8.withName("AUTH_ID"),
            MemoryLayout.paddingLayout(2),
            LE16.withName("T_ID"));

    /** AUTH_Negotiate, before its protocol descriptors (NVMe Base 2.1, 8.3.4.4.1). */
    public static final StructLayout NEGOTIATE = MemoryLayout.structLayout(
            U8.withName("AUTH_TYPE"),
            U8.withName("AUTH_ID"),
            MemoryLayout.paddingLayout(2),
            LE16.withName("T_ID"),
            U8.withName("SC_C"),
            U8.withName("NAPD"));

    /** The authentication protocol descriptor of DH-HMAC-CHAP (8.3.4.5.2). */
    public static final StructLayout PROTOCOL_DESCRIPTOR = MemoryLayout.structLayout(
            U8.withName("AUTHID"),
            MemoryLayout.paddingLayout(1),
            U8.withName("HALEN"),
            U8.withName("DHLEN"),
            MemoryLayout.sequenceLayout(30, U8).withName("HASHIDLIST"),
            MemoryLayout.sequenceLayout(30, U8).withName("DHGIDLIST"));

    /** DH-HMAC-CHAP_Challenge, before challenge and DH value (8.3.4.5.3). */
    public static final StructLayout CHALLENGE = MemoryLayout.structLayout(
            U8.withName("AUTH_TYPE"),
            U8.withName("AUTH_ID"),
            MemoryLayout.paddingLayout(2),
            LE16.withName("T_ID"),
            U8.withName("HL"),
            MemoryLayout.paddingLayout(1),
            U8.withName("HASHID"),
            U8.withName("DHGID"),
            LE16.withName("DHVLEN"),
            LE32.withName("SEQNUM"));

    /** DH-HMAC-CHAP_Reply, before response, challenge and DH value (8.3.4.5.4). */
    public static final StructLayout REPLY = MemoryLayout.structLayout(
            U8.withName("AUTH_TYPE"),
            U8.withName("AUTH_ID"),
            MemoryLayout.paddingLayout(2),
            LE16.withName("T_ID"),
            U8.withName("HL"),
            MemoryLayout.paddingLayout(1),
            U8.withName("CVALID"),
            MemoryLayout.paddingLayout(1),
            LE16.withName("DHVLEN"),
            LE32.withName("SEQNUM"));

    /** DH-HMAC-CHAP_Success1, before the response (8.3.4.5.5). */
    public static final StructLayout SUCCESS1 = MemoryLayout.structLayout(
            U8.withName("AUTH_TYPE"),
            U8.withName("AUTH_ID"),
            MemoryLayout.paddingLayout(2),
            LE16.withName("T_ID"),
            U8.withName("HL"),
            MemoryLayout.paddingLayout(1),
            U8.withName("RVALID"),
            MemoryLayout.paddingLayout(7));

    /** DH-HMAC-CHAP_Success2 (8.3.4.5.6). */
    public static final StructLayout SUCCESS2 = MemoryLayout.structLayout(
            U8.withName("AUTH_TYPE"),
            U8.withName("AUTH_ID"),
            MemoryLayout.paddingLayout(2),
            LE16.withName("T_ID"),
            MemoryLayout.paddingLayout(10));

    /** AUTH_Failure1 and AUTH_Failure2 (8.3.4.4.2 and 8.3.4.4.3). */
    public static final StructLayout FAILURE = MemoryLayout.structLayout(
            U8.withName("AUTH_TYPE"),
            U8.withName("AUTH_ID"),
            MemoryLayout.paddingLayout(2),
            LE16.withName("T_ID"),
            U8.withName("RC"),
            U8.withName("RCE"));

    private AuthenticationMessageLayouts() {}

    /** Where a field is in one of these layouts, in bytes. */
    static long offset(StructLayout layout, String field) {
        return layout.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
