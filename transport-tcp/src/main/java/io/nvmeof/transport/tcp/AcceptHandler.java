package io.nvmeof.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nvmeof.protocol.transport.QueueAcceptor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what a listening socket accepted, within the limits, and gives it to the next loop. */
final class AcceptHandler extends ChannelInboundHandlerAdapter {
    /** How long not to accept after it failed: out of file descriptors, the next attempt would fail at once. */
    static final long PAUSE_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(AcceptHandler.class);

    static {
        // What reports that there are no file descriptors left must not need one to be loaded.
        new CollapsingLog(LOG).admit(SocketFailure.describe(new IOException("")), 0);
    }

    private final TcpEventLoops loops;
    private final TcpOptions options;
    private final ConnectionSet connections;
    private final ConnectionLimit limit;
    private final CollapsingLog warnings;
    private final QueueAcceptor acceptor;
    private final AtomicInteger turn;
    private final TlsHandshakes handshakes;
    private final TlsPolicy tls;
    private final boolean ipv4Only;
    private Runnable acceptAgain;
    private boolean paused;

    /**
     * @param turn counts accepted connections; of its own, or accepting and connecting by turns on two loops would put
     *     all of one kind on the same
     */
    AcceptHandler(TcpEventLoops loops, TcpOptions options, ConnectionSet connections, ConnectionLimit limit,
            CollapsingLog warnings, AtomicInteger turn, TlsHandshakes handshakes, TlsPolicy tls,
            QueueAcceptor acceptor, boolean ipv4Only) {
        this.handshakes = handshakes;
        this.tls = tls;
        this.ipv4Only = ipv4Only;
        this.turn = turn;
        this.loops = loops;
        this.options = options;
        this.connections = connections;
        this.limit = limit;
        this.warnings = warnings;
        this.acceptor = acceptor;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        acceptAgain = () -> acceptAgain(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel accepted = (Channel) message;
        if (connections.isClosed() || ipv4Only && !cameByIpv4(accepted)) {
            accepted.unsafe().closeForcibly();
            return;
        }
        ConnectionLimit.Admission admission = limit.admit();
        if (admission == null) {
            warnings.warn("limit " + host(accepted), Addresses.of(accepted.remoteAddress()) + ": refused, there are "
                    + limit.openCount() + " connections (of at most " + options.connectionCountMax() + "), "
                    + limit.uninitializedCount() + " of them not yet initialized (of at most "
                    + options.uninitializedCountMax() + ")");
            accepted.unsafe().closeForcibly();
            return;
        }
        accepted.closeFuture().addListener(_ -> admission.onClosed());
        TcpEventLoop loop = (TcpEventLoop) loops.loop(Math.floorMod(turn.getAndIncrement(), loops.count()));
        ByteStreamHandler handler = new ByteStreamHandler(loop, PduStream.controllers(options.controller(), sender -> {
            admission.onInitialized();
            return acceptor.onQueue(sender);
        }), warnings);
        try {
            adopt(accepted, loop, handler, admission);
        } catch (RuntimeException failure) {
            // A peer that is gone already makes setting an option fail.
            discard(accepted, handler, admission, failure);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!paused) {
            paused = true;
            context.channel().config().setAutoRead(false);
            context.executor().schedule(acceptAgain, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        warnings.warn("accept " + cause.getMessage(), Addresses.of(context.channel().localAddress())
                + ": cannot accept connections: " + SocketFailure.describe(cause) + "; trying again");
    }

    private void acceptAgain(Channel listening) {
        paused = false;
        if (listening.isOpen()) {
            listening.config().setAutoRead(true);
        }
    }

    private void adopt(Channel accepted, TcpEventLoop loop, ByteStreamHandler handler,
            ConnectionLimit.Admission admission) {
        ConnectionSet.configure(accepted, loop, options);
        if (tls != TlsPolicy.OFF) {
            accepted.pipeline().addLast(TlsHandler.controller(loop, handshakes, tls == TlsPolicy.ALLOWED));
        }
        connections.add(accepted, handler);
        loop.register(accepted).addListener(registered -> {
            if (registered.isSuccess()) {
                connections.closeIfLate(handler, "the target is shutting down");
            } else {
                discard(accepted, handler, admission, registered.cause());
            }
        });
    }

    /** A channel that no loop took: nothing else will notice its end. */
    private void discard(Channel accepted, ByteStreamHandler handler, ConnectionLimit.Admission admission,
            Throwable cause) {
        LOG.debug("{}: accepted, but not usable", accepted, cause);
        accepted.unsafe().closeForcibly();
        connections.remove(handler);
        admission.onClosed();
    }

    private static boolean cameByIpv4(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress local && local.getAddress() instanceof Inet4Address;
    }

    private static String host(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
                ? peer.getAddress().getHostAddress() : "unknown";
    }
}
