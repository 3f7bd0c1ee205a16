package io.nvmeof.protocol.nvm;

/**
 * What Reservation Register does to the Persist Through Power Loss state (NVMe Base 2.1, Reservation Register command).
 */
public enum ReservationPersistence {
    /** It stays as it is. */
    UNCHANGED(0),
    /** Registrants and reservation are gone after a loss of power. */
    OFF(2),
    /** Registrants and reservation survive a loss of power. */
    ON(3);

    private final int code;

    ReservationPersistence(int code) {
        this.code = code;
    }

    /** The value with this code, or null if there is none. */
    public static ReservationPersistence ofCode(int code) {
        for (ReservationPersistence value : values()) {
            if (value.code == code) {
                return value;
            }
        }
        return null;
    }

    /** CPTPL on the wire. */
    public int code() {
        return code;
    }
}
