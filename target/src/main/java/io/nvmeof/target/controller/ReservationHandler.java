package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.ReservationAcquireData;
import io.nvmeof.protocol.nvm.ReservationRegisterData;
import io.nvmeof.protocol.nvm.ReservationReleaseData;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.reservation.ReservationCommand;
import java.lang.foreign.MemorySegment;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Reservation Register, Acquire and Release: bring what they ask for to the desk, and its answer to the host. */
final class ReservationHandler implements CommandHandler {
    static final CommandHandler REGISTER = new ReservationHandler(ReservationRegisterData.SIZE,
            ReservationCommands::checkRegister, ReservationCommands::register);
    static final CommandHandler ACQUIRE = new ReservationHandler(ReservationAcquireData.SIZE,
            ReservationCommands::checkAcquire, ReservationCommands::acquire);
    static final CommandHandler RELEASE = new ReservationHandler(ReservationReleaseData.SIZE,
            ReservationCommands::checkRelease, ReservationCommands::release);

    /** Linux sends Release with as much data as the other two. */
    private static final int DATA_BYTES_MAX = 16;

    private final int dataBytes;
    private final Predicate<Request> check;
    private final BiFunction<Request, MemorySegment, ReservationCommand> decoder;

    private ReservationHandler(int dataBytes, Predicate<Request> check,
            BiFunction<Request, MemorySegment, ReservationCommand> decoder) {
        this.dataBytes = dataBytes;
        this.check = check;
        this.decoder = decoder;
    }

    @Override
    public void parse(Request request) {
        if (IoAdmission.admit(request, Access.NONE) && check.test(request)) {
            request.receiveData((int) Math.max(dataBytes, Math.min(request.transferLength(), DATA_BYTES_MAX)));
        }
    }

    @Override
    public void execute(Request request) {
        ReservationCommand command = decoder.apply(request, request.data().segment());
        QueuePair queue = request.queue();
        Namespace namespace = request.namespace.namespace();
        // It touches no block: nobody who waits until the namespace is quiet has to wait for this.
        request.leaveNamespace();
        queue.port().registry().reservations().submit(queue.controller().subsystem(), namespace, command,
                status -> queue.loop().execute(() -> answer(request, status)));
    }

    private static void answer(Request request, StatusCode status) {
        if (status.successful() || status == GenericStatus.INTERNAL_ERROR) {
            request.complete(status);
        } else {
            request.reject(status, 0);
        }
    }
}
