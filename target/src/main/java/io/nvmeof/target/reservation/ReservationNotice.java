package io.nvmeof.target.reservation;

import io.nvmeof.protocol.fabrics.HostIdentifier;

/**
 * Something that a host has to be told about what another host did (NVMe Base 2.1, Reservation Notifications).
 *
 * @param host who is to be told, on every controller
 * @param kind what happened
 */
public record ReservationNotice(HostIdentifier host, Kind kind) {
    /** What happened. */
    public enum Kind {
        /** The host is no registrant any more. */
        REGISTRATION_PREEMPTED(1),
        /** The reservation is released, or of another type now; the host is still a registrant. */
        RESERVATION_RELEASED(2),
        /** Reservation and registrations were cleared. */
        RESERVATION_PREEMPTED(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The Reservation Notification Log Page Type; also the bit of the notification mask. */
        public int code() {
            return code;
        }
    }
}
