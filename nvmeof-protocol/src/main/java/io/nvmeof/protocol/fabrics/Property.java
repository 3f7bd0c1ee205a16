package io.nvmeof.protocol.fabrics;

/** The controller properties fabrics have (NVMe Base 2.1, Controller Properties). */
public enum Property {
    /** Controller Capabilities; {@link ControllerCapabilities}. */
    CAP(0x00, 8),
    /** Version. */
    VS(0x08, 4),
    /** Controller Configuration; {@link ControllerConfiguration}. */
    CC(0x14, 4),
    /** Controller Status; {@link ControllerStatus}. */
    CSTS(0x1C, 4),
    /** NVM Subsystem Reset. */
    NSSR(0x20, 4),
    /** NVM Subsystem Shutdown. */
    NSSD(0x64, 4),
    /** Controller Ready Timeouts. */
    CRTO(0x68, 4);

    /** The value to write to NSSR to reset the subsystem: "NVMe". */
    public static final int SUBSYSTEM_RESET = 0x4E564D65;
    /** VS of NVMe 1.4. */
    public static final int VERSION_1_4 = 0x00010400;
    /** VS of NVMe 2.0. */
    public static final int VERSION_2_0 = 0x00020000;
    /** VS of NVMe 2.1. */
    public static final int VERSION_2_1 = 0x00020100;

    private static final Property[] ALL = values();

    private final int offset;
    private final int sizeBytes;

    Property(int offset, int sizeBytes) {
        this.offset = offset;
        this.sizeBytes = sizeBytes;
    }

    /** Returns the property at this offset, or null if fabrics have none there. */
    public static Property ofOffset(long offset) {
        for (Property property : ALL) {
            if (property.offset == offset) {
                return property;
            }
        }
        return null;
    }

    /** Its byte offset. */
    public int offset() {
        return offset;
    }

    /** Its size, 4 or 8 bytes. */
    public int sizeBytes() {
        return sizeBytes;
    }
}
