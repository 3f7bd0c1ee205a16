package io.nvmeof.target.reservation;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationType;

/** What a host wants changed about the reservation of a namespace. */
public sealed interface ReservationCommand {
    /** Who wants it. */
    HostIdentifier host();

    /** Reservation Register. */
    record Register(HostIdentifier host, ReservationRegisterAction action, long currentKey, long newKey,
            boolean ignoreExistingKey, ReservationPersistence persistence) implements ReservationCommand {}

    /** Reservation Acquire. */
    record Acquire(HostIdentifier host, ReservationAcquireAction action, ReservationType type, long currentKey,
            long preemptedKey) implements ReservationCommand {}

    /**
     * Reservation Release.
     *
     * @param type {@code null} for {@link ReservationReleaseAction#CLEAR}
     */
    record Release(HostIdentifier host, ReservationReleaseAction action, ReservationType type, long currentKey)
            implements ReservationCommand {}

    /** Set Features, Reservation Persistence. */
    record SetPersistence(HostIdentifier host, boolean persistent) implements ReservationCommand {}
}
