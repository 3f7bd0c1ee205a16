package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handshakes of one transport: how many there may be, what they hold, and what became of them. They are worked on
 * by a few threads that all transports of the process share and that go when there is nothing to do. Thread-safe.
 */
final class TlsHandshakes {
    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshakes.class);
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    private static final long IDLE_SECONDS = 5;
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();
    /** Its queue is bounded by the handshakes there may be: each has one step at most in it. */
    private static final ThreadPoolExecutor WORKERS = new ThreadPoolExecutor(THREADS, THREADS, IDLE_SECONDS,
            TimeUnit.SECONDS, new LinkedBlockingQueue<>(), TlsHandshakes::newThread);

    static {
        WORKERS.allowCoreThreadTimeOut(true);
    }

    private final TlsOptions options;
    private final CollapsingLog warnings;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong bytesPeak = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong plainRefused = new AtomicLong();
    private final AtomicLong keyUpdates = new AtomicLong();

    TlsHandshakes(TlsOptions options, CollapsingLog warnings) {
        this.options = options;
        this.warnings = warnings;
    }

    TlsOptions options() {
        return options;
    }

    TlsCounters counters() {
        return new TlsCounters(count.get(), bytes.get(), bytesPeak.get(), completed.get(), failed.get(),
                timedOut.get(), refused.get(), plainRefused.get(), keyUpdates.get());
    }

    /** Lets a handshake begin, or counts it as refused; {@link #end} follows. */
    boolean begin() {
        if (count.incrementAndGet() > options.handshakeCountMax()) {
            count.decrementAndGet();
            refused.incrementAndGet();
            return false;
        }
        return true;
    }

    /** Why the one that was refused last could not go on. */
    String refusal() {
        return "too much to do: " + count.get() + " TLS handshakes are under way (at most "
                + options.handshakeCountMax() + "), they hold " + bytes.get() + " bytes (at most "
                + options.handshakeBytesMax() + ")";
    }

    void end() {
        count.decrementAndGet();
    }

    /** Lets a handshake hold so many bytes more, or counts it as refused. */
    boolean hold(int more) {
        long held = bytes.addAndGet(more);
        if (held > options.handshakeBytesMax()) {
            bytes.addAndGet(-more);
            refused.incrementAndGet();
            return false;
        }
        bytesPeak.accumulateAndGet(held, Math::max);
        return true;
    }

    void letGo(int less) {
        bytes.addAndGet(-less);
    }

    void onCompleted() {
        completed.incrementAndGet();
    }

    void onFailed() {
        failed.incrementAndGet();
    }

    void onTimedOut() {
        timedOut.incrementAndGet();
    }

    void onPlainRefused() {
        plainRefused.incrementAndGet();
    }

    void onKeyUpdate() {
        keyUpdates.incrementAndGet();
    }

    /** Works on a step as soon as a thread is free. */
    void execute(Runnable step) {
        WORKERS.execute(step);
    }

    /** Says in the log why an accepted connection never became one: once in a while for each address. */
    void report(TransportAddress peer, CloseReason reason) {
        String key = "tls " + reason.kind() + " " + peer.address();
        switch (reason.kind()) {
            case LOCAL, PEER_CLOSED -> LOG.debug("{}: {}", peer, reason.message());
            case INTERNAL_ERROR -> warnings.error(key, peer + ": " + reason.message(), reason.cause());
            default -> warnings.warn(key, peer + ": " + reason.message());
        }
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "nvmeof-tls-" + THREAD_NUMBER.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    }
}
