package io.nvmeof.initiator;

import io.nvmeof.protocol.transport.CloseReason;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way into a queue pair for commands that come as futures, from any thread. Commands that find no free slot stand
 * in line, in order; how many may be inside the gate, in slots and in line together, is limited.
 *
 * <p>{@link #give} is for any thread, everything else is for the queue's loop.
 */
final class CommandGate {
    private final HostQueuePair queue;
    private final String label;
    private final String name;
    private final int commandCountMax;
    private final int reservedSlots;
    private final AtomicInteger commandCount = new AtomicInteger();
    private final ArrayDeque<GivenCommand<?>> line = new ArrayDeque<>();
    private volatile CloseReason refusal;
    private Runnable onEmpty;

    /**
     * @param label what the queue is called among those of its controller
     * @param name what it is called elsewhere
     * @param commandCountMax most commands that are not finished
     * @param reservedSlots slots that only urgent commands may use
     */
    CommandGate(HostQueuePair queue, String label, String name, int commandCountMax, int reservedSlots) {
        this.queue = queue;
        this.label = label;
        this.name = name;
        this.commandCountMax = commandCountMax;
        this.reservedSlots = reservedSlots;
        queue.onSlotFree(this::serveLine);
    }

    HostQueuePair queue() {
        return queue;
    }

    String label() {
        return label;
    }

    String name() {
        return name;
    }

    /** From now on every command but urgent ones fails with this reason at once. Any thread. */
    void refuse(CloseReason reason) {
        refusal = reason;
    }

    /** Whether commands are refused. Any thread. */
    boolean refuses() {
        return refusal != null;
    }

    /** Passes a command to the queue's loop, or fails it. Any thread. */
    <T> CompletableFuture<T> give(GivenCommand<T> command) {
        CloseReason refused = refusal;
        if (refused != null && !command.urgent()) {
            command.future().completeExceptionally(new ConnectionLostException(command.text(), refused));
        } else if (commandCount.incrementAndGet() > commandCountMax && !command.urgent()) {
            commandCount.decrementAndGet();
            command.future().completeExceptionally(new QueueFullException(command.text() + ": " + name + " already has "
                    + commandCountMax + " commands outstanding and waiting"));
        } else if (queue.loop().inLoop()) {
            onGiven(command);
        } else {
            queue.loop().execute(command);
        }
        return command.future();
    }

    /** Runs an action once no command is outstanding or waits; new ones must have been refused. */
    void whenEmpty(Runnable action) {
        onEmpty = action;
        runIfEmpty();
    }

    void onGiven(GivenCommand<?> command) {
        if (queue.isClosed()) {
            command.onQueueClosed(queue.closeReason());
        } else if (line.isEmpty() || command.urgent()) {
            command.advance();
        } else {
            wait(command);
        }
    }

    /** Whether the command may take a slot now. */
    boolean mayUseSlot(boolean urgent) {
        return queue.freeCount() > (urgent ? 0 : reservedSlots);
    }

    /** Puts a command that found no slot in line: at the end, or before those that may not use the reserved slots. */
    void wait(GivenCommand<?> command) {
        if (!command.waiting) {
            command.waiting = true;
            if (command.urgent()) {
                line.addFirst(command);
            } else {
                line.addLast(command);
            }
        }
    }

    void onFinished() {
        commandCount.decrementAndGet();
        runIfEmpty();
    }

    private void runIfEmpty() {
        if (onEmpty != null && commandCount.get() == 0 && queue.outstandingCount() == 0) {
            Runnable action = onEmpty;
            onEmpty = null;
            action.run();
        }
    }

    private void serveLine() {
        if (queue.isClosed()) {
            failLine();
            runIfEmpty();
            return;
        }
        GivenCommand<?> first;
        while ((first = line.pollFirst()) != null) {
            first.waiting = false;
            if (!first.submitMore()) {
                first.waiting = true;
                line.addFirst(first);
                return;
            }
        }
        runIfEmpty();
    }

    private void failLine() {
        GivenCommand<?> first;
        while ((first = line.pollFirst()) != null) {
            first.waiting = false;
            first.onQueueClosed(queue.closeReason());
        }
    }
}
