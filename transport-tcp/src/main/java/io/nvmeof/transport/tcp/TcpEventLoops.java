package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.EventLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event loops with sockets: one thread each, named {@code nvmeof-loop-0} and so on. The threads are daemons: whether
 * a process goes on living is not for a library to decide.
 */
public final class TcpEventLoops implements EventLoops {
    /** The most loops a process may open: their threads are named and numbered, and one for each core is plenty. */
    public static final int LOOP_COUNT_MAX = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(TcpEventLoops.class);
    private static final long SHUTDOWN_TIMEOUT_SECONDS = 10;

    private final TcpEngine engine;
    private final TcpEventLoop[] loops;
    private final AtomicInteger turn = new AtomicInteger();

    private TcpEventLoops(TcpEngine engine, TcpEventLoop[] loops) {
        this.engine = engine;
        this.loops = loops;
    }

    /**
     * Starts the loops.
     *
     * @param engine what to drive the sockets with; {@link TcpEngine#AUTO} says in the log what it chose, and why
     * @param loopCount from 1 to {@link #LOOP_COUNT_MAX}
     * @param bufferBudgetBytesPerLoop the most memory for the data of commands, for each loop
     * @throws IllegalStateException if the engine is not available, or refuses to start; the message says why
     */
    public static TcpEventLoops open(TcpEngine engine, int loopCount, long bufferBudgetBytesPerLoop) {
        if (loopCount < 1 || loopCount > LOOP_COUNT_MAX) {
            throw new IllegalArgumentException("loop count " + loopCount + ": allowed from 1 to " + LOOP_COUNT_MAX);
        }
        List<String> refusals = new ArrayList<>();
        for (TcpEngine candidate : engine.candidates()) {
            String reason = candidate.unavailableBecause();
            if (reason == null) {
                try {
                    TcpEventLoop[] loops = start(candidate, loopCount, bufferBudgetBytesPerLoop);
                    LOG.info("Network engine: {}, {}{}", candidate.label(),
                            engine == TcpEngine.AUTO ? "the best this system offers" : "as asked for",
                            refusals.isEmpty() ? "" : " (" + String.join("; ", refusals) + ")");
                    if (candidate == TcpEngine.IO_URING) {
                        NettySettings.warnIfResetsMayBeLost();
                    }
                    return new TcpEventLoops(candidate, loops);
                } catch (IllegalArgumentException ours) {
                    throw ours;
                } catch (Exception refused) {
                    // Whatever native code throws: the next engine, or the one who asked for this, is told.
                    reason = String.valueOf(refused.getMessage());
                }
            }
            refusals.add(candidate.label() + " is not available here: " + reason);
        }
        throw new IllegalStateException("network engine " + String.join("; ", refusals));
    }

    private static TcpEventLoop[] start(TcpEngine engine, int loopCount, long bufferBudgetBytes) {
        TcpEventLoop[] loops = new TcpEventLoop[loopCount];
        boolean complete = false;
        try {
            for (int i = 0; i < loopCount; i++) {
                loops[i] = TcpEventLoop.start(i, engine, bufferBudgetBytes);
            }
            complete = true;
            return loops;
        } finally {
            if (!complete) {
                stop(loops);
            }
        }
    }

    /** The engine in use; never {@link TcpEngine#AUTO}. */
    public TcpEngine engine() {
        return engine;
    }

    @Override
    public int count() {
        return loops.length;
    }

    @Override
    public EventLoop loop(int index) {
        return loops[index];
    }

    @Override
    public EventLoop next() {
        return loop(Math.floorMod(turn.getAndIncrement(), loops.length));
    }

    @Override
    public void close() {
        stop(loops);
    }

    /** The loop as ours, or an exception: a transport can use no other's. */
    TcpEventLoop own(EventLoop loop) {
        for (TcpEventLoop own : loops) {
            if (own == loop) {
                return own;
            }
        }
        throw new IllegalArgumentException("the loop is not one of this transport's");
    }

    private static void stop(TcpEventLoop[] loops) {
        for (TcpEventLoop loop : loops) {
            if (loop != null && loop.inLoop()) {
                throw new IllegalStateException("a loop cannot wait for its own end");
            }
        }
        for (TcpEventLoop loop : loops) {
            if (loop != null) {
                loop.netty().shutdownGracefully(0, SHUTDOWN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
        }
        for (TcpEventLoop loop : loops) {
            if (loop == null) {
                continue;
            }
            if (loop.netty().terminationFuture()
                    .awaitUninterruptibly(SHUTDOWN_TIMEOUT_SECONDS + 1, TimeUnit.SECONDS)) {
                loop.freeMemory();
            } else {
                LOG.warn("{} did not end within {} s", loop, SHUTDOWN_TIMEOUT_SECONDS + 1);
            }
        }
    }
}
