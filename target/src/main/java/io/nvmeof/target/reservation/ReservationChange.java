package io.nvmeof.target.reservation;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.List;
import java.util.Set;

/**
 * What a command makes of a reservation.
 *
 * @param status how the command ends
 * @param state the reservation from then on; the same object as before if nothing has changed
 * @param notices who is to be told what
 * @param preempted hosts whose commands are to be aborted, or done, before the command ends
 */
public record ReservationChange(StatusCode status, ReservationState state, List<ReservationNotice> notices,
        Set<HostIdentifier> preempted) {
    public ReservationChange {
        notices = List.copyOf(notices);
        preempted = Set.copyOf(preempted);
    }

    /** Nothing changes, for this reason. */
    static ReservationChange refused(ReservationState state, StatusCode status) {
        return new ReservationChange(status, state, List.of(), Set.of());
    }

    static ReservationChange done(ReservationState next, List<ReservationNotice> notices) {
        return new ReservationChange(GenericStatus.SUCCESSFUL_COMPLETION, next, notices, Set.of());
    }
}
