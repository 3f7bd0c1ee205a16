package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.tcp.HostConnectionOptions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How a TCP transport behaves.
 *
 * @param controller what our controllers' connections offer their hosts
 * @param host what our hosts' connections ask of controllers
 * @param connectionCountMax most accepted connections at a time, from 1; further ones are closed at once
 * @param uninitializedCountMax most accepted connections, among them, that have not completed the initialize
 *     connection exchange, from 1
 * @param acceptBacklog connections the system may hold for us until we accept them, from 1
 * @param sendBufferBytes SO_SNDBUF, or 0 to let the system adapt it
 * @param receiveBufferBytes SO_RCVBUF, or 0 to let the system adapt it
 * @param tls how connections are secured
 */
public record TcpOptions(ControllerConnectionOptions controller, HostConnectionOptions host, int connectionCountMax,
        int uninitializedCountMax, int acceptBacklog, int sendBufferBytes, int receiveBufferBytes,
        TlsOptions tls) {
    /** Queues of about a hundred hosts with many cores each. */
    public static final int DEFAULT_CONNECTION_COUNT_MAX = 4096;
    /** A storm of hosts that connect their queues at once, but not everything a stranger could open. */
    public static final int DEFAULT_UNINITIALIZED_COUNT_MAX = 1024;
    /** Linux cuts it to {@code net.core.somaxconn}, by default 4,096. */
    public static final int DEFAULT_ACCEPT_BACKLOG = 1024;

    /** How long a peer may take to close after a terminate request before we do. */
    static final long LINGER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** How long the last bytes of a closing connection may take to leave. */
    static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    public TcpOptions {
        Objects.requireNonNull(controller);
        Objects.requireNonNull(host);
        Objects.requireNonNull(tls);
        atLeast("connectionCountMax", connectionCountMax, 1);
        atLeast("uninitializedCountMax", uninitializedCountMax, 1);
        atLeast("acceptBacklog", acceptBacklog, 1);
        atLeast("sendBufferBytes", sendBufferBytes, 0);
        atLeast("receiveBufferBytes", receiveBufferBytes, 0);
    }

    public static TcpOptions defaults() {
        return new TcpOptions(ControllerConnectionOptions.defaults(), HostConnectionOptions.defaults(),
                DEFAULT_CONNECTION_COUNT_MAX, DEFAULT_UNINITIALIZED_COUNT_MAX, DEFAULT_ACCEPT_BACKLOG, 0, 0,
                TlsOptions.off());
    }

    public TcpOptions withController(ControllerConnectionOptions controller) {
        return new TcpOptions(controller, host, connectionCountMax, uninitializedCountMax, acceptBacklog,
                sendBufferBytes, receiveBufferBytes, tls);
    }

    public TcpOptions withHost(HostConnectionOptions host) {
        return new TcpOptions(controller, host, connectionCountMax, uninitializedCountMax, acceptBacklog,
                sendBufferBytes, receiveBufferBytes, tls);
    }

    /** Other limits for accepted connections, in all and before their initialize connection exchange. */
    public TcpOptions withConnectionCounts(int connectionCountMax, int uninitializedCountMax) {
        return new TcpOptions(controller, host, connectionCountMax, uninitializedCountMax, acceptBacklog,
                sendBufferBytes, receiveBufferBytes, tls);
    }

    public TcpOptions withAcceptBacklog(int acceptBacklog) {
        return new TcpOptions(controller, host, connectionCountMax, uninitializedCountMax, acceptBacklog,
                sendBufferBytes, receiveBufferBytes, tls);
    }

    /** Fixed sizes of the sockets' buffers, in bytes; 0 lets the system adapt them. */
    public TcpOptions withSocketBuffers(int sendBufferBytes, int receiveBufferBytes) {
        return new TcpOptions(controller, host, connectionCountMax, uninitializedCountMax, acceptBacklog,
                sendBufferBytes, receiveBufferBytes, tls);
    }

    /** TLS, which is off by default. */
    public TcpOptions withTls(TlsOptions tls) {
        return new TcpOptions(controller, host, connectionCountMax, uninitializedCountMax, acceptBacklog,
                sendBufferBytes, receiveBufferBytes, tls);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + ": allowed from " + least);
        }
    }
}
