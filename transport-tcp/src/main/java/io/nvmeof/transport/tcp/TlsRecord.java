package io.nvmeof.transport.tcp;

/** The layout of a TLS record (RFC 8446, 5.1 and 5.2): type, version, length; all numbers big-endian. */
final class TlsRecord {
    static final int HEADER_BYTES = 5;
    /** Most content of a record. */
    static final int CONTENT_BYTES_MAX = 1 << 14;
    /** Most bytes that may follow the header of a sealed record. */
    static final int SEALED_BYTES_MAX = CONTENT_BYTES_MAX + 256;
    static final int BYTES_MAX = HEADER_BYTES + SEALED_BYTES_MAX;
    /** What sealing adds: header, the true type, and the tag. */
    static final int OVERHEAD_BYTES = HEADER_BYTES + 1 + TlsTrafficKeys.TAG_BYTES;

    static final int CHANGE_CIPHER_SPEC = 20;
    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int APPLICATION_DATA = 23;

    private static final int VERSION_MAJOR = 3;
    private static final int VERSION_MINOR = 3;

    private TlsRecord() {}

    static void encodeHeader(byte[] header, int type, int length) {
        header[0] = (byte) type;
        header[1] = VERSION_MAJOR;
        header[2] = VERSION_MINOR;
        header[3] = (byte) (length >>> Byte.SIZE);
        header[4] = (byte) length;
    }

    /** How many bytes follow the header. */
    static int length(byte[] header, int offset) {
        return Byte.toUnsignedInt(header[offset + 3]) << Byte.SIZE | Byte.toUnsignedInt(header[offset + 4]);
    }

    /**
     * What is wrong with a header.
     *
     * @return the alert for it, or {@link TlsFailure#NO_ALERT} if it is in order
     */
    static int fault(byte[] header, int offset) {
        int type = header[offset];
        if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) {
            return TlsAlert.UNEXPECTED_MESSAGE;
        } else if (header[offset + 1] != VERSION_MAJOR) {
            return TlsAlert.PROTOCOL_VERSION;
        }
        return length(header, offset) > SEALED_BYTES_MAX ? TlsAlert.RECORD_OVERFLOW : TlsFailure.NO_ALERT;
    }
}
