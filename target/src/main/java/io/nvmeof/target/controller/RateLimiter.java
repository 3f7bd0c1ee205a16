package io.nvmeof.target.controller;

import io.nvmeof.target.RateLimit;

/**
 * A limit on what a host, or all hosts of a namespace, may do, shared by queues on several loops. Any thread may use
 * it; all loops of a target tell the same time.
 */
final class RateLimiter {
    /** {@code null} while there is no limit, which costs whoever asks no more than reading that. */
    private volatile RateMeter meter;
    private RateLimit limit = RateLimit.NONE;

    /** Sets the limit. Commands that wait for the former one are let go by the new one. */
    synchronized void set(RateLimit next) {
        if (!next.equals(limit)) {
            limit = next;
            meter = next.limited() ? new RateMeter(next) : null;
        }
    }

    /** What measures the rate now, or {@code null}; another one after every change. */
    RateMeter meter() {
        return meter;
    }
}
