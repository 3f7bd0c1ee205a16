package io.nvmeof.initiator;

import io.nvmeof.protocol.transport.CloseReason;
import java.util.Locale;

/**
 * The connection ended before a command was answered, or had ended before the command was given. A command that was
 * under way may or may not have been executed.
 */
public final class ConnectionLostException extends NvmeofException {
    private static final long serialVersionUID = 1L;

    private final transient CloseReason reason;

    ConnectionLostException(String command, CloseReason reason) {
        super(command + ": connection lost, " + inWords(reason), reason.cause());
        this.reason = reason;
    }

    static String inWords(CloseReason reason) {
        return reason.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + reason.message();
    }

    /** Why the connection ended. */
    public CloseReason reason() {
        return reason;
    }
}
