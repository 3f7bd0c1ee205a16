package io.nvmeof.protocol.auth;

/**
 * What expensive work came to. Each piece of work fills what it is about.
 *
 * @param publicValue our public value; empty without DH group
 * @param failure why the peer is refused, or null if it is not
 * @param response our response to the peer's challenge, or null
 * @param expectedResponse what the peer must respond to our challenge, or null
 * @param generatedPsk the PSK for TLS, or null
 */
record DhChapResult(byte[] publicValue, FailureReason failure, byte[] response, byte[] expectedResponse,
        TlsPsk generatedPsk) {
    static DhChapResult ofPublicValue(byte[] publicValue) {
        return new DhChapResult(publicValue, null, null, null, null);
    }

    static DhChapResult ofFailure(FailureReason reason) {
        return new DhChapResult(new byte[0], reason, null, null, null);
    }

    /** Overwrites what must not outlive a transaction nobody waits for any more. */
    void destroy() {
        if (generatedPsk != null) {
            generatedPsk.destroy();
        }
    }
}
