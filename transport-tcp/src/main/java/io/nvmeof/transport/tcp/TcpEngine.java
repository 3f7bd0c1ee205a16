package io.nvmeof.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

/** What moves the bytes between the sockets and us. */
public enum TcpEngine {
    /** The best of the others that this system offers, in the order in which they are declared here. */
    AUTO("auto"),
    /** Linux io_uring: sockets and files on one ring. Needs a kernel that has it and does not forbid it. */
    IO_URING("io_uring"),
    /** Linux epoll. */
    EPOLL("epoll"),
    /** The JDK's selector; runs everywhere. */
    NIO("nio");

    static {
        NettySettings.apply();
    }

    /** The ring's submission and completion entries: backends share it with the sockets. */
    private static final int RING_ENTRIES = 1024;
    private static final int COMPLETION_ENTRIES = 4096;

    private final String label;

    TcpEngine(String label) {
        this.label = label;
    }

    /** The name for people, in a flag or a log. */
    public String label() {
        return label;
    }

    /** Why this system does not offer the engine, in a few words, or {@code null} if it does. */
    public String unavailableBecause() {
        Throwable cause = switch (this) {
            case IO_URING -> IoUring.unavailabilityCause();
            case EPOLL -> Epoll.unavailabilityCause();
            case AUTO, NIO -> null;
        };
        return cause == null ? null : rootMessage(cause);
    }

    /** The engines to try, in order, when this one is asked for. */
    List<TcpEngine> candidates() {
        return this == AUTO ? List.of(IO_URING, EPOLL, NIO) : List.of(this);
    }

    IoHandlerFactory newHandlerFactory() {
        return switch (this) {
            case IO_URING -> IoUringIoHandler.newFactory(
                    new IoUringIoHandlerConfig().setRingSize(RING_ENTRIES).setCqSize(COMPLETION_ENTRIES));
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
            case AUTO -> throw new IllegalStateException("auto is a choice, not an engine");
        };
    }

    Channel newSocket() {
        return switch (this) {
            case IO_URING -> new IoUringSocketChannel();
            case EPOLL -> new EpollSocketChannel();
            case NIO -> new NioSocketChannel();
            case AUTO -> throw new IllegalStateException("auto is a choice, not an engine");
        };
    }

    /**
     * A socket to listen with. On one of both families 0.0.0.0 would mean IPv6 too; io_uring's are always of both, and
     * {@link AcceptHandler} turns away what came by the other.
     */
    ServerChannel newServerSocket(InetAddress address) {
        SocketProtocolFamily family = address instanceof Inet4Address ? SocketProtocolFamily.INET : null;
        return switch (this) {
            case IO_URING -> new IoUringServerSocketChannel();
            case EPOLL -> new EpollServerSocketChannel(family);
            case NIO -> new NioServerSocketChannel(SelectorProvider.provider(), family);
            case AUTO -> throw new IllegalStateException("auto is a choice, not an engine");
        };
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
