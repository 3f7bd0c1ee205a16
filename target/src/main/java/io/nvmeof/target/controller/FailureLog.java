package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of failures that may come by the thousand: the first of a kind at once, the others as a number, once in a
 * while. Owned by a loop.
 */
final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
    private static final long SILENCE_NANOS = 60_000_000_000L;
    /** Kinds of failure told apart; beyond, all are forgotten and begin anew. */
    private static final int KIND_COUNT_MAX = 256;

    private final EventLoop loop;
    private final Map<String, Kind> kinds = new HashMap<>();

    FailureLog(EventLoop loop) {
        this.loop = loop;
    }

    /** @param kind what failed and how, in the same words each time */
    void warn(String kind) {
        long now = loop.nanoTime();
        if (kinds.size() >= KIND_COUNT_MAX) {
            kinds.clear();
        }
        Kind known = kinds.computeIfAbsent(kind, absent -> new Kind());
        if (known.warned && now - known.lastWarningNanos < SILENCE_NANOS) {
            known.unsaidCount++;
            return;
        }
        if (known.unsaidCount > 0) {
            LOG.warn("{} ({} more like this since the last warning)", kind, known.unsaidCount);
        } else {
            LOG.warn("{}", kind);
        }
        known.warned = true;
        known.lastWarningNanos = now;
        known.unsaidCount = 0;
    }

    private static final class Kind {
        private boolean warned;
        private long lastWarningNanos;
        private long unsaidCount;
    }
}
