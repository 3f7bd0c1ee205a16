package io.nvmeof.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.BufferPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread, its sockets and its memory. While connections exist a coarse tick walks them, one timer for all; an
 * idle loop has no timer and sleeps.
 */
final class TcpEventLoop implements EventLoop {
    /** Something that watches its time limits. */
    interface Ticking {
        /** About a second has passed. */
        void onTick(long nowNanos);
    }

    /** How coarse the time limits of connections are. */
    static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(TcpEventLoop.class);

    private final String name;
    private final IoEventLoop netty;
    private final BufferPool buffers;
    private final ReceiveBufferPool receiveBuffers = new ReceiveBufferPool();
    private final TransmitSlabPool transmitSlabs = new TransmitSlabPool();
    private final List<Ticking> ticking = new ArrayList<>();
    private final Runnable tick = this::tick;
    private TlsScratch tlsScratch;
    private boolean tickScheduled;

    private TcpEventLoop(String name, IoEventLoop netty, long bufferBudgetBytes) {
        this.name = name;
        this.netty = netty;
        this.buffers = new BufferPool(this::execute, bufferBudgetBytes);
    }

    static TcpEventLoop start(int index, TcpEngine engine, long bufferBudgetBytes) {
        String name = "nvmeof-loop-" + index;
        IoEventLoop netty = new SingleThreadIoEventLoop(null, task -> {
            Thread thread = new FastThreadLocalThread(task, name);
            thread.setDaemon(true);
            return thread;
        }, engine.newHandlerFactory());
        try {
            TcpEventLoop loop = new TcpEventLoop(name, netty, bufferBudgetBytes);
            // The thread begins with its first task; a ring that the kernel refuses shows here, not at the first I/O.
            netty.submit(() -> { }).syncUninterruptibly();
            return loop;
        } catch (RuntimeException | Error failure) {
            netty.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            throw failure;
        }
    }

    IoEventLoop netty() {
        return netty;
    }

    /** Takes a channel onto this loop for all its life; any thread may call. */
    ChannelFuture register(Channel channel) {
        EventLoopGroup group = netty;
        return group.register(channel);
    }

    ReceiveBufferPool receiveBuffers() {
        return receiveBuffers;
    }

    TransmitSlabPool transmitSlabs() {
        return transmitSlabs;
    }

    /** Made when the first secure connection needs it; called on the loop. */
    TlsScratch tlsScratch() {
        if (tlsScratch == null) {
            tlsScratch = new TlsScratch();
        }
        return tlsScratch;
    }

    /** Gives back the memory of sockets; the loop's thread has ended, and with it all use of it. */
    void freeMemory() {
        receiveBuffers.freeIdle();
        transmitSlabs.freeIdle();
    }

    /** Begins to tick something, about once a second; called on the loop. */
    void addTicking(Ticking added) {
        ticking.add(added);
        if (!tickScheduled) {
            tickScheduled = true;
            schedule(TICK_NANOS, tick);
        }
    }

    void removeTicking(Ticking removed) {
        int index = ticking.indexOf(removed);
        if (index >= 0) {
            Ticking last = ticking.removeLast();
            if (index < ticking.size()) {
                ticking.set(index, last);
            }
        }
    }

    @Override
    public boolean inLoop() {
        return netty.inEventLoop();
    }

    /** An exception that a task throws is logged by Netty; the loop goes on. */
    @Override
    public void execute(Runnable task) {
        try {
            netty.execute(task);
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("{} has been shut down; it drops {}", name, task);
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        try {
            Future<?> future = netty.schedule(() -> runTimer(task), delayNanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("{} has been shut down; it drops {}", name, task);
            return () -> { };
        }
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return type.isInstance(netty) ? type.cast(netty) : null;
    }

    @Override
    public String toString() {
        return name;
    }

    private void tick() {
        tickScheduled = false;
        long now = nanoTime();
        // Backwards: one that removes itself is replaced by one that has had its turn.
        for (int i = ticking.size() - 1; i >= 0; i--) {
            if (i < ticking.size()) {
                tickOne(ticking.get(i), now);
            }
        }
        if (!ticking.isEmpty() && !tickScheduled) {
            tickScheduled = true;
            schedule(TICK_NANOS, tick);
        }
    }

    private void tickOne(Ticking one, long now) {
        try {
            one.onTick(now);
        } catch (RuntimeException | Error failure) {
            LOG.error("{}: a tick of {} failed", name, one, failure);
        }
    }

    /** Netty would keep what a timer throws in a future that nobody reads. */
    private void runTimer(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            LOG.error("{}: a timer failed: {}", name, task, failure);
        }
    }
}
