package io.nvmeof.interop.simulation;

import io.nvmeof.initiator.CommandException;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.QueueFullException;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.interop.simulation.ReservationModel.Action;
import io.nvmeof.interop.simulation.ReservationModel.Command;
import io.nvmeof.interop.simulation.ReservationModel.Outcome;
import io.nvmeof.interop.simulation.ReservationModel.State;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The reservation commands of all hosts, one after the other, so that it is known what each must do. When an answer is
 * lost, nobody knows whether the command was done, nor whether it will be: a report tells, once its controller is gone.
 */
final class ReservationHosts {
    private static final long BETWEEN_NANOS = 100 * Simulation.MILLISECOND;
    private static final long PATIENCE_NANOS = 200 * Simulation.MILLISECOND;
    private static final ReservationType[] TYPES = ReservationType.values();
    /** After these a command has certainly done nothing. */
    private static final Set<StatusCode> REFUSALS = Set.of(PathRelatedStatus.ASYMMETRIC_ACCESS_INACCESSIBLE,
            PathRelatedStatus.ASYMMETRIC_ACCESS_PERSISTENT_LOSS, PathRelatedStatus.ASYMMETRIC_ACCESS_TRANSITION,
            GenericStatus.INVALID_NAMESPACE_OR_FORMAT, GenericStatus.COMMAND_ABORT_REQUESTED,
            GenericStatus.NAMESPACE_NOT_READY);

    private final ClusterRun run;
    private final ClusterTarget target;
    private final ClusterNamespace namespace;
    private final List<List<ClusterPath>> pathsByHost;
    private final boolean fencesNobody;
    private State state = State.EMPTY;
    private boolean lied;
    private boolean stopping;
    private boolean stopped = true;
    private int doneCount;
    private int unknownCount;

    ReservationHosts(ClusterRun run, ClusterTarget target, ClusterNamespace namespace,
            List<List<ClusterPath>> pathsByHost, boolean fencesNobody) {
        this.run = run;
        this.target = target;
        this.namespace = namespace;
        this.pathsByHost = pathsByHost;
        this.fencesNobody = fencesNobody;
    }

    void start() {
        stopped = false;
        later(this::next);
    }

    /** Stops, after the command under way and a last report. */
    void stop() {
        stopping = true;
    }

    boolean stopped() {
        return stopped;
    }

    int doneCount() {
        return doneCount;
    }

    int unknownCount() {
        return unknownCount;
    }

    private void later(Runnable step) {
        run.simulation.after(run.random().nextLong(BETWEEN_NANOS), () -> run.check(step));
    }

    private void next() {
        if (lied) {
            stopped = stopping; // From here on the reservation is not what is believed: the writes must show it.
            later(this::next);
        } else if (stopping) {
            learn(state);
        } else if (run.random().nextInt(8) == 0) {
            learn(state);
        } else {
            Command command = choose();
            ClusterPath path = path(command.host());
            if (path == null) {
                later(this::next);
            } else {
                send(path, command);
            }
        }
    }

    private Command choose() {
        int hosts = pathsByHost.size();
        int dice = run.random().nextInt(100);
        Action action = dice < 35 ? Action.REGISTER
                : dice < 43 ? Action.UNREGISTER
                : dice < 63 ? Action.ACQUIRE
                : dice < 73 ? Action.RELEASE
                : dice < 78 ? Action.CLEAR
                : dice < 86 ? Action.PREEMPT : Action.PREEMPT_AND_ABORT;
        ReservationType type = action == Action.RELEASE && state.type() != null && run.random().nextInt(4) > 0
                ? state.type() : TYPES[run.random().nextInt(TYPES.length)];
        return new Command(run.random().nextInt(hosts), action, type, run.random().nextInt(hosts));
    }

    /** A way of a host to the namespace, or {@code null}. */
    private ClusterPath path(int host) {
        List<ClusterPath> paths = pathsByHost.get(host);
        ClusterPath path = paths.get(run.random().nextInt(paths.size()));
        return path.open() && path.namespace(namespace.id) != null ? path : null;
    }

    private void send(ClusterPath path, Command command) {
        Outcome expected = ReservationModel.apply(state, command);
        HostController controller = path.controller();
        namespace.fence.mayBe(state, expected.state());
        lied = fencesNobody && command.preempts() && excludesSomebody(expected.state());
        CompletableFuture<Void> answer = lied ? CompletableFuture.completedFuture(null)
                : submit(path.namespace(namespace.id), command);
        answer.whenComplete((nothing, failure) -> run.check(() -> onAnswer(command, expected, controller, failure)));
    }

    private boolean excludesSomebody(State after) {
        for (int host = 0; host < pathsByHost.size(); host++) {
            if (after.excludes(host, false) && !state.excludes(host, false)) {
                return true;
            }
        }
        return false;
    }

    private static CompletableFuture<Void> submit(RemoteNamespace to, Command command) {
        long key = ReservationModel.key(command.host());
        long victim = ReservationModel.key(command.victim());
        ReservationType type = command.type();
        return switch (command.action()) {
            case REGISTER -> to.reservationRegister(ReservationRegisterAction.REGISTER, 0, key, false,
                    ReservationPersistence.UNCHANGED);
            case UNREGISTER -> to.reservationRegister(ReservationRegisterAction.UNREGISTER, key, 0, false,
                    ReservationPersistence.UNCHANGED);
            case ACQUIRE -> to.reservationAcquire(ReservationAcquireAction.ACQUIRE, type, key, 0);
            case RELEASE -> to.reservationRelease(ReservationReleaseAction.RELEASE, type, key);
            case CLEAR -> to.reservationRelease(ReservationReleaseAction.CLEAR, type, key);
            case PREEMPT -> to.reservationAcquire(ReservationAcquireAction.PREEMPT, type, key, victim);
            case PREEMPT_AND_ABORT ->
                to.reservationAcquire(ReservationAcquireAction.PREEMPT_AND_ABORT, type, key, victim);
        };
    }

    private void onAnswer(Command command, Outcome expected, HostController by, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        StatusCode status = cause == null ? GenericStatus.SUCCESSFUL_COMPLETION
                : cause instanceof CommandException refused ? refused.status() : null;
        run.simulation.trace(status == null ? -1 : status.code());
        if (status != null && status.matches(expected.status())) {
            State before = state;
            now(expected.state());
            if (status.successful()) {
                doneCount++;
                if (command.action() == Action.PREEMPT_AND_ABORT) {
                    namespace.fence.aborted(before, state, command.host());
                }
            }
            later(this::next);
        } else if (status != null && (status.successful() || status.matches(GenericStatus.RESERVATION_CONFLICT))) {
            throw new AssertionError(command + " ended with " + status + " in " + state);
        } else if (cause instanceof QueueFullException || status != null && REFUSALS.contains(status)) {
            now(state);
            later(this::next);
        } else {
            unknownCount++;
            awaitTheEnd(by, expected.state());
        }
    }

    private void now(State known) {
        state = known;
        namespace.fence.mayBe(known);
    }

    /** What a controller was told may still be done, until it has ended. */
    private void awaitTheEnd(HostController controller, State maybe) {
        boolean alive = target.target().controllers().stream()
                .anyMatch(each -> each.controllerId() == controller.controllerId());
        if (!controller.isOpen() && !alive) {
            run.simulation.after(Simulation.SECOND, () -> run.check(() -> learn(maybe)));
        } else {
            controller.disconnect();
            run.simulation.after(PATIENCE_NANOS, () -> run.check(() -> awaitTheEnd(controller, maybe)));
        }
    }

    /** Asks for a report, by whichever host can: it must tell what is known, or what may be. */
    private void learn(State maybe) {
        ClusterPath path = path(run.random().nextInt(pathsByHost.size()));
        if (path == null) {
            later(() -> learn(maybe));
            return;
        }
        path.namespace(namespace.id).reservationReport().whenComplete((report, failure) -> run.check(() -> {
            if (failure == null) {
                onReport(report, maybe);
            } else {
                later(() -> learn(maybe));
            }
        }));
    }

    private void onReport(ReservationStatus report, State maybe) {
        State found = ReservationModel.of(report, pathsByHost.size());
        if (!found.equals(state) && !found.equals(maybe)) {
            throw new AssertionError("the report says " + found + ", but it must be " + state + " or " + maybe);
        }
        boolean last = stopping && state.equals(maybe);
        now(found);
        if (last) {
            stopped = true;
        } else {
            later(this::next);
        }
    }
}
