package io.nvmeof.transport.tcp;

import java.util.Arrays;

/**
 * What a handshake came to: the application traffic secrets (RFC 8446, 7.1), which belong to whoever takes this.
 *
 * @param identity the PSK identity both ends agreed on
 */
record TlsSession(TlsCipherSuite suite, String identity, byte[] sendSecret, byte[] receiveSecret) {
    /** For a session that is not used. */
    void wipe() {
        Arrays.fill(sendSecret, (byte) 0);
        Arrays.fill(receiveSecret, (byte) 0);
    }

    @Override
    public String toString() {
        return "TlsSession[" + suite + ", " + identity + "]";
    }
}
