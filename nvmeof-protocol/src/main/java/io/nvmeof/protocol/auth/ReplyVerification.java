package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.auth.AuthenticationMessage.Reply;
import java.security.MessageDigest;
import java.util.function.Supplier;

/**
 * A controller's work on a host's reply: is the response right, what to respond to the host's challenge, and which PSK
 * comes of it. Owns the secrets it is given and destroys them. Why the answer is no, the host does not learn.
 *
 * @param hostKey the host's transformed key, a made-up one if the host is not known
 * @param controllerKey the controller's transformed key, or null
 * @param exponent our private exponent, or null without DH group
 */
record ReplyVerification(DhChapExchange exchange, Secret hostKey, boolean hostKnown, Secret controllerKey,
        Secret exponent, byte[] challenge, int sequenceNumber, Reply reply) implements Supplier<DhChapResult> {
    @Override
    public DhChapResult get() {
        Secret sessionKey = exponent == null ? null : exchange.sessionKey(exponent, reply.dhValue());
        try {
            byte[] expected = exchange.hostResponse(hostKey, sessionKey, challenge, sequenceNumber);
            boolean right = MessageDigest.isEqual(expected, reply.response());
            boolean challenged = reply.challengeValid() && reply.sequenceNumber() != 0;
            if (!right || !hostKnown || challenged && controllerKey == null) {
                return DhChapResult.ofFailure(FailureReason.AUTHENTICATION_FAILED);
            }
            byte[] response = challenged
                    ? exchange.controllerResponse(controllerKey, sessionKey, reply.challenge(), reply.sequenceNumber())
                    : null;
            TlsPsk psk = exchange.secureChannel() == SecureChannel.NONE
                    ? null : exchange.generatedPsk(sessionKey, challenge, reply.challenge());
            return new DhChapResult(new byte[0], null, response, null, psk);
        } finally {
            for (Secret secret : new Secret[] {hostKey, controllerKey, exponent, sessionKey}) {
                if (secret != null) {
                    secret.destroy();
                }
            }
        }
    }
}
