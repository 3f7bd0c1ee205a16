package io.nvmeof.transport.tcp;

/**
 * The cipher suites of NVMe/TCP over TLS 1.3 (NVMe/TCP Transport 1.1, 3.6.1.1). A pre-shared key belongs to one hash,
 * and the hash to one suite.
 */
public enum TlsCipherSuite {
    /** For keys with SHA-256; every implementation has it. */
    TLS_AES_128_GCM_SHA256(0x1301, 16, 32, "HmacSHA256"),
    /** For keys with SHA-384. */
    TLS_AES_256_GCM_SHA384(0x1302, 32, 48, "HmacSHA384");

    private final int code;
    private final int keyBytes;
    private final int hashBytes;
    private final String hmac;

    TlsCipherSuite(int code, int keyBytes, int hashBytes, String hmac) {
        this.code = code;
        this.keyBytes = keyBytes;
        this.hashBytes = hashBytes;
        this.hmac = hmac;
    }

    /** The number on the wire (RFC 8446, B.4). */
    int code() {
        return code;
    }

    int keyBytes() {
        return keyBytes;
    }

    /** The length of the suite's hash, and so of its secrets, in bytes. */
    int hashBytes() {
        return hashBytes;
    }

    /** What the JDK calls the HMAC of the suite's hash. */
    String hmac() {
        return hmac;
    }

    /** The suite with this number, or {@code null} if it is none of ours. */
    static TlsCipherSuite of(int code) {
        for (TlsCipherSuite suite : values()) {
            if (suite.code == code) {
                return suite;
            }
        }
        return null;
    }
}
