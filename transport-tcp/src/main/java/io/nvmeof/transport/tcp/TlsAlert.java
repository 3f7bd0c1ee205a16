package io.nvmeof.transport.tcp;

/** Alerts of TLS 1.3 (RFC 8446, 6) by number and name. */
final class TlsAlert {
    /** The levels. */
    static final byte WARNING = 1;
    static final byte FATAL = 2;

    static final int CLOSE_NOTIFY = 0;
    static final int UNEXPECTED_MESSAGE = 10;
    static final int BAD_RECORD_MAC = 20;
    static final int RECORD_OVERFLOW = 22;
    static final int HANDSHAKE_FAILURE = 40;
    static final int ILLEGAL_PARAMETER = 47;
    static final int DECODE_ERROR = 50;
    static final int DECRYPT_ERROR = 51;
    static final int PROTOCOL_VERSION = 70;
    static final int INSUFFICIENT_SECURITY = 71;
    static final int INTERNAL_ERROR = 80;
    static final int USER_CANCELED = 90;
    static final int MISSING_EXTENSION = 109;
    static final int UNKNOWN_PSK_IDENTITY = 115;

    private TlsAlert() {}

    /** The RFC's name, or the number of one that is not expected here. */
    static String name(int description) {
        return switch (description) {
            case CLOSE_NOTIFY -> "close_notify";
            case UNEXPECTED_MESSAGE -> "unexpected_message";
            case BAD_RECORD_MAC -> "bad_record_mac";
            case RECORD_OVERFLOW -> "record_overflow";
            case HANDSHAKE_FAILURE -> "handshake_failure";
            case ILLEGAL_PARAMETER -> "illegal_parameter";
            case DECODE_ERROR -> "decode_error";
            case DECRYPT_ERROR -> "decrypt_error";
            case PROTOCOL_VERSION -> "protocol_version";
            case INSUFFICIENT_SECURITY -> "insufficient_security";
            case INTERNAL_ERROR -> "internal_error";
            case USER_CANCELED -> "user_canceled";
            case MISSING_EXTENSION -> "missing_extension";
            case UNKNOWN_PSK_IDENTITY -> "unknown_psk_identity";
            default -> "alert " + description;
        };
    }
}
