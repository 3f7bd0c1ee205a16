package io.nvmeof.protocol.nvm;

/** What a reservation keeps others from (NVMe Base 2.1, Reservation Type Encoding). */
public enum ReservationType {
    /** The holder alone writes, everybody reads. */
    WRITE_EXCLUSIVE(1, "Write Exclusive"),
    /** The holder alone reads and writes. */
    EXCLUSIVE_ACCESS(2, "Exclusive Access"),
    /** Registrants write, everybody reads; one registrant is the holder. */
    WRITE_EXCLUSIVE_REGISTRANTS_ONLY(3, "Write Exclusive - Registrants Only"),
    /** Registrants read and write, nobody else; one registrant is the holder. */
    EXCLUSIVE_ACCESS_REGISTRANTS_ONLY(4, "Exclusive Access - Registrants Only"),
    /** Registrants write, everybody reads; every registrant is a holder. */
    WRITE_EXCLUSIVE_ALL_REGISTRANTS(5, "Write Exclusive - All Registrants"),
    /** Registrants read and write, nobody else; every registrant is a holder. */
    EXCLUSIVE_ACCESS_ALL_REGISTRANTS(6, "Exclusive Access - All Registrants");

    private static final ReservationType[] BY_CODE = new ReservationType[256];

    static {
        for (ReservationType value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;
    private final String description;

    ReservationType(int code, String description) {
        this.code = code;
        this.description = description;
    }

    /** The type with this code (0..255), or null if there is none; 0 stands for "no reservation". */
    public static ReservationType ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** RTYPE on the wire. */
    public int code() {
        return code;
    }

    /** Its name in the specification. */
    public String description() {
        return description;
    }

    /** Whether others may not even read. */
    public boolean exclusiveAccess() {
        return this == EXCLUSIVE_ACCESS || this == EXCLUSIVE_ACCESS_REGISTRANTS_ONLY
                || this == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
    }

    /** Whether every registrant is a holder. */
    public boolean allRegistrants() {
        return this == WRITE_EXCLUSIVE_ALL_REGISTRANTS || this == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
    }

    /** Whether every registrant may do what the holder may. */
    public boolean registrantsMayAll() {
        return this != WRITE_EXCLUSIVE && this != EXCLUSIVE_ACCESS;
    }
}
