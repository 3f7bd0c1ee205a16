package io.nvmeof.protocol.admin;

import io.nvmeof.protocol.layout.WireStructure;
import java.math.BigInteger;

/**
 * Puts SmartLog together. Setters are named as its accessors, which say the units; each throws
 * IllegalArgumentException if its field cannot hold the value.
 */
public final class SmartLogBuilder extends WireStructure.Builder {
    SmartLogBuilder() {
        super(SmartLog.SIZE);
    }

    SmartLogBuilder(SmartLog from) {
        super(from);
    }

    /** The structure as set so far; the builder can go on being used. */
    public SmartLog build() {
        return SmartLog.decode(bytes(), 0);
    }

    /** Sets CW: {@link SmartLog#criticalWarning}. */
    public SmartLogBuilder criticalWarning(int value) {
        put8(SmartLogLayout.CW, value);
        return this;
    }

    /** Sets CTEMP: {@link SmartLog#temperatureKelvin}. */
    public SmartLogBuilder temperatureKelvin(int value) {
        put16(SmartLogLayout.CTEMP, value);
        return this;
    }

    /** Sets AVSP: {@link SmartLog#availableSparePercent}. */
    public SmartLogBuilder availableSparePercent(int value) {
        put8(SmartLogLayout.AVSP, value);
        return this;
    }

    /** Sets AVSPT: {@link SmartLog#availableSpareThresholdPercent}. */
    public SmartLogBuilder availableSpareThresholdPercent(int value) {
        put8(SmartLogLayout.AVSPT, value);
        return this;
    }

    /** Sets PUSED: {@link SmartLog#percentageUsed}. */
    public SmartLogBuilder percentageUsed(int value) {
        put8(SmartLogLayout.PUSED, value);
        return this;
    }

    /** Sets EGCWS: {@link SmartLog#enduranceGroupCriticalWarning}. */
    public SmartLogBuilder enduranceGroupCriticalWarning(int value) {
        put8(SmartLogLayout.EGCWS, value);
        return this;
    }

    /** Sets DUR: {@link SmartLog#dataUnitsRead}. */
    public SmartLogBuilder dataUnitsRead(BigInteger value) {
        put128(SmartLogLayout.DUR, value);
        return this;
    }

    /** Sets DUR to a number below 2^63. */
    public SmartLogBuilder dataUnitsRead(long value) {
        return dataUnitsRead(BigInteger.valueOf(value));
    }

    /** Sets DUW: {@link SmartLog#dataUnitsWritten}. */
    public SmartLogBuilder dataUnitsWritten(BigInteger value) {
        put128(SmartLogLayout.DUW, value);
        return this;
    }

    /** Sets DUW to a number below 2^63. */
    public SmartLogBuilder dataUnitsWritten(long value) {
        return dataUnitsWritten(BigInteger.valueOf(value));
    }

    /** Sets HRC: {@link SmartLog#hostReadCommands}. */
    public SmartLogBuilder hostReadCommands(BigInteger value) {
        put128(SmartLogLayout.HRC, value);
        return this;
    }

    /** Sets HRC to a number below 2^63. */
    public SmartLogBuilder hostReadCommands(long value) {
        return hostReadCommands(BigInteger.valueOf(value));
    }

    /** Sets HWC: {@link SmartLog#hostWriteCommands}. */
    public SmartLogBuilder hostWriteCommands(BigInteger value) {
        put128(SmartLogLayout.HWC, value);
        return this;
    }

    /** Sets HWC to a number below 2^63. */
    public SmartLogBuilder hostWriteCommands(long value) {
        return hostWriteCommands(BigInteger.valueOf(value));
    }

    /** Sets CBT: {@link SmartLog#controllerBusyMinutes}. */
    public SmartLogBuilder controllerBusyMinutes(BigInteger value) {
        put128(SmartLogLayout.CBT, value);
        return this;
    }

    /** Sets CBT to a number below 2^63. */
    public SmartLogBuilder controllerBusyMinutes(long value) {
        return controllerBusyMinutes(BigInteger.valueOf(value));
    }

    /** Sets PWRC: {@link SmartLog#powerCycles}. */
    public SmartLogBuilder powerCycles(BigInteger value) {
        put128(SmartLogLayout.PWRC, value);
        return this;
    }

    /** Sets PWRC to a number below 2^63. */
    public SmartLogBuilder powerCycles(long value) {
        return powerCycles(BigInteger.valueOf(value));
    }

    /** Sets POH: {@link SmartLog#powerOnHours}. */
    public SmartLogBuilder powerOnHours(BigInteger value) {
        put128(SmartLogLayout.POH, value);
        return this;
    }

    /** Sets POH to a number below 2^63. */
    public SmartLogBuilder powerOnHours(long value) {
        return powerOnHours(BigInteger.valueOf(value));
    }

    /** Sets UPL: {@link SmartLog#unsafeShutdowns}. */
    public SmartLogBuilder unsafeShutdowns(BigInteger value) {
        put128(SmartLogLayout.UPL, value);
        return this;
    }

    /** Sets UPL to a number below 2^63. */
    public SmartLogBuilder unsafeShutdowns(long value) {
        return unsafeShutdowns(BigInteger.valueOf(value));
    }

    /** Sets MDIE: {@link SmartLog#mediaErrors}. */
    public SmartLogBuilder mediaErrors(BigInteger value) {
        put128(SmartLogLayout.MDIE, value);
        return this;
    }

    /** Sets MDIE to a number below 2^63. */
    public SmartLogBuilder mediaErrors(long value) {
        return mediaErrors(BigInteger.valueOf(value));
    }

    /** Sets NEILE: {@link SmartLog#errorLogEntries}. */
    public SmartLogBuilder errorLogEntries(BigInteger value) {
        put128(SmartLogLayout.NEILE, value);
        return this;
    }

    /** Sets NEILE to a number below 2^63. */
    public SmartLogBuilder errorLogEntries(long value) {
        return errorLogEntries(BigInteger.valueOf(value));
    }

    /** Sets WCTT: {@link SmartLog#warningTemperatureMinutes}. */
    public SmartLogBuilder warningTemperatureMinutes(long value) {
        put32(SmartLogLayout.WCTT, value);
        return this;
    }

    /** Sets CCTT: {@link SmartLog#criticalTemperatureMinutes}. */
    public SmartLogBuilder criticalTemperatureMinutes(long value) {
        put32(SmartLogLayout.CCTT, value);
        return this;
    }

    /** Sets TMT1TC: {@link SmartLog#thermalManagement1Transitions}. */
    public SmartLogBuilder thermalManagement1Transitions(long value) {
        put32(SmartLogLayout.TMT1TC, value);
        return this;
    }

    /** Sets TMT2TC: {@link SmartLog#thermalManagement2Transitions}. */
    public SmartLogBuilder thermalManagement2Transitions(long value) {
        put32(SmartLogLayout.TMT2TC, value);
        return this;
    }

    /** Sets TTTMT1: {@link SmartLog#thermalManagement1Seconds}. */
    public SmartLogBuilder thermalManagement1Seconds(long value) {
        put32(SmartLogLayout.TTTMT1, value);
        return this;
    }

    /** Sets TTTMT2: {@link SmartLog#thermalManagement2Seconds}. */
    public SmartLogBuilder thermalManagement2Seconds(long value) {
        put32(SmartLogLayout.TTTMT2, value);
        return this;
    }

    /** Sets Temperature Sensor {@code n}, 1 to 8. */
    public SmartLogBuilder temperatureSensorKelvin(int n, int kelvin) {
        if (n < 1 || n > SmartLog.SENSORS) {
            throw new IllegalArgumentException("no temperature sensor " + n);
        }
        put16(SmartLogLayout.TSEN + (n - 1L) * Short.BYTES, kelvin);
        return this;
    }
}
