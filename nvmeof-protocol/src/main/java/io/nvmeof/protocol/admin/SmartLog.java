package io.nvmeof.protocol.admin;

import io.nvmeof.protocol.layout.WireStructure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.math.BigInteger;

/**
 * SMART / Health Information log page, LID 02h (NVMe Base 2.1, SMART / Health Information).
 */
public final class SmartLog extends WireStructure {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = SmartLogLayout.LAYOUT;
    /** Bytes of the structure. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** Critical Warning: spare is below its threshold. */
    public static final int WARNING_SPARE = 1;
    /** Critical Warning: temperature is beyond a threshold. */
    public static final int WARNING_TEMPERATURE = 1 << 1;
    /** Critical Warning: reliability is degraded. */
    public static final int WARNING_RELIABILITY = 1 << 2;
    /** Critical Warning: the medium is read only. */
    public static final int WARNING_READ_ONLY = 1 << 3;
    /** Critical Warning: the volatile memory backup has failed. */
    public static final int WARNING_BACKUP_FAILED = 1 << 4;
    /** Critical Warning: the persistent memory region is unreliable. */
    public static final int WARNING_PERSISTENT_MEMORY = 1 << 5;

    static final int SENSORS = 8;

    private SmartLog(MemorySegment from, long base) {
        super(from, base, SIZE);
    }

    /** Copies the bytes at {@code base}. No value is refused: each accessor says what it makes of it. */
    public static SmartLog decode(MemorySegment from, long base) {
        return new SmartLog(from, base);
    }

    /** Starts a structure of zeros. */
    public static SmartLogBuilder builder() {
        return new SmartLogBuilder();
    }

    /** Starts with this structure's bytes. */
    public SmartLogBuilder toBuilder() {
        return new SmartLogBuilder(this);
    }

    /** Critical Warning: {@link #WARNING_SPARE} and the like; 0 is well. */
    public int criticalWarning() {
        return u8(SmartLogLayout.CW);
    }

    /** Composite Temperature in kelvins; 0 is not reported. */
    public int temperatureKelvin() {
        return u16(SmartLogLayout.CTEMP);
    }

    /** Available Spare in percent, 0 to 100. */
    public int availableSparePercent() {
        return u8(SmartLogLayout.AVSP);
    }

    /** Available Spare Threshold in percent. */
    public int availableSpareThresholdPercent() {
        return u8(SmartLogLayout.AVSPT);
    }

    /** Percentage Used of the estimated life; may exceed 100, 255 is 255 or more. */
    public int percentageUsed() {
        return u8(SmartLogLayout.PUSED);
    }

    /** Endurance Group Critical Warning Summary. */
    public int enduranceGroupCriticalWarning() {
        return u8(SmartLogLayout.EGCWS);
    }

    /** Data Units Read, in thousands of 512 bytes, rounded up. */
    public BigInteger dataUnitsRead() {
        return u128(SmartLogLayout.DUR);
    }

    /** Data Units Written, in thousands of 512 bytes, rounded up. */
    public BigInteger dataUnitsWritten() {
        return u128(SmartLogLayout.DUW);
    }

    /** Host Read Commands that SMART data counts. */
    public BigInteger hostReadCommands() {
        return u128(SmartLogLayout.HRC);
    }

    /** Host Write Commands. */
    public BigInteger hostWriteCommands() {
        return u128(SmartLogLayout.HWC);
    }

    /** Controller Busy Time in minutes. */
    public BigInteger controllerBusyMinutes() {
        return u128(SmartLogLayout.CBT);
    }

    /** Power Cycles. */
    public BigInteger powerCycles() {
        return u128(SmartLogLayout.PWRC);
    }

    /** Power On Hours. */
    public BigInteger powerOnHours() {
        return u128(SmartLogLayout.POH);
    }

    /** Unexpected Power Losses (unsafe shutdowns). */
    public BigInteger unsafeShutdowns() {
        return u128(SmartLogLayout.UPL);
    }

    /** Media and Data Integrity Errors. */
    public BigInteger mediaErrors() {
        return u128(SmartLogLayout.MDIE);
    }

    /** Number of Error Information Log Entries over the controller's life. */
    public BigInteger errorLogEntries() {
        return u128(SmartLogLayout.NEILE);
    }

    /** Warning Composite Temperature Time in minutes. */
    public long warningTemperatureMinutes() {
        return u32(SmartLogLayout.WCTT);
    }

    /** Critical Composite Temperature Time in minutes. */
    public long criticalTemperatureMinutes() {
        return u32(SmartLogLayout.CCTT);
    }

    /** Thermal Management Temperature 1 Transition Count. */
    public long thermalManagement1Transitions() {
        return u32(SmartLogLayout.TMT1TC);
    }

    /** Thermal Management Temperature 2 Transition Count. */
    public long thermalManagement2Transitions() {
        return u32(SmartLogLayout.TMT2TC);
    }

    /** Total Time For Thermal Management Temperature 1, in seconds. */
    public long thermalManagement1Seconds() {
        return u32(SmartLogLayout.TTTMT1);
    }

    /** Total Time For Thermal Management Temperature 2, in seconds. */
    public long thermalManagement2Seconds() {
        return u32(SmartLogLayout.TTTMT2);
    }

    /** Temperature Sensor {@code n}, 1 to 8, in kelvins; 0 is not implemented. */
    public int temperatureSensorKelvin(int n) {
        if (n < 1 || n > SENSORS) {
            throw new IllegalArgumentException("no temperature sensor " + n);
        }
        return u16(SmartLogLayout.TSEN + (n - 1L) * Short.BYTES);
    }
}
