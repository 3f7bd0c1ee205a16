package io.nvmeof.cli.control;

/** A request of the control door cannot be fulfilled, or was not; the message is for the person who asked. */
public final class ControlException extends Exception {
    /** HTTP status: the request is wrong, nothing has changed. */
    public static final int BAD_REQUEST = 400;
    /** HTTP status: there is no such thing. */
    public static final int NOT_FOUND = 404;
    /** HTTP status: this cannot be done with it. */
    public static final int METHOD_NOT_ALLOWED = 405;
    /** HTTP status: the request was right, but failed. */
    public static final int FAILED = 500;
    /** HTTP status: not done in time; it may still be. */
    public static final int TIMEOUT = 504;

    private static final long serialVersionUID = 1;

    private final int status;

    /** An answer with this HTTP status. */
    public ControlException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** An answer with this HTTP status, because of a failure. */
    public ControlException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the request itself was at fault, and nothing has changed. */
    public boolean usage() {
        return status == BAD_REQUEST || status == NOT_FOUND || status == METHOD_NOT_ALLOWED;
    }
}
