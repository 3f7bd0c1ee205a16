package io.nvmeof.initiator;

import io.nvmeof.protocol.status.StatusCode;
import java.util.Locale;

/** The controller completed a command with a status other than success. */
public final class CommandException extends NvmeofException {
    private static final long serialVersionUID = 1L;

    private final transient StatusCode status;
    private final boolean doNotRetry;
    private final long result;

    CommandException(String command, StatusCode status, boolean doNotRetry, long result) {
        super(command + ": " + inWords(status, doNotRetry), null);
        this.status = status;
        this.doNotRetry = doNotRetry;
        this.result = result;
    }

    /** The status the command was completed with. */
    public StatusCode status() {
        return status;
    }

    /** Whether the same command would fail again (DNR). */
    public boolean doNotRetry() {
        return doNotRetry;
    }

    /** Dwords 0 and 1 of the completion; some statuses say there what was wrong. */
    public long result() {
        return result;
    }

    static String inWords(StatusCode status, boolean doNotRetry) {
        return String.format(Locale.ROOT, "%s (status %x%02Xh%s)", status.description(), status.type(), status.code(),
                doNotRetry ? ", do not retry" : "");
    }
}
