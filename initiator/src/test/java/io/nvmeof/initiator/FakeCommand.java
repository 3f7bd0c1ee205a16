package io.nvmeof.initiator;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** A command as it reached the fake controller, to be answered once. */
final class FakeCommand {
    final FakeConnection connection;
    final SubmissionQueueEntry entry = new SubmissionQueueEntry();
    final Direction direction;
    final MemorySegment memory;
    final int commandId;
    final int opcode;
    private boolean answered;

    FakeCommand(FakeConnection connection, SubmissionQueueEntry from, MemorySegment copy, Direction direction,
            MemorySegment memory) {
        this.connection = connection;
        this.entry.wrap(copy, 0);
        this.direction = direction;
        this.memory = memory;
        this.commandId = from.commandId();
        this.opcode = from.opcode();
    }

    boolean fabrics(int type) {
        return opcode == 0x7F && (entry.namespaceId() & 0xFF) == type;
    }

    boolean admin(int wanted) {
        return connection.queueId == 0 && opcode == wanted;
    }

    boolean io(int wanted) {
        return connection.queueId > 0 && opcode == wanted;
    }

    int cdw(int index) {
        return entry.commandDword(index);
    }

    void answer(long result) {
        end(result, 0, true);
    }

    void fail(StatusCode status, boolean doNotRetry) {
        fail(status, doNotRetry, 0);
    }

    void fail(StatusCode status, boolean doNotRetry, long result) {
        end(result, status.field(doNotRetry), true);
    }

    void answerCorrupt() {
        end(0, 0, false);
    }

    private void end(long result, int statusField, boolean intact) {
        if (answered) {
            throw new IllegalStateException("the fake controller answers twice: " + this);
        }
        answered = true;
        connection.respond(commandId, result, statusField, intact);
    }

    /** A word for the order of a conversation, as "q0 Property Get 14". */
    @Override
    public String toString() {
        String what = opcode != 0x7F ? String.format(Locale.ROOT, "%02X", opcode)
                : switch (entry.namespaceId() & 0xFF) {
                    case 0 -> String.format(Locale.ROOT, "set %02X", cdw(11));
                    case 1 -> "connect";
                    case 4 -> String.format(Locale.ROOT, "get %02X", cdw(11));
                    default -> "fabrics?";
                };
        return "q" + connection.queueId + " " + what;
    }
}
