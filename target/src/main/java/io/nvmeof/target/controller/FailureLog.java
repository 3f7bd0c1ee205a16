package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of failures that may come by the thousand: the first of a kind at once, the others as a number, once in a
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

    /**
     * Something of ours failed.
     *
     * @param kind what failed and how, in the same words each time
     */
    void warn(String kind) {
        long unsaidCount = turnOf(kind);
        if (unsaidCount > 0) {
            LOG.warn("{} ({} more like this before)", kind, unsaidCount);
        } else if (unsaidCount == 0) {
            LOG.warn("{}", kind);
        }
    }

    /**
     * A host did something wrong.
     *
     * @param kind what it did, in the same words each time
     * @param detail who did it and to what: of the hosts that do the same, one is named at a time
     */
    void info(String kind, String detail) {
        long unsaidCount = turnOf(kind);
        if (unsaidCount > 0) {
            LOG.info("{}: {} ({} more like this before)", kind, detail, unsaidCount);
        } else if (unsaidCount == 0) {
            LOG.info("{}: {}", kind, detail);
        }
    }

    /** How many of this kind went unsaid, if it is time to say something again; otherwise -1. */
    private long turnOf(String kind) {
        long now = loop.nanoTime();
        if (kinds.size() >= KIND_COUNT_MAX) {
            kinds.clear();
        }
        Kind known = kinds.computeIfAbsent(kind, absent -> new Kind());
        if (known.said && now - known.lastSaidNanos < SILENCE_NANOS) {
            known.unsaidCount++;
            return -1;
        }
        long unsaidCount = known.unsaidCount;
        known.said = true;
        known.lastSaidNanos = now;
        known.unsaidCount = 0;
        return unsaidCount;
    }

    private static final class Kind {
        private boolean said;
        private long lastSaidNanos;
        private long unsaidCount;
    }
}
