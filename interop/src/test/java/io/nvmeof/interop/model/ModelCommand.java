package io.nvmeof.interop.model;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import java.util.Locale;

/**
 * A command as the model chose it, and the answer that it expects.
 *
 * @param opcode the opcode
 * @param fuse FUSE
 * @param namespaceId the namespace identifier
 * @param startingBlock dwords 10 and 11
 * @param dword12 dword 12
 * @param direction which way its data goes
 * @param length bytes of data that its SGL describes
 * @param outgoing the data for the controller, if any
 * @param status what it must complete with
 * @param incoming the data that must come, or {@code null} if none is checked
 */
record ModelCommand(int opcode, int fuse, int namespaceId, long startingBlock, int dword12, Direction direction,
        int length, byte[] outgoing, StatusCode status, byte[] incoming) {
    static final byte[] NO_DATA = new byte[0];

    /** A command without data. */
    static ModelCommand without(int opcode, int namespaceId, long startingBlock, int dword12, StatusCode status) {
        return new ModelCommand(opcode, SubmissionQueueEntry.FUSE_NORMAL, namespaceId, startingBlock, dword12,
                Direction.NONE, 0, NO_DATA, status, null);
    }

    /** A command that brings data. */
    static ModelCommand out(int opcode, int namespaceId, long startingBlock, int dword12, byte[] data,
            StatusCode status) {
        return new ModelCommand(opcode, SubmissionQueueEntry.FUSE_NORMAL, namespaceId, startingBlock, dword12,
                Direction.HOST_TO_CONTROLLER, data.length, data, status, null);
    }

    /** A command that fetches data, which is checked if the command is to succeed. */
    static ModelCommand in(int opcode, int namespaceId, long startingBlock, int dword12, int length, byte[] incoming,
            StatusCode status) {
        return new ModelCommand(opcode, SubmissionQueueEntry.FUSE_NORMAL, namespaceId, startingBlock, dword12,
                Direction.CONTROLLER_TO_HOST, length, NO_DATA, status, incoming);
    }

    /** The same command as one of a fused operation. */
    ModelCommand fused(int fuse) {
        return new ModelCommand(opcode, fuse, namespaceId, startingBlock, dword12, direction, length, outgoing, status,
                incoming);
    }

    void encode(SubmissionQueueEntry entry, int commandId) {
        entry.clear().opcode(opcode).psdt(SubmissionQueueEntry.PSDT_SGL).commandId(commandId)
                .namespaceId(namespaceId).commandQword(10, startingBlock).commandDword(12, dword12);
        entry.flags(entry.flags() | fuse);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "opcode %02Xh fuse %d nsid %d cdw10+11 %d cdw12 %08Xh, %d bytes", opcode,
                fuse, namespaceId, startingBlock, dword12, length);
    }
}
