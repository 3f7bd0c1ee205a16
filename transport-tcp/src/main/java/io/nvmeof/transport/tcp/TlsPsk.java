package io.nvmeof.transport.tcp;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A TLS pre-shared key as it goes into the handshake: the "TLS PSK" of NVMe/TCP Transport 1.1, 3.6.1.3, derived already
 * from the retained or generated one. Its text never holds the secret.
 */
public final class TlsPsk {
    private static final int IDENTITY_BYTES_MAX = 65_535;

    private final String identity;
    private final byte[] secret;
    private final TlsCipherSuite suite;

    private TlsPsk(String identity, byte[] secret, TlsCipherSuite suite) {
        this.identity = identity;
        this.secret = secret;
        this.suite = suite;
    }

    /**
     * A key.
     *
     * @param identity the PSK identity, such as {@code NVMe1R01 <host NQN> <subsystem NQN> <digest>}; 1 to 65,535 bytes
     *     in UTF-8
     * @param secret the TLS PSK, copied
     * @param suite the suite that goes with the key's hash: SHA-256 with {@link
     *     TlsCipherSuite#TLS_AES_128_GCM_SHA256}, SHA-384 with {@link TlsCipherSuite#TLS_AES_256_GCM_SHA384}
     * @throws IllegalArgumentException if the identity or the secret is empty, or the identity is too long
     */
    public static TlsPsk of(String identity, byte[] secret, TlsCipherSuite suite) {
        int length = identity.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > IDENTITY_BYTES_MAX) {
            throw new IllegalArgumentException("TLS identity of " + length + " bytes: allowed from 1 to "
                    + IDENTITY_BYTES_MAX);
        }
        if (secret.length == 0) {
            throw new IllegalArgumentException("TLS key without a byte");
        }
        return new TlsPsk(identity, secret.clone(), Objects.requireNonNull(suite));
    }

    public String identity() {
        return identity;
    }

    public TlsCipherSuite suite() {
        return suite;
    }

    /** A copy of the secret; whoever takes it wipes it. */
    byte[] secret() {
        return secret.clone();
    }

    byte[] identityBytes() {
        return identity.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "TlsPsk[" + identity + ", " + suite + "]";
    }
}
