package io.nvmeof.protocol.tcp;

/**
 * The peer broke the protocol in a way that ends its connection: thrown where a PDU is checked, caught in one place,
 * {@link PduConnection#receive}, which turns it into a terminate request.
 */
final class ConnectionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FatalErrorStatus status;
    private final int information;

    /**
     * @param information FEI: the byte offset of the field at fault, or the header digest received, or 0
     */
    ConnectionException(FatalErrorStatus status, int information, String message) {
        // No stack trace: a hostile peer could make us fill one for every connection.
        super(message, null, false, false);
        this.status = status;
        this.information = information;
    }

    static ConnectionException invalidField(int headerByte, String message) {
        return new ConnectionException(FatalErrorStatus.INVALID_PDU_HEADER_FIELD, headerByte, message);
    }

    static ConnectionException of(FatalErrorStatus status, String message) {
        return new ConnectionException(status, 0, message);
    }

    FatalErrorStatus status() {
        return status;
    }

    int information() {
        return information;
    }
}
