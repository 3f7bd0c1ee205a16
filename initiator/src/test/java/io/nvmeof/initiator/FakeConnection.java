package io.nvmeof.initiator;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One connection to the fake controller. */
final class FakeConnection implements CommandSender {
    final HostQueueOptions options;
    final HostQueueReceiver receiver;
    int queueId = -1;
    int inCapsuleDataSize = 8192;
    CloseReason closedBecause;
    private final FakeController controller;
    private final EventLoop loop;
    private final TransportAddress peer;
    private final CompletionQueueEntry completion =
            new CompletionQueueEntry().wrap(Arena.ofAuto().allocate(CompletionQueueEntry.SIZE), 0);
    private boolean open = true;
    /** If set, commands are only counted here, and the test answers them: nothing is allocated. */
    int[] takenCommandIds;
    int takenCount;
    /** If set, sending throws. */
    boolean broken;

    FakeConnection(FakeController controller, EventLoop loop, TransportAddress peer, HostQueueOptions options,
            HostQueueReceiver receiver) {
        this.controller = controller;
        this.loop = loop;
        this.peer = peer;
        this.options = options;
        this.receiver = receiver;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public TransportAddress peer() {
        return peer;
    }

    @Override
    public void setInCapsuleDataSize(int bytes) {
        inCapsuleDataSize = bytes;
    }

    boolean open() {
        return open;
    }

    @Override
    public void send(SubmissionQueueEntry command, Direction direction, MemorySegment memory, long offset, int length) {
        if (!loop.inLoop() || command.psdt() != SubmissionQueueEntry.PSDT_SGL
                || command.commandId() >= options.slotCount() || direction == Direction.NONE != (length == 0)) {
            throw new IllegalStateException("not a command for a transport: " + command);
        }
        if (broken) {
            throw new IllegalStateException("broken transport");
        }
        if (!open) {
            return;
        }
        if (takenCommandIds != null) {
            takenCommandIds[takenCount++] = command.commandId();
            return;
        }
        MemorySegment copy = Arena.ofAuto().allocate(SubmissionQueueEntry.SIZE);
        SubmissionQueueEntry entry = new SubmissionQueueEntry().wrap(copy, 0);
        for (int i = 0; i < SubmissionQueueEntry.SIZE / Integer.BYTES; i++) {
            entry.commandDword(i, command.commandDword(i));
        }
        FakeCommand received = new FakeCommand(this, command, copy, direction, memory.asSlice(offset, length));
        loop.execute(() -> {
            if (open) {
                controller.onCommand(received);
            }
        });
    }

    /** Answers what was taken, on the loop. */
    void answerTaken() {
        for (int i = 0; i < takenCount; i++) {
            receiver.onResponse(takenCommandIds[i], completion.encode(0, 0, 0, takenCommandIds[i], 0), true);
        }
        takenCount = 0;
    }

    void respond(int commandId, long result, int statusField, boolean intact) {
        loop.execute(() -> {
            if (open) {
                receiver.onResponse(commandId, completion.encode(result, 0, 0, commandId, statusField), intact);
            }
        });
    }

    /** The peer, or the network, ends the connection. */
    void drop(CloseReason.Kind kind, String message) {
        close(CloseReason.of(kind, message));
    }

    @Override
    public void close(CloseReason reason) {
        loop.execute(() -> {
            if (open) {
                open = false;
                closedBecause = reason;
                controller.onConnectionClosed(this);
                receiver.onClosed(reason);
            }
        });
    }
}
