package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.nvm.RegistrantStatus;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What a reservation command does, once more and in few words (NVMe Base 2.1, Reservations), for hosts with a key each
 * that no other host has.
 */
final class ReservationModel {
    static final int NOBODY = -1;

    enum Action { REGISTER, UNREGISTER, ACQUIRE, RELEASE, CLEAR, PREEMPT, PREEMPT_AND_ABORT }

    /** {@code victim} is whom to preempt. */
    record Command(int host, Action action, ReservationType type, int victim) {
        boolean preempts() {
            return action == Action.PREEMPT || action == Action.PREEMPT_AND_ABORT;
        }
    }

    record Outcome(StatusCode status, State state) {}

    /** {@code holder} is {@link #NOBODY} without a reservation, and if every registrant holds it. */
    record State(Set<Integer> registrants, int holder, ReservationType type, long generation) {
        static final State EMPTY = new State(Set.of(), NOBODY, null, 0);

        boolean holds(int host) {
            return type != null && (type.allRegistrants() ? registrants.contains(host) : holder == host);
        }

        /** Whether a host may not do what it wants; {@code reads} if that is to look only. */
        boolean excludes(int host, boolean reads) {
            if (type == null || reads && !type.exclusiveAccess()) {
                return false;
            }
            return type.registrantsMayAll() ? !registrants.contains(host) : holder != host;
        }

        private State with(int host) {
            Set<Integer> more = new HashSet<>(registrants);
            more.add(host);
            return new State(Set.copyOf(more), holder, type, generation);
        }

        private State without(int host) {
            Set<Integer> fewer = new HashSet<>(registrants);
            fewer.remove(host);
            boolean ends = fewer.isEmpty() || holder == host;
            return new State(Set.copyOf(fewer), ends ? NOBODY : holder, ends ? null : type, generation);
        }

        private State heldBy(int host, ReservationType wanted) {
            return new State(registrants, wanted.allRegistrants() ? NOBODY : host, wanted, generation);
        }

        private State next() {
            return new State(registrants, holder, type, generation + 1);
        }
    }

    private ReservationModel() {}

    static UUID hostIdentifier(int host) {
        return new UUID(7, host + 1);
    }

    static long key(int host) {
        return 0x1000 + host;
    }

    static Outcome apply(State state, Command command) {
        int host = command.host();
        if (command.action() == Action.REGISTER) {
            return done(state.with(host).next());
        }
        if (!state.registrants().contains(host)) {
            return new Outcome(GenericStatus.RESERVATION_CONFLICT, state);
        }
        return switch (command.action()) {
            case UNREGISTER -> done(state.without(host).next());
            case CLEAR -> done(new State(Set.of(), NOBODY, null, state.generation() + 1));
            case RELEASE -> release(state, command);
            case ACQUIRE -> acquire(state, command);
            default -> preempt(state, command);
        };
    }

    private static Outcome done(State state) {
        return new Outcome(GenericStatus.SUCCESSFUL_COMPLETION, state);
    }

    private static Outcome release(State state, Command command) {
        if (!state.holds(command.host())) {
            return done(state);
        }
        return state.type() == command.type()
                ? done(new State(state.registrants(), NOBODY, null, state.generation()))
                : new Outcome(GenericStatus.INVALID_FIELD_IN_COMMAND, state);
    }

    private static Outcome acquire(State state, Command command) {
        if (state.type() == null) {
            return done(state.heldBy(command.host(), command.type()));
        }
        boolean same = state.holds(command.host()) && state.type() == command.type();
        return same ? done(state) : new Outcome(GenericStatus.RESERVATION_CONFLICT, state);
    }

    private static Outcome preempt(State state, Command command) {
        int host = command.host();
        int victim = command.victim();
        if (state.type() != null && state.holder() == victim) {
            return done((victim == host ? state : state.without(victim)).heldBy(host, command.type()).next());
        }
        return state.registrants().contains(victim) ? done(state.without(victim).next())
                : new Outcome(GenericStatus.RESERVATION_CONFLICT, state);
    }

    /** What a report tells, in these words. */
    static State of(ReservationStatus report, int hostCount) {
        Set<Integer> registrants = new HashSet<>();
        int holder = NOBODY;
        ReservationType type = report.type();
        for (RegistrantStatus each : report.registrants()) {
            int host = (int) each.hostIdentifier().uuid().getLeastSignificantBits() - 1;
            boolean known = host >= 0 && host < hostCount && each.hostIdentifier().uuid().equals(hostIdentifier(host));
            if (!known || each.key() != key(host) || !registrants.add(host)) {
                throw new AssertionError("nobody's registration: " + report);
            }
            boolean all = type != null && type.allRegistrants();
            if (all && !each.holdsReservation()) {
                throw new AssertionError("a registrant that does not hold what all hold: " + report);
            }
            if (!all && each.holdsReservation()) {
                if (type == null || holder != NOBODY) {
                    throw new AssertionError("too many holders: " + report);
                }
                holder = host;
            }
        }
        return new State(Set.copyOf(registrants), holder, type, report.generation());
    }
}
