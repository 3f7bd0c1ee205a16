package io.nvmeof.target.reservation;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.reservation.ReservationNotice.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** How commands change a reservation (NVMe Base 2.1, Reservations). Functions of their arguments alone. */
public final class ReservationTransitions {
    private static final StatusCode CONFLICT = GenericStatus.RESERVATION_CONFLICT;
    private static final StatusCode INVALID = GenericStatus.INVALID_FIELD_IN_COMMAND;

    private ReservationTransitions() {}

    /** What a command makes of a reservation. */
    public static ReservationChange apply(ReservationState state, ReservationCommand command) {
        return switch (command) {
            case ReservationCommand.Register register -> register(state, register);
            case ReservationCommand.Acquire acquire -> acquire(state, acquire);
            case ReservationCommand.Release release -> release(state, release);
            case ReservationCommand.SetPersistence set ->
                ReservationChange.done(state.withPersistent(set.persistent()), List.of());
        };
    }

    // ---- Register

    private static ReservationChange register(ReservationState state, ReservationCommand.Register command) {
        ReservationChange change = command.action() == ReservationRegisterAction.UNREGISTER
                ? unregister(state, command) : registerKey(state, command);
        if (!change.status().successful()) {
            return change;
        }
        ReservationState next = change.state().withNextGeneration();
        if (command.persistence() != ReservationPersistence.UNCHANGED) {
            next = next.withPersistent(command.persistence() == ReservationPersistence.ON);
        }
        return ReservationChange.done(next, change.notices());
    }

    private static ReservationChange registerKey(ReservationState state, ReservationCommand.Register command) {
        if (command.newKey() == 0) {
            // As a key to preempt, 0 means something else.
            return ReservationChange.refused(state, INVALID);
        }
        Registrant known = state.find(command.host());
        if (!mayRegister(known, command)) {
            return ReservationChange.refused(state, CONFLICT);
        }
        if (known == null && state.registrants().size() == ReservationState.REGISTRANT_COUNT_MAX) {
            return ReservationChange.refused(state, GenericStatus.INTERNAL_ERROR);
        }
        return ReservationChange.done(state.with(new Registrant(command.host(), command.newKey())), List.of());
    }

    private static boolean mayRegister(Registrant known, ReservationCommand.Register command) {
        if (command.action() == ReservationRegisterAction.REGISTER) {
            return known == null || known.key() == command.newKey();
        }
        return command.ignoreExistingKey() || known != null && known.key() == command.currentKey();
    }

    private static ReservationChange unregister(ReservationState state, ReservationCommand.Register command) {
        Registrant known = state.find(command.host());
        if (known == null || !command.ignoreExistingKey() && known.key() != command.currentKey()) {
            return ReservationChange.refused(state, CONFLICT);
        }
        ReservationState next = state.without(known::equals);
        boolean released = state.type() != null && next.type() == null && state.type().registrantsMayAll();
        return ReservationChange.done(next,
                released ? tell(next, command.host(), Kind.RESERVATION_RELEASED) : List.of());
    }

    // ---- Acquire

    private static ReservationChange acquire(ReservationState state, ReservationCommand.Acquire command) {
        if (!authorized(state, command.host(), command.currentKey())) {
            return ReservationChange.refused(state, CONFLICT);
        }
        if (command.action() != ReservationAcquireAction.ACQUIRE) {
            return preempt(state, command);
        }
        if (state.type() == null) {
            return ReservationChange.done(state.heldBy(command.host(), command.type()), List.of());
        }
        boolean same = state.holds(command.host()) && state.type() == command.type();
        return same ? ReservationChange.done(state, List.of()) : ReservationChange.refused(state, CONFLICT);
    }

    private static ReservationChange preempt(ReservationState state, ReservationCommand.Acquire command) {
        HostIdentifier host = command.host();
        long key = command.preemptedKey();
        Predicate<Registrant> others = registrant -> !registrant.host().equals(host);
        Predicate<Registrant> matching = registrant -> registrant.key() == key;
        ReservationType type = state.type();
        if (type != null && type.allRegistrants() && key == 0) {
            return preempted(state, state.without(others).heldBy(host, command.type()), command);
        }
        if (state.holder() != null && state.find(state.holder()).key() == key) {
            return preempted(state, takenOver(state, others.and(matching), command), command);
        }
        if (state.holder() != null && key == 0) {
            return ReservationChange.refused(state, INVALID);
        }
        if (state.registrants().stream().noneMatch(matching)) {
            return ReservationChange.refused(state, CONFLICT);
        }
        return preempted(state, state.without(matching), command);
    }

    private static ReservationState takenOver(ReservationState state, Predicate<Registrant> gone,
            ReservationCommand.Acquire command) {
        return state.without(gone).heldBy(command.host(), command.type());
    }

    private static ReservationChange preempted(ReservationState before, ReservationState after,
            ReservationCommand.Acquire command) {
        List<ReservationNotice> notices = new ArrayList<>();
        Set<HostIdentifier> preempted = new HashSet<>();
        for (Registrant registrant : before.registrants()) {
            HostIdentifier host = registrant.host();
            if (!host.equals(command.host()) && after.find(host) == null) {
                notices.add(new ReservationNotice(host, Kind.REGISTRATION_PREEMPTED));
                preempted.add(host);
            }
        }
        if (before.type() != null && before.type() != after.type()) {
            notices.addAll(tell(after, command.host(), Kind.RESERVATION_RELEASED));
        }
        boolean abort = command.action() == ReservationAcquireAction.PREEMPT_AND_ABORT;
        return new ReservationChange(GenericStatus.SUCCESSFUL_COMPLETION, after.withNextGeneration(), notices,
                abort ? preempted : Set.of());
    }

    // ---- Release

    private static ReservationChange release(ReservationState state, ReservationCommand.Release command) {
        if (!authorized(state, command.host(), command.currentKey())) {
            return ReservationChange.refused(state, CONFLICT);
        }
        if (command.action() == ReservationReleaseAction.CLEAR) {
            return ReservationChange.done(state.without(registrant -> true).withNextGeneration(),
                    tell(state, command.host(), Kind.RESERVATION_PREEMPTED));
        }
        if (!state.holds(command.host())) {
            return ReservationChange.done(state, List.of()); // Not an error, and of no effect.
        }
        if (state.type() != command.type()) {
            return ReservationChange.refused(state, INVALID);
        }
        return ReservationChange.done(state.released(), state.type().registrantsMayAll()
                ? tell(state, command.host(), Kind.RESERVATION_RELEASED) : List.of());
    }

    private static boolean authorized(ReservationState state, HostIdentifier host, long key) {
        Registrant known = state.find(host);
        return known != null && known.key() == key;
    }

    /** All registrants but one. */
    private static List<ReservationNotice> tell(ReservationState state, HostIdentifier but, Kind kind) {
        return state.registrants().stream().map(Registrant::host).filter(host -> !host.equals(but))
                .map(host -> new ReservationNotice(host, kind)).toList();
    }
}
