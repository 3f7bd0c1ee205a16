package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.transport.CloseReason;
import java.io.IOException;

/** The secure channel is over; carries why through the pipeline. */
final class TlsFailure extends IOException {
    static final int NO_ALERT = -1;

    private static final long serialVersionUID = 1;

    private final transient CloseReason reason;
    private final int alert;

    TlsFailure(CloseReason reason, int alert) {
        super(reason.message(), reason.cause());
        this.reason = reason;
        this.alert = alert;
    }

    /** The peer broke the protocol of the secure channel. */
    static TlsFailure of(int alert, String message) {
        return new TlsFailure(CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR,
                message + " (" + TlsAlert.name(alert) + ")"), alert);
    }

    /** The end of the channel without a word to the peer. */
    static TlsFailure silent(CloseReason.Kind kind, String message) {
        return new TlsFailure(CloseReason.of(kind, message), NO_ALERT);
    }

    CloseReason reason() {
        return reason;
    }

    /** What to tell the peer, or {@link #NO_ALERT}. */
    int alert() {
        return alert;
    }
}
