package io.nvmeof.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.TransportAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects one queue: to one address after the other until one answers. Runs on the queue's loop. */
final class ConnectAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectAttempt.class);

    private final TcpEngine engine;
    private final TcpEventLoop loop;
    private final TcpOptions options;
    private final ConnectionSet connections;
    private final CollapsingLog warnings;
    /** The secure channels' beginnings, or {@code null} to connect plainly. */
    private final TlsHandshakes handshakes;
    private final TransportAddress address;
    private final int port;
    private final HostQueueOptions queue;
    private final HostQueueReceiver receiver;
    private InetAddress[] candidates;
    private int next;

    ConnectAttempt(TcpEngine engine, TcpEventLoop loop, TcpOptions options, ConnectionSet connections,
            CollapsingLog warnings, TlsHandshakes handshakes, TransportAddress address, int port,
            HostQueueOptions queue, HostQueueReceiver receiver) {
        this.handshakes = handshakes;
        this.engine = engine;
        this.loop = loop;
        this.options = options;
        this.connections = connections;
        this.warnings = warnings;
        this.address = address;
        this.port = port;
        this.queue = queue;
        this.receiver = receiver;
    }

    void begin(InetAddress... addresses) {
        candidates = addresses;
        tryNext();
    }

    /** The connection could not be made: the only thing the receiver hears. */
    void fail(Throwable cause) {
        fail(SocketFailure.reason(cause));
    }

    private void fail(CloseReason reason) {
        LOG.debug("{}: not connected: {}", address, reason.message());
        receiver.onClosed(reason);
    }

    private void tryNext() {
        if (connections.isClosed()) {
            fail(CloseReason.of(CloseReason.Kind.LOCAL, "the transport is closed"));
            return;
        }
        InetSocketAddress peer = new InetSocketAddress(candidates[next++], port);
        ByteStreamHandler handler =
                new ByteStreamHandler(loop, PduStream.host(queue, options.host(), receiver), warnings);
        Channel channel = null;
        try {
            channel = engine.newSocket();
            ConnectionSet.configure(channel, loop, options);
            channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis());
            if (handshakes != null) {
                channel.pipeline().addLast(
                        TlsHandler.host(loop, handshakes, queue.connectTimeoutNanos(), this::fail));
            }
            connections.add(channel, handler);
        } catch (RuntimeException failure) {
            // No file descriptor is left, for one.
            if (channel != null) {
                channel.unsafe().closeForcibly();
            }
            connections.remove(handler);
            fail(failure.getCause() == null ? failure : failure.getCause());
            return;
        }
        connect(channel, handler, peer);
    }

    private void connect(Channel channel, ByteStreamHandler handler, InetSocketAddress peer) {
        loop.register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                connections.remove(handler);
                channel.unsafe().closeForcibly();
                fail(registered.cause());
                return;
            }
            channel.connect(peer).addListener(connected -> {
                if (connected.isSuccess()) {
                    connections.closeIfLate(handler, "the host is shutting down");
                } else {
                    channel.close();
                    onNotConnected(connected.cause());
                }
            });
        });
    }

    private void onNotConnected(Throwable cause) {
        if (next < candidates.length) {
            LOG.debug("{}: {} does not answer: {}", address, candidates[next - 1], SocketFailure.describe(cause));
            tryNext();
        } else if (connections.isClosed()) {
            fail(CloseReason.of(CloseReason.Kind.LOCAL, "the transport is closed"));
        } else {
            fail(cause);
        }
    }

    /** Netty takes 0 for "no limit". */
    private int timeoutMillis() {
        long millis = TimeUnit.NANOSECONDS.toMillis(queue.connectTimeoutNanos());
        return Math.clamp(millis, 1, Integer.MAX_VALUE);
    }
}
