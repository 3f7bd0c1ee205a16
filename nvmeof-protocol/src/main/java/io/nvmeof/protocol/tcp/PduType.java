package io.nvmeof.protocol.tcp;

/** The PDUs of NVMe/TCP, with the header length (HLEN) each has exactly (NVMe/TCP Transport 1.1, PDU definitions). */
public enum PduType {
    /** Initialize Connection Request, host to controller. */
    IC_REQ(0x00, 128, true),
    /** Initialize Connection Response, controller to host. */
    IC_RESP(0x01, 128, false),
    /** Host to Controller Terminate Connection Request. */
    H2C_TERM_REQ(0x02, 24, true),
    /** Controller to Host Terminate Connection Request. */
    C2H_TERM_REQ(0x03, 24, false),
    /** Command Capsule, host to controller. */
    CAPSULE_CMD(0x04, 72, true),
    /** Response Capsule, controller to host. */
    CAPSULE_RESP(0x05, 24, false),
    /** Host to Controller Data Transfer. */
    H2C_DATA(0x06, 24, true),
    /** Controller to Host Data Transfer. */
    C2H_DATA(0x07, 24, false),
    /** Ready to Transfer, controller to host. */
    R2T(0x09, 24, false);

    private static final PduType[] BY_CODE = new PduType[256];

    static {
        for (PduType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int headerLength;
    private final boolean hostToController;

    PduType(int code, int headerLength, boolean hostToController) {
        this.code = code;
        this.headerLength = headerLength;
        this.hostToController = hostToController;
    }

    /** Returns the type with this code (0..255), or null if there is none. */
    public static PduType ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The PDU-Type byte. */
    public int code() {
        return code;
    }

    /** The HLEN every PDU of this type has, in bytes, digest not included. */
    public int headerLength() {
        return headerLength;
    }

    /** Whether hosts send it; otherwise controllers do. */
    public boolean hostToController() {
        return hostToController;
    }

    /** Whether data may follow the header, so that PDO, the data digest flag and a data digest mean something. */
    public boolean carriesData() {
        return this == CAPSULE_CMD || this == H2C_DATA || this == C2H_DATA;
    }

    /** Whether digests protect it once negotiated; those that set up or end the connection never have one. */
    public boolean digestable() {
        return this != IC_REQ && this != IC_RESP && this != H2C_TERM_REQ && this != C2H_TERM_REQ;
    }
}
