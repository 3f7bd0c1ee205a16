package io.nvmeof.protocol.admin;

/** How a controller serves an ANA group (NVMe Base 2.1, Asymmetric Namespace Access states). */
public enum AnaState {
    /** ANA Optimized: the path to prefer (01h). */
    OPTIMIZED(0x01),
    /** ANA Non-Optimized: works, another path is better (02h). */
    NON_OPTIMIZED(0x02),
    /** ANA Inaccessible: no media access by this controller now (03h). */
    INACCESSIBLE(0x03),
    /** ANA Persistent Loss: no media access by this controller, ever (04h). */
    PERSISTENT_LOSS(0x04),
    /** ANA Change: between two states; retry within ANATT (0Fh). */
    CHANGE(0x0F);

    private static final AnaState[] BY_CODE = new AnaState[256];

    static {
        for (AnaState value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    AnaState(int code) {
        this.code = code;
    }

    /** Returns the ANA state with this code (0..255), or null if there is none. */
    public static AnaState ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The ANA state on the wire. */
    public int code() {
        return code;
    }
}
