package io.nvmeof.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one transport, so that it can close them. Thread-safe. */
final class ConnectionSet {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSet.class);
    /** Above what any connection may have unsent: the limits on output are the connections' own. */
    private static final WriteBufferWaterMark NO_WATERMARK =
            new WriteBufferWaterMark(Integer.MAX_VALUE - 1, Integer.MAX_VALUE);
    private static final long CLOSE_WAIT_NANOS = TcpOptions.CLOSE_TIMEOUT_NANOS + 2 * TcpEventLoop.TICK_NANOS;

    private final TcpEventLoops loops;
    private final Set<ByteStreamHandler> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ConnectionSet(TcpEventLoops loops) {
        this.loops = loops;
    }

    boolean isClosed() {
        return closed;
    }

    int count() {
        return connections.size();
    }

    /** Takes a channel in, before it is registered with a loop. */
    void add(Channel channel, ByteStreamHandler handler) {
        connections.add(handler);
        channel.closeFuture().addListener(_ -> remove(handler));
        channel.pipeline().addLast(handler);
    }

    /** A connection is gone; repeating it does nothing. */
    void remove(ByteStreamHandler handler) {
        connections.remove(handler);
        if (closed) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Options of a socket before it is used; the loop is the one it is about to live on. */
    static void configure(Channel channel, TcpEventLoop loop, TcpOptions options) {
        ChannelConfig config = channel.config();
        config.setOption(ChannelOption.TCP_NODELAY, true);
        // Hosts keep controllers alive by command; this finds dead peers of connections that never came so far.
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        if (options.sendBufferBytes() > 0) {
            config.setOption(ChannelOption.SO_SNDBUF, options.sendBufferBytes());
        }
        if (options.receiveBufferBytes() > 0) {
            config.setOption(ChannelOption.SO_RCVBUF, options.receiveBufferBytes());
        }
        config.setRecvByteBufAllocator(loop.receiveBuffers());
        config.setWriteBufferWaterMark(NO_WATERMARK);
    }

    /** Closes all connections in an orderly way and waits for them, unless on a loop, which they need to close. */
    void close(String why) {
        closed = true;
        for (ByteStreamHandler connection : connections) {
            closeOne(connection, why);
        }
        for (int i = 0; i < loops.count(); i++) {
            if (loops.loop(i).inLoop()) {
                return;
            }
        }
        long deadlineNanos = System.nanoTime() + CLOSE_WAIT_NANOS;
        boolean interrupted = false;
        synchronized (this) {
            long leftNanos;
            while (!connections.isEmpty() && (leftNanos = deadlineNanos - System.nanoTime()) > 0) {
                try {
                    wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos)));
                } catch (InterruptedException e) {
                    interrupted = true;
                    break;
                }
            }
        }
        if (!connections.isEmpty()) {
            LOG.warn("{} connections did not close in time", connections.size());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes a connection that came up while the transport closed. */
    void closeIfLate(ByteStreamHandler connection, String why) {
        if (closed) {
            closeOne(connection, why);
        }
    }

    private static void closeOne(ByteStreamHandler connection, String why) {
        connection.loop().execute(() -> connection.close(CloseReason.of(CloseReason.Kind.LOCAL, why)));
    }
}
