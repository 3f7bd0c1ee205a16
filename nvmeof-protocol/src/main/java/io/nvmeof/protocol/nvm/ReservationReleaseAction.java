package io.nvmeof.protocol.nvm;

/** What Reservation Release does (NVMe Base 2.1, Reservation Release command). */
public enum ReservationReleaseAction {
    /** Give up the reservation. */
    RELEASE(0),
    /** End the reservation, whoever holds it, and unregister everybody. */
    CLEAR(1);

    private final int code;

    ReservationReleaseAction(int code) {
        this.code = code;
    }

    /** The value with this code, or null if there is none. */
    public static ReservationReleaseAction ofCode(int code) {
        for (ReservationReleaseAction value : values()) {
            if (value.code == code) {
                return value;
            }
        }
        return null;
    }

    /** RRELA on the wire. */
    public int code() {
        return code;
    }
}
