package io.nvmeof.protocol.transport;

import java.util.Objects;

/**
 * Why a queue's connection ended.
 *
 * @param kind who or what ended it
 * @param message one sentence for a log or an exception, without the peer's address
 * @param cause the failure behind it, or {@code null}
 */
public record CloseReason(Kind kind, String message, Throwable cause) {
    /** Who or what ended the connection. */
    public enum Kind {
        /** This side had no more use for it: disconnect, shutdown, configuration. */
        LOCAL,
        /** The peer closed its end in an orderly way. */
        PEER_CLOSED,
        /** The peer broke the protocol; a terminate request was sent to it where the transport has one. */
        PROTOCOL_ERROR,
        /** The peer says that we broke the protocol: it sent a terminate request. */
        TERMINATED_BY_PEER,
        /** The peer was silent, or took no data, for longer than is allowed. */
        TIMEOUT,
        /** The network failed, or could not be reached. */
        TRANSPORT_ERROR,
        /** A fault of our own; logged once with its cause. */
        INTERNAL_ERROR
    }

    public CloseReason {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(message);
    }

    public static CloseReason of(Kind kind, String message) {
        return new CloseReason(kind, message, null);
    }
}
