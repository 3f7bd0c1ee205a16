package io.nvmeof.protocol.auth;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A message of in-band authentication: the data of an Authentication Send or an Authentication Receive (NVMe Base 2.1,
 * 8.3.4.4 and 8.3.4.5). Lengths are checked when it is decoded; whether a value is one of ours is for who reads it.
 * The arrays of a message belong to it and are not to be changed.
 */
public sealed interface AuthenticationMessage {
    /** The most bytes of an Authentication Send or Receive: more than any message needs, and what hosts ask for. */
    int MAX_TRANSFER_LENGTH = 4096;
    /** The most authentication protocol descriptors in an AUTH_Negotiate. */
    int MAX_DESCRIPTORS = 16;
    /** The most hash or DH group identifiers in a descriptor. */
    int MAX_IDENTIFIERS = 30;

    /** T_ID: which authentication transaction it belongs to; chosen by the host. */
    int transactionId();

    /** Bytes of the message. */
    default int length() {
        return AuthenticationMessageEncoder.length(this);
    }

    /** Writes all bytes of the message, reserved ones included. */
    default void encode(MemorySegment into, long base) {
        AuthenticationMessageEncoder.encode(this, into, base);
    }

    /** The message in an array of its own. */
    default byte[] bytes() {
        byte[] bytes = new byte[length()];
        encode(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    /**
     * Reads the message that starts at {@code base}; bytes may follow it, up to {@code length}.
     *
     * @throws InvalidAuthenticationMessageException if it is none, or does not fit into {@code length} bytes
     */
    static AuthenticationMessage decode(MemorySegment from, long base, long length)
            throws InvalidAuthenticationMessageException {
        return new AuthenticationMessageDecoder(from, base, length).message();
    }

    /**
     * Reads the message that is all of the {@code length} bytes at {@code base}.
     *
     * @throws InvalidAuthenticationMessageException if it is none, is longer, or is shorter
     */
    static AuthenticationMessage decodeExactly(MemorySegment from, long base, long length)
            throws InvalidAuthenticationMessageException {
        AuthenticationMessage message = decode(from, base, length);
        if (message.length() != length) {
            throw new InvalidAuthenticationMessageException(FailureReason.INCORRECT_PAYLOAD,
                    "a message of " + message.length() + " bytes in a transfer of " + length);
        }
        return message;
    }

    /**
     * What a host offers for one authentication protocol.
     *
     * @param protocolId AUTHID; 1 is DH-HMAC-CHAP, of others the lists are left empty
     * @param hashIds hash identifiers, most wanted first
     * @param groupIds DH group identifiers, most wanted first
     */
    record ProtocolDescriptor(int protocolId, List<Integer> hashIds, List<Integer> groupIds) {
        /** DH-HMAC-CHAP's identifier. */
        public static final int DH_HMAC_CHAP = 1;

        /** Keeps copies of the lists. */
        public ProtocolDescriptor {
            hashIds = List.copyOf(hashIds);
            groupIds = List.copyOf(groupIds);
        }
    }

    /**
     * AUTH_Negotiate.
     *
     * @param secureChannelId SC_C as on the wire; see {@link SecureChannel}
     */
    record Negotiate(int transactionId, int secureChannelId, List<ProtocolDescriptor> descriptors)
            implements AuthenticationMessage {
        /** Keeps a copy of the list. */
        public Negotiate {
            descriptors = List.copyOf(descriptors);
        }
    }

    /**
     * DH-HMAC-CHAP_Challenge.
     *
     * @param hashId HASHID, the hash the controller chose
     * @param groupId DHGID, the DH group the controller chose
     * @param sequenceNumber S1, as an unsigned number
     * @param challenge C1: 32, 48 or 64 bytes
     * @param dhValue the controller's public value, at most {@link DhGroup#MAX_VALUE_LENGTH} bytes; empty without group
     */
    record Challenge(int transactionId, int hashId, int groupId, int sequenceNumber, byte[] challenge, byte[] dhValue)
            implements AuthenticationMessage {    }

    /**
     * DH-HMAC-CHAP_Reply.
     *
     * @param response R1: 32, 48 or 64 bytes
     * @param challengeValid CVALID: whether there is a challenge to the controller
     * @param sequenceNumber S2, as an unsigned number; 0 if the challenge only serves to generate a PSK
     * @param challenge C2: as many bytes as the response, also if it is not valid
     * @param dhValue the host's public value, at most {@link DhGroup#MAX_VALUE_LENGTH} bytes; empty without group
     */
    record Reply(int transactionId, byte[] response, boolean challengeValid, int sequenceNumber, byte[] challenge,
            byte[] dhValue) implements AuthenticationMessage {    }

    /**
     * DH-HMAC-CHAP_Success1.
     *
     * @param responseValid RVALID: whether the controller answers a challenge
     * @param response R2: 32, 48 or 64 bytes, also if it is not valid
     */
    record Success1(int transactionId, boolean responseValid, byte[] response) implements AuthenticationMessage {    }

    /** DH-HMAC-CHAP_Success2. */
    record Success2(int transactionId) implements AuthenticationMessage {    }

    /**
     * AUTH_Failure1 (the controller's) or AUTH_Failure2 (the host's).
     *
     * @param fromHost whether it is AUTH_Failure2
     * @param reasonCode RC; 1, authentication failure, is the only one
     * @param explanation RCE as on the wire; see {@link FailureReason}
     */
    record Failure(int transactionId, boolean fromHost, int reasonCode, int explanation)
            implements AuthenticationMessage {
        /** The reason code: Authentication Failure. */
        public static final int AUTHENTICATION_FAILURE = 1;

        /** What we send. */
        static Failure of(int transactionId, boolean fromHost, FailureReason reason) {
            return new Failure(transactionId, fromHost, AUTHENTICATION_FAILURE, reason.code());
        }

        /** The explanation; Authentication failed for those we do not know. */
        public FailureReason reason() {
            FailureReason reason = FailureReason.ofCode(explanation);
            return reason != null ? reason : FailureReason.AUTHENTICATION_FAILED;
        }
    }
}
