package io.nvmeof.interop.model;

import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends the model's commands, several at a time where no order between them could be told from their answers, and holds
 * each answer against the model's. Lives on the host's loop.
 */
final class ModelRun implements HostQueueReceiver {
    static final int BATCH_MAX = 24;
    private static final byte UNTOUCHED = (byte) 0xA5;

    private final ModelHost host;
    private final CommandModel model;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment[] memory = new MemorySegment[BATCH_MAX];
    private final List<ModelCommand> batch = new ArrayList<>();
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private ModelCommand held;
    private long sentCount;
    private long commandsLeft;
    private int outstanding;

    ModelRun(ModelHost host, CommandModel model, int transferBytesMax, long commands) {
        this.host = host;
        this.model = model;
        this.commandsLeft = commands;
        for (int i = 0; i < memory.length; i++) {
            memory[i] = arena.allocate(transferBytesMax, 4096);
        }
    }

    /** Begins; the number of commands when all are done. */
    CompletableFuture<Long> start() {
        host.loop().execute(() -> {
            host.listen(this);
            nextBatch();
        });
        return done;
    }

    /** No command is outstanding any more. */
    void close() {
        arena.close();
    }

    private void nextBatch() {
        if (commandsLeft <= 0) {
            done.complete(sentCount);
            return;
        }
        batch.clear();
        List<int[]> ranges = new ArrayList<>();
        ModelCommand next = held;
        held = null;
        // The command held back was the last one chosen, so that what the model says of it still holds. The last place
        // is for the second of two that are one.
        while (batch.size() < BATCH_MAX - 1) {
            if (next == null) {
                next = model.next();
            }
            boolean meets = model.alone() && !batch.isEmpty() || meets(ranges);
            if (meets) {
                held = next;
                break;
            }
            batch.add(next);
            if (model.second() != null) {
                batch.add(model.second());
            }
            ranges.add(new int[] {model.first(), model.count(), model.changes() ? 1 : 0});
            next = null;
            if (model.alone()) {
                break;
            }
        }
        outstanding = batch.size();
        commandsLeft -= outstanding;
        for (int i = 0; i < batch.size(); i++) {
            send(batch.get(i), i);
        }
    }

    private boolean meets(List<int[]> ranges) {
        for (int[] range : ranges) {
            boolean overlap = model.first() < range[0] + range[1] && range[0] < model.first() + model.count();
            if (overlap && (model.changes() || range[2] == 1)) {
                return true;
            }
        }
        return false;
    }

    private void send(ModelCommand command, int commandId) {
        if (command.direction() == CommandSender.Direction.HOST_TO_CONTROLLER) {
            MemorySegment.copy(command.outgoing(), 0, memory[commandId], ValueLayout.JAVA_BYTE, 0, command.length());
        } else if (command.length() > 0) {
            memory[commandId].asSlice(0, command.length()).fill(UNTOUCHED);
        }
        sentCount++;
        host.send(command, commandId, memory[commandId]);
    }

    @Override
    public void onConnected(CommandSender sender) {
        throw new IllegalStateException("connected twice");
    }

    @Override
    public void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact) {
        if (done.isDone()) {
            return;
        }
        try {
            check(batch.get(commandId), memory[commandId], StatusCode.ofField(completion.statusField()));
            if (!dataIntact) {
                throw new AssertionError("damaged data");
            }
        } catch (AssertionError e) {
            done.completeExceptionally(new AssertionError("command " + (sentCount - batch.size() + commandId) + " ("
                    + batch.get(commandId) + "): " + e.getMessage(), e));
            return;
        }
        if (--outstanding == 0) {
            // Not in this call: the answers of a fast target would pile up on the stack.
            host.loop().execute(this::nextBatch);
        }
    }

    private static void check(ModelCommand command, MemorySegment memory, StatusCode status) {
        if (!status.matches(command.status())) {
            throw new AssertionError("completed with " + status + ", the model says " + command.status());
        }
        if (command.incoming() != null) {
            byte[] came = memory.asSlice(0, command.length()).toArray(ValueLayout.JAVA_BYTE);
            int mismatch = Arrays.mismatch(came, command.incoming());
            if (mismatch >= 0) {
                throw new AssertionError("byte " + mismatch + " is " + came[mismatch] + ", the model has "
                        + command.incoming()[mismatch]);
            }
        }
    }

    @Override
    public void onClosed(CloseReason reason) {
        done.completeExceptionally(new AssertionError("the connection was closed: " + reason.message()));
    }
}
