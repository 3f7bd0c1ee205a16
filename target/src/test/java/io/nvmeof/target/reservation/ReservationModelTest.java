package io.nvmeof.target.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands of five hosts against the state machine and against a model that was written down on its own: keys in
 * an array, and the set of those who hold the reservation.
 */
class ReservationModelTest {
    private static final int HOSTS = 5;
    private static final int KEYS = 4;

    private final long[] keys = new long[HOSTS];
    private final Set<Integer> holders = new TreeSet<>();
    private ReservationType type;
    private int generation;
    private boolean persistent;
    private final Set<Integer> lost = new TreeSet<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theModelSaysTheSame(long seed) {
        Random random = new Random(seed);
        ReservationState state = ReservationState.EMPTY;
        int succeeded = 0;
        for (int step = 0; step < 20_000; step++) {
            ReservationCommand command = command(random);
            lost.clear();
            StatusCode expected = apply(command);
            ReservationChange change = ReservationTransitions.apply(state, command);
            state = change.state();
            String where = "seed " + seed + ", step " + step + ": " + command;
            assertThat(change.status()).as(where).isEqualTo(expected);
            compare(state, where);
            Set<Integer> told = new TreeSet<>();
            change.notices().stream()
                    .filter(notice -> notice.kind() == ReservationNotice.Kind.REGISTRATION_PREEMPTED)
                    .forEach(notice -> told.add(number(notice.host())));
            assertThat(told).as(where).isEqualTo(lost);
            assertThat(change.notices()).as(where).noneMatch(notice -> notice.host().equals(command.host()));
            assertThat(change.preempted()).as(where).hasSize(aborts(command) ? lost.size() : 0);
            succeeded += change.status().successful() ? 1 : 0;
        }
        assertThat(succeeded).as("commands that did something").isGreaterThan(4000);
    }

    private static boolean aborts(ReservationCommand command) {
        return command instanceof ReservationCommand.Acquire acquire
                && acquire.action() == ReservationAcquireAction.PREEMPT_AND_ABORT;
    }

    private void compare(ReservationState state, String where) {
        assertThat(state.type()).as(where).isEqualTo(type);
        assertThat(state.generation()).as(where).isEqualTo(generation);
        assertThat(state.persistent()).as(where).isEqualTo(persistent);
        for (int i = 0; i < HOSTS; i++) {
            Registrant registrant = state.find(host(i));
            assertThat(registrant == null ? 0 : registrant.key()).as(where).isEqualTo(keys[i]);
            assertThat(state.holds(host(i))).as(where).isEqualTo(holders.contains(i));
            assertThat(state.conflicts(host(i), true)).as(where).isEqualTo(forbidden(i, true));
            assertThat(state.conflicts(host(i), false)).as(where).isEqualTo(forbidden(i, false));
        }
        if (persistent) {
            assertThat(ReservationRecord.decode(ReservationRecord.encode(state))).as(where).isEqualTo(state);
        }
    }

    private boolean forbidden(int host, boolean read) {
        if (type == null || holders.contains(host)) {
            return false;
        }
        boolean open = type.description().contains("Registrants");
        boolean member = open && keys[host] != 0;
        return !member && !(read && type.description().startsWith("Write Exclusive"));
    }

    // ---- The model

    private StatusCode apply(ReservationCommand command) {
        int host = number(command.host());
        return switch (command) {
            case ReservationCommand.Register register -> register(host, register);
            case ReservationCommand.SetPersistence set -> {
                persistent = set.persistent();
                yield GenericStatus.SUCCESSFUL_COMPLETION;
            }
            case ReservationCommand.Acquire acquire -> keys[host] == 0 || keys[host] != acquire.currentKey()
                    ? GenericStatus.RESERVATION_CONFLICT : acquire(host, acquire);
            case ReservationCommand.Release release -> keys[host] == 0 || keys[host] != release.currentKey()
                    ? GenericStatus.RESERVATION_CONFLICT : release(host, release);
        };
    }

    private StatusCode register(int host, ReservationCommand.Register command) {
        boolean known = keys[host] != 0;
        boolean right = known && keys[host] == command.currentKey();
        switch (command.action()) {
            case UNREGISTER -> {
                if (!known || !right && !command.ignoreExistingKey()) {
                    return GenericStatus.RESERVATION_CONFLICT;
                }
                remove(host);
            }
            case REGISTER -> {
                if (command.newKey() == 0) {
                    return GenericStatus.INVALID_FIELD_IN_COMMAND;
                }
                if (known && keys[host] != command.newKey()) {
                    return GenericStatus.RESERVATION_CONFLICT;
                }
                add(host, command.newKey());
            }
            case REPLACE -> {
                if (command.newKey() == 0) {
                    return GenericStatus.INVALID_FIELD_IN_COMMAND;
                }
                if (!right && !command.ignoreExistingKey()) {
                    return GenericStatus.RESERVATION_CONFLICT;
                }
                add(host, command.newKey());
            }
        }
        generation++;
        persistent = switch (command.persistence()) {
            case ON -> true;
            case OFF -> false;
            case UNCHANGED -> persistent;
        };
        return GenericStatus.SUCCESSFUL_COMPLETION;
    }

    private void add(int host, long key) {
        keys[host] = key;
        if (type != null && type.allRegistrants()) {
            holders.add(host);
        }
    }

    private void remove(int host) {
        keys[host] = 0;
        holders.remove(host);
        if (holders.isEmpty()) {
            type = null;
        }
    }

    private StatusCode acquire(int host, ReservationCommand.Acquire command) {
        if (command.action() == ReservationAcquireAction.ACQUIRE) {
            if (type == null) {
                hold(host, command.type());
                return GenericStatus.SUCCESSFUL_COMPLETION;
            }
            return holders.contains(host) && type == command.type()
                    ? GenericStatus.SUCCESSFUL_COMPLETION : GenericStatus.RESERVATION_CONFLICT;
        }
        long key = command.preemptedKey();
        boolean all = type != null && type.allRegistrants();
        boolean takesOver = all ? key == 0 : type != null && keys[holders.iterator().next()] == key;
        if (takesOver) {
            expel(host, i -> i != host && (all || keys[i] == key));
            hold(host, command.type());
        } else if (type != null && key == 0) {
            return GenericStatus.INVALID_FIELD_IN_COMMAND;
        } else if (!expel(host, i -> keys[i] == key)) {
            return GenericStatus.RESERVATION_CONFLICT;
        }
        generation++;
        return GenericStatus.SUCCESSFUL_COMPLETION;
    }

    private boolean expel(int by, IntPredicate which) {
        boolean found = false;
        for (int i = 0; i < HOSTS; i++) {
            if (keys[i] != 0 && which.test(i)) {
                found = true;
                remove(i);
                if (i != by) {
                    lost.add(i);
                }
            }
        }
        return found;
    }

    private void hold(int host, ReservationType next) {
        type = next;
        holders.clear();
        for (int i = 0; i < HOSTS; i++) {
            if (i == host || next.allRegistrants() && keys[i] != 0) {
                holders.add(i);
            }
        }
    }

    private StatusCode release(int host, ReservationCommand.Release command) {
        if (command.action() == ReservationReleaseAction.CLEAR) {
            Arrays.fill(keys, 0);
            holders.clear();
            type = null;
            generation++;
        } else if (holders.contains(host)) {
            if (type != command.type()) {
                return GenericStatus.INVALID_FIELD_IN_COMMAND;
            }
            holders.clear();
            type = null;
        }
        return GenericStatus.SUCCESSFUL_COMPLETION;
    }

    // ---- Random commands

    private ReservationCommand command(Random random) {
        int number = random.nextInt(HOSTS);
        HostIdentifier host = host(number);
        // Mostly the right key, or nothing would ever happen.
        long current = random.nextInt(5) > 0 ? keys[number] : random.nextInt(KEYS + 1);
        ReservationType any = type != null && random.nextBoolean() ? type : pick(random, ReservationType.values());
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> new ReservationCommand.Register(host, pick(random, ReservationRegisterAction.values()),
                    current, random.nextInt(KEYS + 1), random.nextInt(4) == 0,
                    pick(random, ReservationPersistence.values()));
            case 4, 5, 6 -> new ReservationCommand.Acquire(host, pick(random, ReservationAcquireAction.values()), any,
                    current, random.nextInt(KEYS + 1));
            case 7, 8 -> new ReservationCommand.Release(host, random.nextInt(4) == 0 ? ReservationReleaseAction.CLEAR
                    : ReservationReleaseAction.RELEASE, any, current);
            default -> new ReservationCommand.SetPersistence(host, random.nextBoolean());
        };
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static HostIdentifier host(int number) {
        return new HostIdentifier(new UUID(77, number + 1L));
    }

    private static int number(HostIdentifier host) {
        return (int) host.uuid().getLeastSignificantBits() - 1;
    }
}
