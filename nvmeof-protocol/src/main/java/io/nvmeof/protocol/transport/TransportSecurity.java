package io.nvmeof.protocol.transport;

import java.util.Objects;

/**
 * What a secure channel proved before the first capsule (NVMe/TCP Transport 1.1, 3.6.1): both ends have the key that
 * belongs to an identity.
 *
 * @param pskIdentity the PSK identity both ends agreed on, as it was sent: it holds the NQNs the key belongs to
 * @param cipherSuite the name of the cipher suite, such as {@code TLS_AES_128_GCM_SHA256}
 */
public record TransportSecurity(String pskIdentity, String cipherSuite) {
    public TransportSecurity {
        Objects.requireNonNull(pskIdentity);
        Objects.requireNonNull(cipherSuite);
    }
}
