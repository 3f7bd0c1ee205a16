package io.nvmeof.target.controller;

import java.util.HashMap;
import java.util.Map;

/**
 * Features that a host may set and get back, and that change little here: there is no arbitration or error recovery to
 * configure, but a controller must have them (NVMe Base 2.1, 3.1.3.6). Owned by the controller's loop, but for what any
 * thread may ask, which says so.
 */
final class Features {
    /** What a controller begins with. */
    static final Features DEFAULTS = new Features();

    /** Arbitration: no limit to a burst. */
    private static final int ARBITRATION_DEFAULT = 0x7;

    private static final int ALL_NAMESPACES = 0xFFFFFFFF;

    final Timestamp timestamp = new Timestamp();
    int arbitration;
    int overTemperatureThreshold;
    int underTemperatureThreshold;
    int writeAtomicityNormal;
    /** By namespace; what is set for all is at 0, where hosts that know no namespaces look. */
    private final Map<Integer, Integer> errorRecovery = new HashMap<>();
    private volatile boolean advancedCommandRetry;

    Features() {
        reset(0);
    }

    /** A Controller Level Reset. */
    void reset(long nowNanos) {
        arbitration = ARBITRATION_DEFAULT;
        overTemperatureThreshold = TargetLimits.WARNING_TEMPERATURE_KELVIN;
        underTemperatureThreshold = 0;
        errorRecovery.clear();
        writeAtomicityNormal = 0;
        advancedCommandRetry = false;
        timestamp.reset(nowNanos);
    }

    /** Error Recovery of a namespace, or of those for which nothing else was set. */
    int errorRecovery(int nsid) {
        return errorRecovery.getOrDefault(nsid, errorRecovery.getOrDefault(0, 0));
    }

    /** Sets Error Recovery of an active namespace, or of all if {@code nsid} is 0 or FFFFFFFFh. */
    void setErrorRecovery(int nsid, int value) {
        if (nsid == 0 || nsid == ALL_NAMESPACES) {
            errorRecovery.clear();
            errorRecovery.put(0, value);
        } else {
            errorRecovery.put(nsid, value);
        }
    }

    /** Whether the temperature is beyond one of the host's thresholds. */
    boolean temperatureBeyondThreshold() {
        return TargetLimits.TEMPERATURE_KELVIN >= overTemperatureThreshold
                || TargetLimits.TEMPERATURE_KELVIN <= underTemperatureThreshold;
    }

    /** ACRE of Host Behavior Support: the host understands the Command Retry Delay of a status. Any thread may ask. */
    boolean advancedCommandRetry() {
        return advancedCommandRetry;
    }

    void setAdvancedCommandRetry(boolean enabled) {
        advancedCommandRetry = enabled;
    }
}
