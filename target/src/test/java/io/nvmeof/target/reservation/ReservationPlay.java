package io.nvmeof.target.reservation;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.reservation.ReservationCommand.Acquire;
import io.nvmeof.target.reservation.ReservationCommand.Register;
import io.nvmeof.target.reservation.ReservationCommand.Release;
import io.nvmeof.target.reservation.ReservationCommand.SetPersistence;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reservation commands written as words: "AB, A acquire WE, B preempt EA 10". */
final class ReservationPlay {
    private static final Map<String, ReservationType> TYPES = new TreeMap<>(Map.of(
            "WE", ReservationType.WRITE_EXCLUSIVE, "EA", ReservationType.EXCLUSIVE_ACCESS,
            "WERO", ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY,
            "EARO", ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY,
            "WEAR", ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS,
            "EAAR", ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS));
    private static final Map<Character, Long> KEYS = Map.of('A', 10L, 'B', 20L, 'C', 20L, 'D', 40L);

    private ReservationState state = ReservationState.EMPTY;
    private ReservationChange last;

    static HostIdentifier host(char name) {
        return new HostIdentifier(new UUID(0xF00D, name));
    }

    static String shortName(ReservationType type) {
        return TYPES.entrySet().stream().filter(entry -> entry.getValue() == type).findFirst().orElseThrow().getKey();
    }

    static Register register(HostIdentifier host, long currentKey, long newKey) {
        return new Register(host, ReservationRegisterAction.REGISTER, currentKey, newKey, false,
                ReservationPersistence.UNCHANGED);
    }

    ReservationState state() {
        return state;
    }

    /** Steps with commas between; letters alone register those hosts. */
    void play(String steps) {
        for (String step : steps.split(",")) {
            String[] words = step.trim().split(" +");
            if (words.length == 1) {
                words[0].chars().forEach(name -> apply(register(host((char) name), 0, KEYS.get((char) name))));
            } else {
                apply(command(words));
            }
        }
    }

    private void apply(ReservationCommand command) {
        last = ReservationTransitions.apply(state, command);
        if (!last.status().successful() && last.state() != state) {
            throw new AssertionError("a refused command changed the state");
        }
        state = last.state();
    }

    private static ReservationCommand command(String[] words) {
        char name = words[0].charAt(0);
        HostIdentifier host = host(name);
        boolean ignore = words[1].endsWith("!");
        return switch (words[1].replace("!", "")) {
            case "register" -> new Register(host, ReservationRegisterAction.REGISTER, 0, number(words, 2, 0), ignore,
                    persistence(words));
            case "unregister" -> new Register(host, ReservationRegisterAction.UNREGISTER, number(words, 2, 0), 0,
                    ignore, persistence(words));
            case "replace" -> new Register(host, ReservationRegisterAction.REPLACE, number(words, 2, 0),
                    number(words, 3, 0), ignore, persistence(words));
            case "acquire" -> new Acquire(host, ReservationAcquireAction.ACQUIRE, TYPES.get(words[2]),
                    number(words, 3, KEYS.get(name)), 0);
            case "preempt" -> new Acquire(host, ReservationAcquireAction.PREEMPT, TYPES.get(words[2]),
                    number(words, 4, KEYS.get(name)), number(words, 3, 0));
            case "abort" -> new Acquire(host, ReservationAcquireAction.PREEMPT_AND_ABORT, TYPES.get(words[2]),
                    number(words, 4, KEYS.get(name)), number(words, 3, 0));
            case "release" -> new Release(host, ReservationReleaseAction.RELEASE, TYPES.get(words[2]),
                    number(words, 3, KEYS.get(name)));
            case "clear" -> new Release(host, ReservationReleaseAction.CLEAR, null, number(words, 2, KEYS.get(name)));
            case "persist" -> new SetPersistence(host, words[2].equals("on"));
            default -> throw new AssertionError("unknown step: " + String.join(" ", words));
        };
    }

    private static long number(String[] words, int index, long otherwise) {
        return index < words.length ? Long.parseLong(words[index]) : otherwise;
    }

    private static ReservationPersistence persistence(String[] words) {
        return switch (words[words.length - 1]) {
            case "+ptpl" -> ReservationPersistence.ON;
            case "-ptpl" -> ReservationPersistence.OFF;
            default -> ReservationPersistence.UNCHANGED;
        };
    }

    /** The end of the last step: its status, whom it tells what, whose commands it aborts. */
    String outcome() {
        String status = last.status() == GenericStatus.SUCCESSFUL_COMPLETION ? "ok"
                : last.status() == GenericStatus.RESERVATION_CONFLICT ? "conflict"
                : last.status() == GenericStatus.INVALID_FIELD_IN_COMMAND ? "invalid" : "" + last.status();
        return status + last.notices().stream().map(notice -> " " + name(notice.host()) + ":"
                + switch (notice.kind()) {
                    case REGISTRATION_PREEMPTED -> "preempted";
                    case RESERVATION_RELEASED -> "released";
                    case RESERVATION_PREEMPTED -> "cleared";
                }).collect(Collectors.joining())
                + last.preempted().stream().map(host -> " !" + name(host)).sorted().collect(Collectors.joining());
    }

    /** "A*=10 B=20 WE gen 3 persistent", a star for who holds the reservation. */
    String describe() {
        return (state.registrants().stream().map(registrant -> name(registrant.host())
                + (state.holds(registrant.host()) ? "*" : "") + "=" + registrant.key() + " ")
                .collect(Collectors.joining())
                + (state.type() == null ? "" : shortName(state.type()) + " ") + "gen " + state.generation()
                + (state.persistent() ? " persistent" : "")).trim();
    }

    private static char name(HostIdentifier host) {
        return (char) host.uuid().getLeastSignificantBits();
    }
}
