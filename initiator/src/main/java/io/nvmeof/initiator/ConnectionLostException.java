package io.nvmeof.initiator;

import io.nvmeof.protocol.transport.CloseReason;

/**
 * The connection ended before a command was answered, or had ended before the command was given. A command that was
 * under way may or may not have been executed.
 */
public final class ConnectionLostException extends NvmeofException {
    private static final long serialVersionUID = 1L;

    private final transient CloseReason reason;

    ConnectionLostException(String command, CloseReason reason) {
        super(command + ": connection lost (" + reason.kind() + "): " + reason.message(), reason.cause());
        this.reason = reason;
    }

    /** Why the connection ended. */
    public CloseReason reason() {
        return reason;
    }
}
