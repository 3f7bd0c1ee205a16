package io.nvmeof.protocol.nvm;

/** What Reservation Register does (NVMe Base 2.1, Reservation Register command). */
public enum ReservationRegisterAction {
    /** Become a registrant. */
    REGISTER(0),
    /** Be a registrant no more; what the host held is released. */
    UNREGISTER(1),
    /** Have another key. */
    REPLACE(2);

    private final int code;

    ReservationRegisterAction(int code) {
        this.code = code;
    }

    /** The value with this code, or null if there is none. */
    public static ReservationRegisterAction ofCode(int code) {
        for (ReservationRegisterAction value : values()) {
            if (value.code == code) {
                return value;
            }
        }
        return null;
    }

    /** RREGA on the wire. */
    public int code() {
        return code;
    }
}
