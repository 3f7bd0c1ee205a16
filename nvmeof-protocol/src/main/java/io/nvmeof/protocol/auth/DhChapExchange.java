package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What both ends of one transaction agree on, and what they compute of it: responses (NVMe Base 2.1, 8.3.4.5.7 and
 * 8.3.4.5.8), session key and generated PSK (8.3.4.5.9). Immutable; work in other threads uses it.
 *
 * @param hash the hash the controller chose
 * @param group the DH group the controller chose
 * @param transactionId T_ID
 * @param secureChannel SC_C
 */
record DhChapExchange(AuthenticatedQueue queue, AuthenticationHash hash, DhGroup group, int transactionId,
        SecureChannel secureChannel) {
    private static final byte[] HOST_ROLE = "HostHost".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTROLLER_ROLE = "Controller".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEPARATOR = new byte[1];

    /** R1: what the host responds to the controller's challenge. */
    byte[] hostResponse(Secret hostKey, Secret sessionKey, byte[] challenge, int sequenceNumber) {
        return response(hostKey, sessionKey, challenge, sequenceNumber, HOST_ROLE, queue.host(), queue.subsystem());
    }

    /** R2: what the controller responds to the host's challenge. */
    byte[] controllerResponse(Secret controllerKey, Secret sessionKey, byte[] challenge, int sequenceNumber) {
        return response(controllerKey, sessionKey, challenge, sequenceNumber, CONTROLLER_ROLE, queue.subsystem(),
                queue.host());
    }

    /** KS: the hash of the common DH value; null without DH group. Expensive. */
    Secret sessionKey(Secret exponent, byte[] peerValue) {
        if (group == DhGroup.NULL) {
            return null;
        }
        byte[] shared = group.sharedValue(exponent, peerValue);
        try {
            return Secret.owning(hash.hash(shared));
        } finally {
            Arrays.fill(shared, (byte) 0);
        }
    }

    /** The PSK for TLS of both challenges. */
    TlsPsk generatedPsk(Secret sessionKey, byte[] controllerChallenge, byte[] hostChallenge) {
        return generatedPsk(hash, sessionKey, controllerChallenge, hostChallenge, queue.host(), queue.subsystem());
    }

    static TlsPsk generatedPsk(AuthenticationHash hash, Secret sessionKey, byte[] controllerChallenge,
            byte[] hostChallenge, NvmeQualifiedName host, NvmeQualifiedName subsystem) {
        Secret generated = Secret.owning(hash.hmac(sessionKey.usable(), controllerChallenge, hostChallenge));
        try {
            return TlsPsk.ofGenerated(hash, generated, host, subsystem);
        } finally {
            generated.destroy();
        }
    }

    /** HMAC(key, challenge, sequence number, T_ID, SC_C, role, own name, 0, other name). */
    private byte[] response(Secret key, Secret sessionKey, byte[] challenge, int sequenceNumber, byte[] role,
            NvmeQualifiedName own, NvmeQualifiedName other) {
        // With a DH group the challenge is augmented: only who took part in the DH exchange can compute with it.
        byte[] augmented = sessionKey == null ? challenge : hash.hmac(sessionKey.usable(), challenge);
        byte[] numbers = {
            (byte) sequenceNumber, (byte) (sequenceNumber >>> 8), (byte) (sequenceNumber >>> 16),
            (byte) (sequenceNumber >>> 24), (byte) transactionId, (byte) (transactionId >>> 8),
            (byte) secureChannel.code()};
        return hash.hmac(key.usable(), augmented, numbers, role, Names.bytes(own), SEPARATOR, Names.bytes(other));
    }
}
