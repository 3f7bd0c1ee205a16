package io.nvmeof.protocol.fabrics;

/**
 * CC, the Controller Configuration property (NVMe Base 2.1, Controller Properties).
 *
 * @param value the 32 bits
 */
public record ControllerConfiguration(int value) {
    /** EN. */
    public static final int ENABLE = 1;
    /** CSS: the NVM Command Set. */
    public static final int CSS_NVM = 0;
    /** CSS: all I/O command sets the controller supports. */
    public static final int CSS_ALL = 6;
    /** CSS: admin commands only. */
    public static final int CSS_ADMIN_ONLY = 7;
    /** SHN: no shutdown. */
    public static final int SHUTDOWN_NONE = 0;
    /** SHN: normal shutdown. */
    public static final int SHUTDOWN_NORMAL = 1;
    /** SHN: abrupt shutdown. */
    public static final int SHUTDOWN_ABRUPT = 2;

    private static final int CSS_SHIFT = 4;
    private static final int MPS_SHIFT = 7;
    private static final int AMS_SHIFT = 11;
    private static final int SHN_SHIFT = 14;
    private static final int IOSQES_SHIFT = 16;
    private static final int IOCQES_SHIFT = 20;
    private static final int CRIME_BIT = 24;
    private static final int SHN_MASK = 0x3;
    private static final int COMMAND_ENTRY_EXPONENT = 6;
    private static final int COMPLETION_ENTRY_EXPONENT = 4;
    private static final int SMALLEST_PAGE_SHIFT = 12;

    /** What a host writes to enable a controller: entries of 64 and 16 bytes, pages of 4 KiB, round robin. */
    public static ControllerConfiguration enabled(int commandSets) {
        return new ControllerConfiguration(ENABLE | commandSets << CSS_SHIFT
                | COMMAND_ENTRY_EXPONENT << IOSQES_SHIFT | COMPLETION_ENTRY_EXPONENT << IOCQES_SHIFT);
    }

    /** EN: whether the controller processes commands. */
    public boolean enable() {
        return (value & ENABLE) != 0;
    }

    /** CSS: {@link #CSS_NVM}, {@link #CSS_ALL} or {@link #CSS_ADMIN_ONLY}; others are reserved. */
    public int commandSets() {
        return value >>> CSS_SHIFT & 0x7;
    }

    /** MPS: memory page size in bytes. */
    public long pageBytes() {
        return 1L << SMALLEST_PAGE_SHIFT + (value >>> MPS_SHIFT & 0xF);
    }

    /** AMS: 0 is round robin. */
    public int arbitration() {
        return value >>> AMS_SHIFT & 0x7;
    }

    /** SHN: {@link #SHUTDOWN_NONE} and the like; 3 is reserved. */
    public int shutdown() {
        return value >>> SHN_SHIFT & SHN_MASK;
    }

    /** IOSQES: a submission queue entry has 2 to this power bytes; fabrics: 6. */
    public int submissionEntryExponent() {
        return value >>> IOSQES_SHIFT & 0xF;
    }

    /** IOCQES: a completion queue entry has 2 to this power bytes; fabrics: 4. */
    public int completionEntryExponent() {
        return value >>> IOCQES_SHIFT & 0xF;
    }

    /** CRIME: ready independent of media. */
    public boolean readyIndependentOfMedia() {
        return (value >>> CRIME_BIT & 1) != 0;
    }

    /** The same with EN so. */
    public ControllerConfiguration withEnable(boolean enable) {
        return new ControllerConfiguration(enable ? value | ENABLE : value & ~ENABLE);
    }

    /** The same with CRIME so. */
    public ControllerConfiguration withReadyIndependentOfMedia(boolean independent) {
        return new ControllerConfiguration(independent ? value | 1 << CRIME_BIT : value & ~(1 << CRIME_BIT));
    }

    /** The same with this SHN. */
    public ControllerConfiguration withShutdown(int shutdown) {
        return new ControllerConfiguration(
                value & ~(SHN_MASK << SHN_SHIFT) | (shutdown & SHN_MASK) << SHN_SHIFT);
    }
}
