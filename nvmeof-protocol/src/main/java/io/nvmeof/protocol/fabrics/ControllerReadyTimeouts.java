package io.nvmeof.protocol.fabrics;

/**
 * CRTO, the Controller Ready Timeouts property (NVMe Base 2.1, Controller Properties).
 *
 * @param value the 32 bits
 */
public record ControllerReadyTimeouts(int value) {
    private static final int UNIT_MILLIS = 500;
    private static final int INDEPENDENT_SHIFT = 16;
    private static final int MASK = 0xFFFF;

    /**
     * Timeouts, each rounded up to 500 ms, at most 32,767,500.
     *
     * @param withMediaMillis CRWMT: how long until the media are ready, too
     * @param independentMillis CRIMT: how long until the controller is, whatever its media; 0 without that mode
     */
    public static ControllerReadyTimeouts of(int withMediaMillis, int independentMillis) {
        return new ControllerReadyTimeouts(units(withMediaMillis) | units(independentMillis) << INDEPENDENT_SHIFT);
    }

    private static int units(int millis) {
        int units = Math.ceilDiv(millis, UNIT_MILLIS);
        if (millis < 0 || units > MASK) {
            throw new IllegalArgumentException("a controller ready timeout of " + millis + " ms");
        }
        return units;
    }

    /** CRWMT: how long the controller may take to be ready with its media, in milliseconds. */
    public int withMediaMillis() {
        return (value & MASK) * UNIT_MILLIS;
    }

    /** CRIMT: how long it may take to be ready independent of its media, in milliseconds. */
    public int independentMillis() {
        return (value >>> INDEPENDENT_SHIFT) * UNIT_MILLIS;
    }
}
