package io.nvmeof.protocol.auth;

/** Bytes of a peer that are not the authentication message they claim to be: to be answered with AUTH_Failure. */
public final class InvalidAuthenticationMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailureReason reason;

    InvalidAuthenticationMessageException(FailureReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What to answer: {@link FailureReason#INCORRECT_PAYLOAD} or {@link FailureReason#INCORRECT_PROTOCOL_MESSAGE}. */
    public FailureReason reason() {
        return reason;
    }
}
