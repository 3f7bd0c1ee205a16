package io.nvmeof.protocol.status;

/** A Status Code Type and Status Code: how a command ended (NVMe Base 2.1, Status Field Definition). */
public sealed interface StatusCode
        permits GenericStatus, CommandSpecificStatus, MediaStatus, PathRelatedStatus, OtherStatus {
    /** Do Not Retry: the same command would fail again. */
    int DO_NOT_RETRY = 1 << 15;
    /** More: the Error Information log page says more about this failure. */
    int MORE = 1 << 14;
    /** The Status Code Type vendors may use. */
    int VENDOR_SPECIFIC_TYPE = 7;

    /** The Status Code Type, 0 to 7. */
    int type();

    /** The Status Code, 0 to 255. */
    int code();

    /** The specification's name of this status, for people. */
    String description();

    /** The last 16 bits of a completion queue entry: this status, {@code doNotRetry} in bit 15, the phase tag zero. */
    default int field(boolean doNotRetry) {
        return code() << 1 | type() << 9 | (doNotRetry ? DO_NOT_RETRY : 0);
    }

    /** Whether this is the status of a command that did what it was asked. */
    default boolean successful() {
        return code() == 0 && type() == 0;
    }

    /** Whether both are the same on the wire; a code that has a name per command is equal here, not by identity. */
    default boolean matches(StatusCode other) {
        return type() == other.type() && code() == other.code();
    }

    /**
     * Reads the 16-bit field of a completion; its other bits (phase, CRD, M, DNR) are ignored. Known statuses are
     * constants, an unknown one is an {@link OtherStatus}; nothing throws. Command specific codes that overlap are
     * named as I/O commands use them; for a Fabrics command call {@link #ofFabricsField}.
     */
    static StatusCode ofField(int field) {
        int type = field >>> 9 & 0x7;
        int code = field >>> 1 & 0xFF;
        StatusCode known = switch (type) {
            case GenericStatus.TYPE -> GenericStatus.ofCode(code);
            case CommandSpecificStatus.TYPE -> CommandSpecificStatus.ofCode(code);
            case MediaStatus.TYPE -> MediaStatus.ofCode(code);
            case PathRelatedStatus.TYPE -> PathRelatedStatus.ofCode(code);
            default -> null;
        };
        return known != null ? known : new OtherStatus(type, code);
    }

    /** As {@link #ofField}, for the completion of a Fabrics command, where 182h is Connect Invalid Parameters. */
    static StatusCode ofFabricsField(int field) {
        if ((field >>> 9 & 0x7) == CommandSpecificStatus.TYPE) {
            StatusCode known = CommandSpecificStatus.ofFabricsCode(field >>> 1 & 0xFF);
            if (known != null) {
                return known;
            }
        }
        return ofField(field);
    }

    /** Whether the field of a completion has Do Not Retry set. */
    static boolean doNotRetry(int field) {
        return (field & DO_NOT_RETRY) != 0;
    }
}
