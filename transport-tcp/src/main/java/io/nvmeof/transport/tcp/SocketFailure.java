package io.nvmeof.transport.tcp;

import io.netty.channel.ConnectTimeoutException;
import io.nvmeof.protocol.transport.CloseReason;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;

/** Says what went wrong with a socket in words that do not depend on the engine. */
final class SocketFailure {
    private SocketFailure() {}

    static CloseReason reason(Throwable failure) {
        return new CloseReason(CloseReason.Kind.TRANSPORT_ERROR, describe(failure), failure);
    }

    /** One sentence, without the peer's address. The engines only agree on the system's own words. */
    static String describe(Throwable failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        String words = message.toLowerCase(Locale.ROOT);
        if (failure instanceof ConnectTimeoutException) {
            return "connecting timed out: no answer";
        } else if (failure instanceof UnknownHostException) {
            return "the name cannot be resolved";
        } else if (words.contains("connection refused")) {
            return "connection refused: nothing listens there";
        } else if (failure instanceof NoRouteToHostException || words.contains("no route to host")
                || words.contains("host is unreachable")) {
            return "host unreachable";
        } else if (words.contains("network is unreachable")) {
            return "network unreachable";
        } else if (words.contains("connection reset")) {
            return "connection reset by the peer";
        } else if (words.contains("broken pipe")) {
            return "connection closed by the peer while data was being sent";
        } else if (words.contains("too many open files")) {
            return "no file descriptor is left (see ulimit -n)";
        } else if (words.contains("timed out")) {
            return "connection timed out: the peer does not answer";
        }
        return "network error: " + (message.isEmpty() ? failure.toString() : message);
    }
}
