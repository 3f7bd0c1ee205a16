package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.auth.AuthenticationMessage.Challenge;
import java.util.function.Supplier;

/**
 * A host's work on a controller's challenge: our public value, our response, what the controller is to respond, and
 * which PSK comes of it. Owns the secrets it is given and destroys them.
 *
 * @param hostKey the host's transformed key
 * @param controllerKey the controller's transformed key, or null if it need not authenticate
 * @param exponent our private exponent, or null without DH group
 */
record ChallengeResponse(DhChapExchange exchange, Secret hostKey, Secret controllerKey, Secret exponent,
        Challenge challenge, byte[] ownChallenge, int ownSequenceNumber) implements Supplier<DhChapResult> {
    @Override
    public DhChapResult get() {
        Secret sessionKey = exponent == null ? null : exchange.sessionKey(exponent, challenge.dhValue());
        try {
            byte[] publicValue = exponent == null ? new byte[0] : exchange.group().publicValue(exponent);
            byte[] response = exchange.hostResponse(hostKey, sessionKey, challenge.challenge(),
                    challenge.sequenceNumber());
            byte[] expected = controllerKey == null ? null
                    : exchange.controllerResponse(controllerKey, sessionKey, ownChallenge, ownSequenceNumber);
            TlsPsk psk = exchange.secureChannel() == SecureChannel.NONE
                    ? null : exchange.generatedPsk(sessionKey, challenge.challenge(), ownChallenge);
            return new DhChapResult(publicValue, null, response, expected, psk);
        } finally {
            for (Secret secret : new Secret[] {hostKey, controllerKey, exponent, sessionKey}) {
                if (secret != null) {
                    secret.destroy();
                }
            }
        }
    }
}
