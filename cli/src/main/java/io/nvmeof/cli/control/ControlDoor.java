package io.nvmeof.cli.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a Unix-domain socket and answers HTTP requests. It has a thread of its own for its connections, and
 * handlers run on virtual threads: the loops that serve I/O never see it. Requests, connections and time are bounded.
 */
public final class ControlDoor implements AutoCloseable {
    static final int REQUEST_BYTES_MAX = 256 << 10;
    static final int CONNECTIONS_MAX = 16;
    private static final int LINE_BYTES_MAX = 4096;
    private static final int HEADER_BYTES_MAX = 8192;
    private static final int CHUNK_BYTES = 8192;
    private static final long CLOSE_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(ControlDoor.class);

    private final Path path;
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger connections = new AtomicInteger();
    private EventLoopGroup group;

    private ControlDoor(Path path) {
        this.path = path;
    }

    /**
     * Opens the door; only this user may go through it.
     *
     * @param path where the socket will be
     * @throws IOException if it cannot be there
     */
    public static ControlDoor open(Path path, ControlHandler handler) throws IOException {
        ControlDoor door = new ControlDoor(path.toAbsolutePath());
        try {
            door.listen(handler);
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
        return door;
    }

    private void listen(ControlHandler handler) throws IOException {
        ControlSocket.clear(path);
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("control", true),
                NioIoHandler.newFactory());
        ServerBootstrap bootstrap = new ServerBootstrap().group(group).channel(NioServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel, handler);
                    }
                });
        // Made where nobody else can look, so that there is no moment in which it is open to all.
        Path hidden = hiddenFolder();
        Path socket = hidden.resolve("s");
        try {
            bootstrap.bind(UnixDomainSocketAddress.of(socket)).syncUninterruptibly();
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            Files.move(socket, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(hidden);
        }
    }

    /** A new folder beside the socket; its name is short, because paths of sockets are. */
    private Path hiddenFolder() throws IOException {
        while (true) {
            Path folder = path.resolveSibling(".n" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 20),
                    Character.MAX_RADIX));
            try {
                return Files.createDirectory(folder,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                LOG.debug("control: {} is there already", folder);
            }
        }
    }

    private void accept(Channel channel, ControlHandler handler) {
        if (connections.incrementAndGet() > CONNECTIONS_MAX) {
            LOG.warn("control: more than {} connections, one is turned away", CONNECTIONS_MAX);
            channel.close();
        }
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        channel.pipeline().addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, CHUNK_BYTES),
                new HttpObjectAggregator(REQUEST_BYTES_MAX, true), new FlowControlHandler(),
                new ControlConnection(handler, handlers));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Lets what is being done be done for a while, then ends it. */
    @Override
    public void close() {
        handlers.shutdown();
        try {
            if (!handlers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                handlers.shutdownNow();
            }
        } catch (InterruptedException e) {
            handlers.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (group == null) {
            return; // It was not opened: what is there is somebody else's.
        }
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("control: cannot remove {}: {}", path, e.getMessage());
        }
    }
}
