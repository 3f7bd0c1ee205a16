package io.nvmeof.protocol.auth;

/** How HKDF's labels are written when a PSK is derived. Both ends must do the same, or the TLS handshake fails. */
public enum PskDerivation {
    /** As the specification says (NVMe/TCP Transport 1.1, 3.6.1.3 and RFC 8446, 7.1); nvme-cli 2.16 does it. */
    SPECIFIED,
    /**
     * As older releases of nvme-cli do it (2.13, which Debian 13 has), and newer ones when told {@code --compat}: the
     * length in the label little endian, label and context without their lengths. PSK identities of version 1 differ
     * with it if the configured PSK is transformed; those of version 0 never tell.
     */
    COMPATIBLE
}
