package io.nvmeof.transport.tcp;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts NVMe/TCP connections (NVMe/TCP Transport 1.1) and spreads them over the loops, one after the other. A
 * connection lives on its loop from the first byte to the last.
 */
public final class TcpTargetTransport implements TargetTransport {
    private static final Logger LOG = LoggerFactory.getLogger(TcpTargetTransport.class);

    private final TcpEventLoops loops;
    private final TcpOptions options;
    private final ConnectionSet connections;
    private final ConnectionLimit limit;
    private final CollapsingLog warnings = new CollapsingLog(LOG);
    private final TlsHandshakes handshakes;
    private final Set<TcpListener> listeners = ConcurrentHashMap.newKeySet();
    private final AtomicInteger acceptTurn = new AtomicInteger();
    private final AtomicInteger listenerTurn = new AtomicInteger();

    /** A transport on some loops, which belong to the caller. */
    public TcpTargetTransport(TcpEventLoops loops, TcpOptions options) {
        this.loops = loops;
        this.options = options;
        this.connections = new ConnectionSet(loops);
        this.limit = new ConnectionLimit(options.connectionCountMax(), options.uninitializedCountMax());
        this.handshakes = new TlsHandshakes(options.tls(), warnings);
    }

    @Override
    public TransportType type() {
        return TransportType.TCP;
    }

    /** Accepted connections that exist now. */
    public int connectionCount() {
        return limit.openCount();
    }

    /** Of those, the ones whose initialize connection exchange is not complete. */
    public int uninitializedCount() {
        return limit.uninitializedCount();
    }

    /** What TLS handshakes have come to. */
    public TlsCounters tlsCounters() {
        return handshakes.counters();
    }

    @Override
    public Listener listen(TransportAddress address, QueueAcceptor acceptor) throws IOException {
        return listen(address, options.tls().policy(), acceptor);
    }

    /**
     * Listens with a policy of its own.
     *
     * @throws IllegalArgumentException if TLS is wanted and the options have nothing to find keys with
     */
    public Listener listen(TransportAddress address, TlsPolicy tls, QueueAcceptor acceptor) throws IOException {
        if (tls != TlsPolicy.OFF && options.tls().lookup() == null) {
            throw new IllegalArgumentException("TLS is " + tls + " but there is nothing to find keys with");
        }
        if (address.type() != TransportType.TCP) {
            throw new IllegalArgumentException("transport type of " + address + ": this transport is TCP only");
        }
        if (connections.isClosed()) {
            throw new IOException("cannot listen on " + address + ": the transport is closed");
        }
        InetSocketAddress socketAddress =
                new InetSocketAddress(Addresses.resolve(address.address())[0], Addresses.port(address, 0));
        TcpEventLoop loop = (TcpEventLoop) loops.loop(Math.floorMod(listenerTurn.getAndIncrement(), loops.count()));
        if (loop.inLoop()) {
            throw new IllegalStateException("listening waits for a loop and may not be called on one");
        }
        ServerChannel channel = loops.engine().newServerSocket(socketAddress.getAddress());
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        channel.config().setOption(ChannelOption.SO_BACKLOG, options.acceptBacklog());
        if (options.receiveBufferBytes() > 0) {
            // What is accepted inherits it; set later, it would not widen the window that was agreed on.
            channel.config().setOption(ChannelOption.SO_RCVBUF, options.receiveBufferBytes());
        }
        channel.pipeline().addLast(
                new AcceptHandler(loops, options, connections, limit, warnings, acceptTurn, handshakes, tls,
                acceptor, isIpv4Wildcard(socketAddress)));
        ChannelFuture done = loop.register(channel).awaitUninterruptibly();
        if (done.isSuccess()) {
            done = channel.bind(socketAddress).awaitUninterruptibly();
        }
        if (!done.isSuccess()) {
            channel.close().awaitUninterruptibly();
            throw new IOException("cannot listen on " + address + ": " + SocketFailure.describe(done.cause()),
                    done.cause());
        }
        TcpListener listener = new TcpListener(channel, listening(socketAddress, channel), listeners::remove);
        listeners.add(listener);
        if (connections.isClosed()) {
            listener.close();
            throw new IOException("cannot listen on " + address + ": the transport is closed");
        }
        LOG.info("Listening on {}{}", listener.address(), switch (tls) {
            case OFF -> "";
            case ALLOWED -> ", with TLS and without";
            case REQUIRED -> ", with TLS only";
        });
        return listener;
    }

    @Override
    public void close() {
        for (TcpListener listener : listeners) {
            listener.close();
        }
        connections.close("the target is shutting down");
        for (TcpListener listener : listeners) {
            listener.close();
        }
    }

    /** A socket of both families calls the wildcard of either "::". */
    private static TransportAddress listening(InetSocketAddress asked, ServerChannel channel) {
        TransportAddress bound = Addresses.of(channel.localAddress());
        return isIpv4Wildcard(asked) ? TransportAddress.tcp("0.0.0.0", bound.port()) : bound;
    }

    private static boolean isIpv4Wildcard(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address && address.getAddress().isAnyLocalAddress();
    }
}
