package io.nvmeof.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.concurrent.ScheduledFuture;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.BufferPool;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A loop of Netty's, as small as tests need it. */
final class NettyLoop implements EventLoop, AutoCloseable {
    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop netty;
    private final BufferPool buffers = new BufferPool(this::execute, 64L << 20);

    private NettyLoop(IoHandlerFactory factory) {
        group = new MultiThreadIoEventLoopGroup(1, factory);
        netty = group.next();
    }

    static NettyLoop ring() {
        assumeTrue(IoUring.isAvailable(), () -> "not run, no io_uring here: " + IoUring.unavailabilityCause());
        return new NettyLoop(IoUringIoHandler.newFactory(
                new IoUringIoHandlerConfig().setRingSize(1024).setCqSize(4096)));
    }

    static NettyLoop nio() {
        return new NettyLoop(NioIoHandler.newFactory());
    }

    @Override
    public boolean inLoop() {
        return netty.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        netty.execute(task);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        ScheduledFuture<?> future = netty.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return type.isInstance(netty) ? type.cast(netty) : null;
    }

    /** Runs something on the loop and waits for it. */
    <T> T call(Callable<T> task) {
        CompletableFuture<T> future = new CompletableFuture<>();
        execute(() -> {
            try {
                future.complete(task.call());
            } catch (Throwable t) {
                future.completeExceptionally(t);
            }
        });
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    void run(Runnable task) {
        call(() -> {
            task.run();
            return null;
        });
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
