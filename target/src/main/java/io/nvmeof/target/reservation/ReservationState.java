package io.nvmeof.target.reservation;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.ReservationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The registrants of a namespace and its reservation, at one moment. Immutable: {@link ReservationTransitions} makes
 * the next one. I/O commands look at it with {@link #conflicts}, from any thread.
 */
public final class ReservationState {
    /** Most registrants of a namespace: each costs a look at every I/O of a host in registrants-only types. */
    public static final int REGISTRANT_COUNT_MAX = 128;
    /** Nobody is registered, and nothing survives a loss of power. */
    public static final ReservationState EMPTY = new ReservationState(List.of(), null, null, 0, false);

    private final List<Registrant> registrants;
    private final ReservationType type;
    private final HostIdentifier holder;
    private final int generation;
    private final boolean persistent;
    /** The two halves of each registrant's host identifier, for the I/O path. */
    private final long[] hosts;

    ReservationState(List<Registrant> registrants, ReservationType type, HostIdentifier holder, int generation,
            boolean persistent) {
        this.registrants = List.copyOf(registrants);
        this.type = type;
        this.holder = holder;
        this.generation = generation;
        this.persistent = persistent;
        this.hosts = new long[2 * this.registrants.size()];
        for (int i = 0; i < this.registrants.size(); i++) {
            UUID uuid = this.registrants.get(i).host().uuid();
            hosts[2 * i] = uuid.getMostSignificantBits();
            hosts[2 * i + 1] = uuid.getLeastSignificantBits();
        }
        check();
    }

    /**
     * What can never be, however damaged what it was read from: a holder that is not registered, twice the same host.
     */
    private void check() {
        long distinct = registrants.stream().map(Registrant::host).distinct().count();
        boolean single = type != null && !type.allRegistrants();
        if (distinct != registrants.size() || distinct > REGISTRANT_COUNT_MAX
                || registrants.stream().anyMatch(registrant -> registrant.key() == 0)
                || type != null && registrants.isEmpty() || single != (holder != null)
                || holder != null && find(holder) == null) {
            throw new IllegalArgumentException("impossible: " + this);
        }
    }

    /** The registrants, in the order they came. */
    public List<Registrant> registrants() {
        return registrants;
    }

    /** The type of the reservation, {@code null} if nobody holds one. */
    public ReservationType type() {
        return type;
    }

    /** The only holder; {@code null} if there is no reservation, or if every registrant holds it. */
    HostIdentifier holder() {
        return holder;
    }

    /** Rises with every change of the registrants, and wraps; unsigned. */
    public int generation() {
        return generation;
    }

    /** PTPL: whether all this has to survive a loss of power. */
    public boolean persistent() {
        return persistent;
    }

    /** Whether a host holds the reservation, alone or as one of all registrants. */
    public boolean holds(HostIdentifier host) {
        return type != null && (type.allRegistrants() ? find(host) != null : host.equals(holder));
    }

    /** The registration of a host, or {@code null}. */
    public Registrant find(HostIdentifier host) {
        for (Registrant registrant : registrants) {
            if (registrant.host().equals(host)) {
                return registrant;
            }
        }
        return null;
    }

    /**
     * Whether the reservation forbids a host to touch the namespace (NVMe Base 2.1, Command Behavior in the Presence of
     * a Reservation). On the path of every I/O: allocates nothing.
     *
     * @param reads whether the command is of the read group; Flush is not
     */
    public boolean conflicts(HostIdentifier host, boolean reads) {
        if (type == null || reads && !type.exclusiveAccess()) {
            return false;
        }
        if (!type.registrantsMayAll()) {
            return !host.equals(holder);
        }
        long high = host.uuid().getMostSignificantBits();
        long low = host.uuid().getLeastSignificantBits();
        for (int i = 0; i < hosts.length; i += 2) {
            if (hosts[i] == high && hosts[i + 1] == low) {
                return false;
            }
        }
        return true;
    }

    // ---- Making the next one

    ReservationState withNextGeneration() {
        return new ReservationState(registrants, type, holder, generation + 1, persistent);
    }

    ReservationState withPersistent(boolean value) {
        return value == persistent ? this : new ReservationState(registrants, type, holder, generation, value);
    }

    /** With a registration that is new, or replaces that of the same host. */
    ReservationState with(Registrant registrant) {
        List<Registrant> next = new ArrayList<>(registrants);
        next.replaceAll(old -> old.host().equals(registrant.host()) ? registrant : old);
        if (find(registrant.host()) == null) {
            next.add(registrant);
        }
        return new ReservationState(next, type, holder, generation, persistent);
    }

    /** Without some registrants; if the holder, or the last of all holders, is among them, without a reservation. */
    ReservationState without(Predicate<Registrant> gone) {
        List<Registrant> next = registrants.stream().filter(gone.negate()).toList();
        boolean held = type != null && (holder == null ? !next.isEmpty()
                : next.stream().anyMatch(registrant -> registrant.host().equals(holder)));
        return new ReservationState(next, held ? type : null, held ? holder : null, generation, persistent);
    }

    ReservationState heldBy(HostIdentifier host, ReservationType newType) {
        return new ReservationState(registrants, newType, newType.allRegistrants() ? null : host, generation,
                persistent);
    }

    ReservationState released() {
        return new ReservationState(registrants, null, null, generation, persistent);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReservationState that && registrants.equals(that.registrants) && type == that.type
                && Objects.equals(holder, that.holder) && generation == that.generation
                && persistent == that.persistent;
    }

    @Override
    public int hashCode() {
        return registrants.hashCode() * 31 + generation;
    }

    @Override
    public String toString() {
        return (type == null ? "no reservation" : type.description() + " held by "
                + (holder == null ? "all registrants" : holder)) + ", registrants " + registrants + ", generation "
                + Integer.toUnsignedString(generation) + (persistent ? ", persistent" : "");
    }
}
