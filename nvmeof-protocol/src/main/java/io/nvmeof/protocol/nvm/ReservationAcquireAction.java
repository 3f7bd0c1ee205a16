package io.nvmeof.protocol.nvm;

/** What Reservation Acquire does (NVMe Base 2.1, Reservation Acquire command). */
public enum ReservationAcquireAction {
    /** Take a reservation that nobody holds. */
    ACQUIRE(0),
    /** Unregister other hosts, and take over what they held. */
    PREEMPT(1),
    /** As {@link #PREEMPT}, and have their commands aborted or finished first. */
    PREEMPT_AND_ABORT(2);

    private final int code;

    ReservationAcquireAction(int code) {
        this.code = code;
    }

    /** The value with this code, or null if there is none. */
    public static ReservationAcquireAction ofCode(int code) {
        for (ReservationAcquireAction value : values()) {
            if (value.code == code) {
                return value;
            }
        }
        return null;
    }

    /** RACQA on the wire. */
    public int code() {
        return code;
    }
}
