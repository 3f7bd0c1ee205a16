package io.nvmeof.protocol.auth;

/** Secure channel concatenation: what a host asks for in AUTH_Negotiate (SC_C; NVMe Base 2.1, 8.3.4.4.1). */
public enum SecureChannel {
    /** Authentication alone (00h). */
    NONE(0),
    /** Generate a PSK for TLS in an admin queue that has no secure channel yet (02h). */
    NEW_TLS_PSK(2),
    /** Generate a PSK in place of the generated one that this admin queue's TLS session was made with (03h). */
    REPLACE_TLS_PSK(3);

    private final int code;

    SecureChannel(int code) {
        this.code = code;
    }

    /** Returns the value with this code (0..255), or null if there is none. */
    public static SecureChannel ofCode(int code) {
        return switch (code) {
            case 0 -> NONE;
            case 2 -> NEW_TLS_PSK;
            case 3 -> REPLACE_TLS_PSK;
            default -> null;
        };
    }

    /** The value on the wire. */
    public int code() {
        return code;
    }
}
