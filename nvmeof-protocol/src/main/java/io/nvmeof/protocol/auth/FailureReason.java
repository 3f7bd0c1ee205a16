package io.nvmeof.protocol.auth;

/** Why an authentication failed: the Reason Code Explanations of AUTH_Failure (NVMe Base 2.1, 8.3.4.4.3). */
public enum FailureReason {
    /** Authentication failed (01h): the peer does not know the key; all the peer learns of it. */
    AUTHENTICATION_FAILED(1, "authentication failed"),
    /** Authentication protocol not usable (02h). */
    PROTOCOL_NOT_USABLE(2, "authentication protocol not usable"),
    /** Secure channel concatenation mismatch (03h). */
    SECURE_CHANNEL_CONCATENATION_MISMATCH(3, "secure channel concatenation mismatch"),
    /** Hash function not usable (04h). */
    HASH_NOT_USABLE(4, "hash function not usable"),
    /** DH group not usable (05h). */
    DH_GROUP_NOT_USABLE(5, "DH group not usable"),
    /** Incorrect payload (06h). */
    INCORRECT_PAYLOAD(6, "incorrect payload"),
    /** Incorrect protocol message (07h). */
    INCORRECT_PROTOCOL_MESSAGE(7, "incorrect protocol message");

    private static final FailureReason[] BY_CODE = values();

    private final int code;
    private final String text;

    FailureReason(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** Returns the reason with this code (0..255), or null if there is none. */
    public static FailureReason ofCode(int code) {
        return code >= 1 && code <= BY_CODE.length ? BY_CODE[code - 1] : null;
    }

    /** The value on the wire. */
    public int code() {
        return code;
    }

    /** The reason in the specification's words. */
    @Override
    public String toString() {
        return text;
    }
}
