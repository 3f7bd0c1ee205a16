package io.nvmeof.interop.simulation;

import io.nvmeof.interop.simulation.ReservationModel.State;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whom a reservation keeps out, and whether it does: each command is watched from its submission to its completion, and
 * each write of the storage by the number in its blocks, which tells whose it is.
 */
final class ReservationFence {
    /** What may be in effect: one state, or two while nobody knows whether a command has been done. */
    private List<State> possible = List.of(State.EMPTY);
    private final List<Watch> watches = new ArrayList<>();
    private final Map<Long, Integer> hosts = new HashMap<>();
    private final Map<Long, Integer> writing = new HashMap<>();
    private final Consumer<AssertionError> onBreach;
    private long refusedCount;

    ReservationFence(Consumer<AssertionError> onBreach) {
        this.onBreach = onBreach;
    }

    /** A command under way; what might be in effect meanwhile, and so what its end may be. */
    final class Watch {
        private final int host;
        private final boolean reads;
        private boolean mayPass;
        private boolean mayConflict;

        private Watch(int host, boolean reads) {
            this.host = host;
            this.reads = reads;
            look();
        }

        private void look() {
            for (State state : possible) {
                boolean excluded = state.excludes(host, reads);
                mayConflict |= excluded;
                mayPass |= !excluded;
            }
        }

        /** Holds the end of the command against the reservation; returns whether that is what kept it out. */
        boolean end(StatusCode status) {
            watches.remove(this);
            boolean refused = status.matches(GenericStatus.RESERVATION_CONFLICT)
                    || status.matches(GenericStatus.COMMAND_ABORTED_PREEMPT_AND_ABORT);
            if (status.successful() && !mayPass) {
                throw new AssertionError("host " + host + " is excluded, but its command succeeded: " + possible);
            }
            if (refused && !mayConflict) {
                throw new AssertionError("host " + host + " is not excluded, but heard " + status + ": " + possible);
            }
            if (refused) {
                refusedCount++;
            }
            return refused;
        }

        void lost() {
            watches.remove(this);
        }
    }

    Watch watch(int host, boolean reads) {
        Watch watch = new Watch(host, reads);
        watches.add(watch);
        return watch;
    }

    /** One of these is in effect from now on. */
    void mayBe(State... states) {
        possible = List.of(states);
        watches.forEach(Watch::look);
    }

    /** A preemption that aborts was answered: nothing of those whom it removed may be at work. */
    void aborted(State before, State after, int preemptor) {
        for (int host : before.registrants()) {
            if (host != preemptor && !after.registrants().contains(host) && after.excludes(host, false)) {
                writing.forEach((number, count) -> {
                    if (hosts.get(number) == host) {
                        onBreach.accept(new AssertionError("host " + host + " is excluded and its commands aborted, "
                                + "but the storage is still at its write " + number));
                    }
                });
            }
        }
    }

    long refusedCount() {
        return refusedCount;
    }

    // ---- The writes

    /** The number is that of a write of the host. */
    void numbered(long number, int host) {
        hosts.put(number, host);
    }

    void begins(long number) {
        writing.merge(number, 1, Integer::sum);
        Integer host = hosts.get(number);
        if (host == null || possible.stream().allMatch(state -> state.excludes(host, false))) {
            onBreach.accept(new AssertionError("host " + host + " is excluded, but its write " + number
                    + " begins: " + possible));
        }
    }

    void ends(long number) {
        writing.computeIfPresent(number, (same, count) -> count == 1 ? null : count - 1);
    }
}
