package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.ReservationCommandBits;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.status.GenericStatus;
import java.lang.foreign.MemorySegment;

/** Reservation Report (NVMe Base 2.1, Reservation Report command): as much of the structure as the host wants. */
final class ReservationReportHandler implements CommandHandler {
    private static final int NUMBER_OF_DWORDS_BYTE = 40;
    private static final int EXTENDED_DATA_STRUCTURE_BYTE = 44;

    @Override
    public void parse(Request request) {
        if (!IoAdmission.admit(request, Access.NONE)) {
            return;
        }
        if ((request.dword(11) & ReservationCommandBits.EXTENDED_DATA_STRUCTURE) == 0) {
            // Over fabrics host identifiers have 128 bits, and no room in the other structure.
            request.reject(GenericStatus.HOST_IDENTIFIER_INCONSISTENT_FORMAT, EXTENDED_DATA_STRUCTURE_BYTE);
            return;
        }
        long length = (Integer.toUnsignedLong(request.dword(10)) + 1) * Integer.BYTES; // NUMD is 0's based.
        if (length > request.queue().dataTransferBytesMax()) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, NUMBER_OF_DWORDS_BYTE);
            return;
        }
        request.provideData((int) length);
    }

    @Override
    public void execute(Request request) {
        QueuePair queue = request.queue();
        Namespace namespace = request.namespace.namespace();
        request.leaveNamespace();
        queue.port().registry().reservations().report(queue.controller().subsystem(), namespace,
                status -> queue.loop().execute(() -> answer(request, status)));
    }

    private static void answer(Request request, ReservationStatus status) {
        MemorySegment whole =
                MemorySegment.ofArray(new byte[ReservationStatus.size(status.registrants().size(), true)]);
        status.encode(whole, 0, true);
        MemorySegment into = request.data().segment().asSlice(0, request.dataLength()).fill((byte) 0);
        MemorySegment.copy(whole, 0, into, 0, Math.min(whole.byteSize(), into.byteSize()));
        request.completeWithData(request.dataLength());
    }
}
