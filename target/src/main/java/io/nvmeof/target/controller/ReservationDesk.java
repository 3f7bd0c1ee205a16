package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.nvm.RegistrantStatus;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.reservation.Registrant;
import io.nvmeof.target.reservation.ReservationChange;
import io.nvmeof.target.reservation.ReservationCommand;
import io.nvmeof.target.reservation.ReservationNotice;
import io.nvmeof.target.reservation.ReservationState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where controllers bring the reservation commands of their hosts. Any thread may call; the work is done on the control
 * loop, which knows all controllers of a subsystem, and so are the answers.
 */
final class ReservationDesk {
    private final EventLoop loop;

    /** {@code loop} is the control loop. */
    ReservationDesk(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Changes a reservation.
     *
     * @param answer called on the control loop when the change is in effect everywhere, and the commands that it aborts
     *     can touch the namespace no more
     */
    void submit(Subsystem subsystem, Namespace namespace, ReservationCommand command, Consumer<StatusCode> answer) {
        loop.execute(() -> namespace.core().reservation().submit(loop, command,
                change -> onChanged(subsystem, namespace, change, answer)));
    }

    private void onChanged(Subsystem subsystem, Namespace namespace, ReservationChange change,
            Consumer<StatusCode> answer) {
        List<IoController> preempted = new ArrayList<>();
        for (Controller controller : subsystem.controllers()) {
            if (controller instanceof IoController io) {
                tell(io, namespace, change);
                if (change.preempted().contains(io.hostIdentifier())) {
                    preempted.add(io);
                }
            }
        }
        Countdown countdown = new Countdown(preempted.size() + 1, () -> answer.accept(change.status()));
        for (IoController controller : preempted) {
            controller.loop().execute(() ->
                    controller.onPreempted(namespace.core(), () -> loop.execute(countdown::arrive)));
        }
        namespace.core().gates().checkAgain(loop, countdown::arrive);
    }

    private static void tell(IoController controller, Namespace namespace, ReservationChange change) {
        for (ReservationNotice notice : change.notices()) {
            if (notice.host().equals(controller.hostIdentifier())) {
                controller.loop().execute(() -> controller.onReservationNotice(namespace.id(), notice.kind()));
            }
        }
    }

    /** Tells who is registered and who holds a reservation. */
    void report(Subsystem subsystem, Namespace namespace, Consumer<ReservationStatus> answer) {
        loop.execute(() -> answer.accept(status(subsystem, namespace.core().reservation())));
    }

    private static ReservationStatus status(Subsystem subsystem, NamespaceReservation reservation) {
        ReservationState state = reservation.state();
        List<RegistrantStatus> registrants = new ArrayList<>();
        for (Registrant registrant : state.registrants()) {
            int controllerId = subsystem.controllers().stream()
                    .filter(controller -> controller.hostIdentifier().equals(registrant.host()))
                    .mapToInt(Controller::id).min().orElse(RegistrantStatus.NO_CONTROLLER);
            registrants.add(new RegistrantStatus(controllerId,
                    state.holds(registrant.host()) ? RegistrantStatus.HOLDS_RESERVATION : 0, registrant.host(),
                    registrant.key()));
        }
        return new ReservationStatus(Integer.toUnsignedLong(state.generation()),
                state.type() == null ? 0 : state.type().code(), state.persistent() ? 1 : 0, registrants);
    }
}
