package io.nvmeof.target.controller;

import io.nvmeof.protocol.layout.WireLayouts;
import java.lang.foreign.MemorySegment;

/**
 * The Timestamp feature: milliseconds that go on from what the host set, or from the last Controller Level Reset (NVMe
 * Base 2.1, 5.1.25.1.7).
 */
final class Timestamp {
    /** Bytes of the data structure. */
    static final int SIZE = 8;

    private static final long MILLIS_MASK = (1L << 48) - 1;
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** Timestamp Origin, in bits 51:49: a Set Features command. */
    private static final long ORIGIN_SET_FEATURES = 1L << 49;

    private long beganMillis;
    private long beganNanos;
    private boolean set;

    /** A Controller Level Reset. */
    void reset(long nowNanos) {
        beganMillis = 0;
        beganNanos = nowNanos;
        set = false;
    }

    /** The host sets the time. */
    void set(MemorySegment from, long nowNanos) {
        beganMillis = from.get(WireLayouts.LE64, 0) & MILLIS_MASK;
        beganNanos = nowNanos;
        set = true;
    }

    void encode(MemorySegment into, long nowNanos) {
        long millis = beganMillis + (nowNanos - beganNanos) / NANOS_PER_MILLI & MILLIS_MASK;
        into.set(WireLayouts.LE64, 0, millis | (set ? ORIGIN_SET_FEATURES : 0));
    }
}
