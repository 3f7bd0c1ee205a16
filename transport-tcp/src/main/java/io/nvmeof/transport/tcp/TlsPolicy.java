package io.nvmeof.transport.tcp;

/** What a listener does about TLS. */
public enum TlsPolicy {
    /** Plain connections only. */
    OFF,
    /** Both: the first byte of a connection tells a TLS ClientHello from an ICReq. */
    ALLOWED,
    /** TLS only: a connection that begins otherwise is closed. */
    REQUIRED
}
