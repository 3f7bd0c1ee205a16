package io.nvmeof.protocol.fabrics;

/** What a Fabrics command (opcode 7Fh) is: byte 4 of the command (NVMe Base 2.1, Fabrics Command Set). */
public enum FabricsCommandType {
    /** Property Set (00h). */
    PROPERTY_SET(0x00),
    /** Connect (01h). */
    CONNECT(0x01),
    /** Property Get (04h). */
    PROPERTY_GET(0x04),
    /** Authentication Send (05h). */
    AUTHENTICATION_SEND(0x05),
    /** Authentication Receive (06h). */
    AUTHENTICATION_RECEIVE(0x06),
    /** Disconnect (08h). */
    DISCONNECT(0x08);

    private static final FabricsCommandType[] BY_CODE = new FabricsCommandType[256];

    static {
        for (FabricsCommandType value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    FabricsCommandType(int code) {
        this.code = code;
    }

    /** Returns the command type with this code (0..255), or null if there is none. */
    public static FabricsCommandType ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The command type on the wire. */
    public int code() {
        return code;
    }
}
