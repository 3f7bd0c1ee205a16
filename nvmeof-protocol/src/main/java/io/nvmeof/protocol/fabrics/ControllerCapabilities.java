package io.nvmeof.protocol.fabrics;

/**
 * CAP, the Controller Capabilities property (NVMe Base 2.1, Controller Properties).
 *
 * @param value the 64 bits
 */
public record ControllerCapabilities(long value) {
    /** Bits of {@link #commandSets()}: the NVM Command Set. */
    public static final int CSS_NVM = 1;
    /** Bits of {@link #commandSets()}: one or more I/O command sets, chosen with CC.CSS 110b. */
    public static final int CSS_IO_COMMAND_SETS = 1 << 6;
    /** Bits of {@link #commandSets()}: no I/O command set; discovery and administrative controllers. */
    public static final int CSS_NONE = 1 << 7;

    private static final int CONTIGUOUS_QUEUES_BIT = 16;
    private static final int TIMEOUT_UNIT_MILLIS = 500;
    private static final int TIMEOUT_SHIFT = 24;
    private static final int COMMAND_SETS_SHIFT = 37;
    private static final int SUBSYSTEM_RESET_BIT = 36;
    private static final int PAGE_MINIMUM_SHIFT = 48;
    private static final int PAGE_MAXIMUM_SHIFT = 52;
    private static final int READY_WITH_MEDIA_BIT = 59;
    private static final int READY_INDEPENDENT_BIT = 60;
    private static final int SMALLEST_PAGE_SHIFT = 12;

    /**
     * What a fabrics controller says: queues contiguous (as the specification demands of fabrics), pages of 4 KiB.
     *
     * @param maximumQueueEntries entries of the largest I/O queue, 2 to 65536
     * @param readyTimeoutMillis how long CSTS.RDY may take, rounded up to 500 ms, at most 127500
     * @param commandSets the CSS bits
     */
    public static ControllerCapabilities of(int maximumQueueEntries, int readyTimeoutMillis, int commandSets) {
        int timeout = (readyTimeoutMillis + TIMEOUT_UNIT_MILLIS - 1) / TIMEOUT_UNIT_MILLIS;
        if (maximumQueueEntries < 2 || maximumQueueEntries > 0x10000 || readyTimeoutMillis < 0 || timeout > 0xFF
                || (commandSets & ~0xFF) != 0) {
            throw new IllegalArgumentException("capabilities of " + maximumQueueEntries + " entries, "
                    + readyTimeoutMillis + " ms, command sets " + commandSets);
        }
        return new ControllerCapabilities(maximumQueueEntries - 1 // MQES is 0's based.
                | 1L << CONTIGUOUS_QUEUES_BIT
                | (long) timeout << TIMEOUT_SHIFT
                | (long) commandSets << COMMAND_SETS_SHIFT);
    }

    /** The same, offering the Controller Ready With Media mode: since NVMe 2.0 every controller must. */
    public ControllerCapabilities withReadyWithMedia() {
        return new ControllerCapabilities(value | 1L << READY_WITH_MEDIA_BIT);
    }

    /** MQES: entries of the largest I/O queue, as a count. */
    public int maximumQueueEntries() {
        return (int) (value & 0xFFFF) + 1;
    }

    /** TO: how long to wait for CSTS.RDY, in milliseconds. */
    public int readyTimeoutMillis() {
        return (int) (value >>> TIMEOUT_SHIFT & 0xFF) * TIMEOUT_UNIT_MILLIS;
    }

    /** CSS: {@link #CSS_NVM} and the like. */
    public int commandSets() {
        return (int) (value >>> COMMAND_SETS_SHIFT & 0xFF);
    }

    /** NSSRS: NVM Subsystem Reset is supported. */
    public boolean subsystemResetSupported() {
        return bit(SUBSYSTEM_RESET_BIT);
    }

    /** MPSMIN: the smallest memory page in bytes, the unit of MDTS. */
    public long minimumPageBytes() {
        return 1L << SMALLEST_PAGE_SHIFT + (int) (value >>> PAGE_MINIMUM_SHIFT & 0xF);
    }

    /** MPSMAX: the largest memory page in bytes. */
    public long maximumPageBytes() {
        return 1L << SMALLEST_PAGE_SHIFT + (int) (value >>> PAGE_MAXIMUM_SHIFT & 0xF);
    }

    /** CRMS.CRWMS: the Controller Ready With Media mode, with which CRTO means something. */
    public boolean readyWithMediaSupported() {
        return bit(READY_WITH_MEDIA_BIT);
    }

    /** CRMS.CRIMS: the Controller Ready Independent of Media mode. */
    public boolean readyIndependentOfMediaSupported() {
        return bit(READY_INDEPENDENT_BIT);
    }

    private boolean bit(int n) {
        return (value >>> n & 1) != 0;
    }
}
