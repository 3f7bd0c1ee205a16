package io.nvmeof.target;

/**
 * How much a host, or all hosts of a namespace, may do. Commands above it wait; none fails.
 *
 * @param iops commands in a second, 0 for no limit
 * @param bytesPerSecond data moved in a second, both ways together, 0 for no limit
 * @param burstMillis how much may be saved up while idle, as a time at the full rate, from 1 to
 *     {@link #BURST_MILLIS_MAX}
 */
public record RateLimit(long iops, long bytesPerSecond, int burstMillis) {
    /** No limit at all. */
    public static final RateLimit NONE = new RateLimit(0, 0, 100);
    /** Most that may be saved up. */
    public static final int BURST_MILLIS_MAX = 60_000;

    public RateLimit {
        if (iops < 0) {
            throw new ConfigurationException("iops", iops, "from 1, or 0 for no limit");
        }
        if (bytesPerSecond < 0) {
            throw new ConfigurationException("bytes per second", bytesPerSecond, "from 1, or 0 for no limit");
        }
        if (burstMillis < 1 || burstMillis > BURST_MILLIS_MAX) {
            throw new ConfigurationException("burst", burstMillis, "from 1 to " + BURST_MILLIS_MAX + " ms");
        }
    }

    /** Whether there is anything to limit. */
    public boolean limited() {
        return iops > 0 || bytesPerSecond > 0;
    }
}
