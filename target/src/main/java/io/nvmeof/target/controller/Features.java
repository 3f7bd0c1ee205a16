package io.nvmeof.target.controller;

/**
 * Features that a host may set and get back, and that change nothing here: there is no arbitration, temperature or
 * error recovery to configure, but a controller must have them (NVMe Base 2.1, Features: support).
 */
final class Features {
    /** Arbitration: no limit to a burst. */
    private static final int ARBITRATION_DEFAULT = 0x7;
    /** The temperature over which an event would be sent: none. */
    private static final int OVER_TEMPERATURE_DEFAULT = 0xFFFF;

    int arbitration;
    int overTemperatureThreshold;
    int underTemperatureThreshold;
    int errorRecovery;
    int writeAtomicityNormal;

    Features() {
        reset();
    }

    /** A Controller Level Reset. */
    void reset() {
        arbitration = ARBITRATION_DEFAULT;
        overTemperatureThreshold = OVER_TEMPERATURE_DEFAULT;
        underTemperatureThreshold = 0;
        errorRecovery = 0;
        writeAtomicityNormal = 0;
    }
}
