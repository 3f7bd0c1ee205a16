package io.nvmeof.initiator;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A submission queue and its completion queue, seen from the host: one connection of a controller. The command
 * identifier is the index of the command's slot; slots are used in turn, so that an answer that comes twice meets an
 * empty slot and not the next command.
 *
 * <p>A submission queue of n entries holds n - 1 commands. That bound on the outstanding commands is all the flow
 * control a host needs: a completed command has been consumed, so the head has moved past it. The SQ Head Pointer is
 * kept for diagnosis only.
 *
 * <p>Owned by its loop. Memory comes with the connection and goes with it, so a transport that touches a command's
 * range list late gets an exception instead of somebody else's data.
 */
final class HostQueuePair implements HostQueueReceiver {
    /** No time limit, for commands that wait for an event. */
    static final int NO_TIMEOUT = 0;
    /** Bytes of private memory that come with each slot: one Dataset Management range. */
    static final int SLOT_MEMORY_BYTES = 16;

    private static final Logger LOG = LoggerFactory.getLogger(HostQueuePair.class);
    private static final long TICK_NANOS_MAX = 1_000_000_000L;
    /** The longest a time limit overruns, as a fraction of it. */
    private static final int TICKS_PER_TIMEOUT = 16;
    private static final int FABRICS_OPCODE = 0x7F;
    private static final VarHandle COMPLETED_COUNT;

    static {
        try {
            COMPLETED_COUNT = MethodHandles.lookup().findVarHandle(HostQueuePair.class, "completedCount", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What wants to know about the queue; called on its loop. */
    interface Owner {
        /** The connection is there, Connect may be sent. */
        void onReady(HostQueuePair queue);

        /** The connection is gone and every command has been told so; once, and the last call. */
        void onClosed(HostQueuePair queue, CloseReason reason);
    }

    private enum State { NEW, OPEN, CLOSING, CLOSED }

    private final EventLoop loop;
    private final int queueId;
    private final Owner owner;
    private final long tickNanos;
    private final int defaultTicks;
    private final CommandCallback[] callbacks;
    private final byte[] opcodes;
    private final int[] deadlineTicks;
    private final int[] freeSlots;
    private final Runnable onTick = this::onTick;
    private final SubmissionQueueEntry entry = new SubmissionQueueEntry();
    private Arena arena;
    private MemorySegment slotMemory;
    private CommandSender sender;
    private State state = State.NEW;
    private CloseReason closeReason;
    private EventLoop.Timer timer;
    private Runnable onSlotFree = () -> { };
    private int freeHead;
    private int freeCount;
    private int tick;
    private int sqHead;
    /** Read from other loops too, by the Keep Alive timer. */
    private long completedCount;

    /**
     * @param slotCount most commands outstanding at once
     * @param timeoutNanos how long a command may stay unanswered, unless told otherwise for the command
     */
    HostQueuePair(EventLoop loop, int queueId, int slotCount, long timeoutNanos, Owner owner) {
        this.loop = loop;
        this.queueId = queueId;
        this.owner = owner;
        this.tickNanos = Math.clamp(timeoutNanos / TICKS_PER_TIMEOUT, 1_000_000L, TICK_NANOS_MAX);
        this.defaultTicks = ticks(timeoutNanos);
        this.callbacks = new CommandCallback[slotCount];
        this.opcodes = new byte[slotCount];
        this.deadlineTicks = new int[slotCount];
        this.freeSlots = new int[slotCount];
        this.freeCount = slotCount;
        for (int i = 0; i < slotCount; i++) {
            freeSlots[i] = i;
        }
    }

    /** Begins to connect. Any thread. */
    void open(HostTransport transport, TransportAddress address, HostQueueOptions options) {
        transport.connect(loop, address, options, this);
    }

    EventLoop loop() {
        return loop;
    }

    int queueId() {
        return queueId;
    }

    int slotCount() {
        return callbacks.length;
    }

    int outstandingCount() {
        return callbacks.length - freeCount;
    }

    int freeCount() {
        return state == State.OPEN ? freeCount : 0;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Why the queue closes or closed; {@code null} while it does not. */
    CloseReason closeReason() {
        return closeReason;
    }

    /** Commands answered so far. Any thread. */
    long completedCount() {
        return (long) COMPLETED_COUNT.getOpaque(this);
    }

    /** The SQ Head Pointer of the last response: FFFFh if flow control is disabled. */
    int sqHead() {
        return sqHead;
    }

    /** A time limit in this queue's ticks, rounded up; one more because the current tick has begun already. */
    int ticks(long timeoutNanos) {
        return (int) Math.min(Integer.MAX_VALUE / 2, (timeoutNanos + tickNanos - 1) / tickNanos + 1);
    }

    /** What to do when a slot has become free or commands can no longer be sent, after the command's own callback. */
    void onSlotFree(Runnable action) {
        onSlotFree = action;
    }

    void setInCapsuleDataSize(int bytes) {
        sender.setInCapsuleDataSize(bytes);
    }

    /** Starts a command in a free slot: an entry that is all zero but for the opcode, the namespace and PSDT. */
    SubmissionQueueEntry prepare(int opcode, int namespaceId) {
        assert loop.inLoop();
        return entry.clear().opcode(opcode).psdt(SubmissionQueueEntry.PSDT_SGL).namespaceId(namespaceId);
    }

    /** The memory of all slots; the slot that the next command gets begins at {@link #nextSlotOffset()}. */
    MemorySegment slotMemory() {
        return slotMemory;
    }

    long nextSlotOffset() {
        return (long) freeSlots[freeHead] * SLOT_MEMORY_BYTES;
    }

    /** Sends what was {@linkplain #prepare prepared}, with the queue's time limit. */
    boolean submit(Direction direction, MemorySegment memory, long offset, int length, CommandCallback callback) {
        return submit(direction, memory, offset, length, callback, defaultTicks);
    }

    /**
     * Sends what was {@linkplain #prepare prepared}.
     *
     * @param timeoutTicks from {@link #ticks}, or {@link #NO_TIMEOUT}
     * @return false if there is no free slot or no open connection: then nothing happened
     */
    boolean submit(Direction direction, MemorySegment memory, long offset, int length, CommandCallback callback,
            int timeoutTicks) {
        assert loop.inLoop();
        if (freeCount == 0 || state != State.OPEN) {
            return false;
        }
        int slot = freeSlots[freeHead];
        if (callbacks[slot] != null) {
            throw new IllegalStateException("slot " + slot + " of queue " + queueId + " is free and in use");
        }
        freeHead = freeHead + 1 == freeSlots.length ? 0 : freeHead + 1;
        freeCount--;
        callbacks[slot] = callback;
        opcodes[slot] = (byte) entry.opcode();
        deadlineTicks[slot] = timeoutTicks == NO_TIMEOUT ? NO_TIMEOUT : deadline(timeoutTicks);
        if (timer == null && timeoutTicks != NO_TIMEOUT) {
            timer = loop.schedule(tickNanos, onTick);
        }
        try {
            sender.send(entry.commandId(slot), direction, memory, offset, length);
        } catch (RuntimeException e) {
            release(slot); // The caller hears of it by the exception, so not by the callback.
            throw e;
        }
        return true;
    }

    /** Ends the connection; {@link Owner#onClosed} follows. */
    void close(CloseReason reason) {
        assert loop.inLoop();
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        closeReason = reason;
        boolean connected = state == State.OPEN;
        state = State.CLOSING;
        if (connected) {
            sender.close(reason);
        }
    }

    @Override
    public void onConnected(CommandSender connected) {
        sender = connected;
        if (state != State.NEW) {
            connected.close(closeReason);
            return;
        }
        arena = Arena.ofConfined();
        entry.wrap(arena.allocate(SubmissionQueueEntry.SIZE), 0);
        slotMemory = arena.allocate((long) slotCount() * SLOT_MEMORY_BYTES);
        state = State.OPEN;
        owner.onReady(this);
    }

    @Override
    public void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact) {
        if (state != State.OPEN) {
            return; // Given up already: the command will be told that the connection was lost.
        }
        if (commandId < 0 || commandId >= callbacks.length || callbacks[commandId] == null) {
            close(CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR, String.format(Locale.ROOT,
                    "response to command %04Xh of queue %d, which is not outstanding", commandId, queueId)));
            return;
        }
        sqHead = completion.sqHead();
        int field = completion.statusField();
        StatusCode status = !dataIntact ? GenericStatus.TRANSIENT_TRANSPORT_ERROR
                : opcodes[commandId] == FABRICS_OPCODE ? StatusCode.ofFabricsField(field) : StatusCode.ofField(field);
        CommandCallback callback = release(commandId);
        COMPLETED_COUNT.setOpaque(this, completedCount + 1);
        try {
            callback.onComplete(status, dataIntact && StatusCode.doNotRetry(field), completion.result());
        } catch (RuntimeException | Error e) {
            LOG.error("a command callback of queue {} failed", queueId, e);
        }
        onSlotFree.run();
    }

    @Override
    public void onClosed(CloseReason reason) {
        if (state == State.CLOSED) {
            throw new IllegalStateException("queue " + queueId + " closed twice");
        }
        state = State.CLOSED;
        if (closeReason == null) {
            closeReason = reason; // Else ours came first and says more: the transport only reports our own close.
        }
        if (timer != null) {
            timer.cancel();
        }
        for (int slot = 0; slot < callbacks.length; slot++) {
            if (callbacks[slot] != null) {
                try {
                    release(slot).onConnectionLost(closeReason);
                } catch (RuntimeException | Error e) {
                    LOG.error("a command callback of queue {} failed", queueId, e);
                }
            }
        }
        onSlotFree.run();
        owner.onClosed(this, closeReason);
        if (arena != null) {
            arena.close();
        }
    }

    private CommandCallback release(int slot) {
        CommandCallback callback = callbacks[slot];
        callbacks[slot] = null;
        int tail = freeHead + freeCount;
        freeSlots[tail < freeSlots.length ? tail : tail - freeSlots.length] = slot;
        freeCount++;
        return callback;
    }

    private int deadline(int timeoutTicks) {
        int deadline = tick + timeoutTicks;
        return deadline == NO_TIMEOUT ? 1 : deadline;
    }

    /**
     * Time is counted in ticks that this loop has lived through: a process that was suspended, or a loop that was
     * stuck, gives the controller's answers a chance to be read before it calls them late. Idle queues do not tick.
     */
    private void onTick() {
        timer = null;
        if (state != State.OPEN) {
            return;
        }
        tick++;
        boolean watching = false;
        for (int slot = 0; slot < callbacks.length; slot++) {
            if (callbacks[slot] != null && deadlineTicks[slot] != NO_TIMEOUT) {
                if (deadlineTicks[slot] - tick <= 0) {
                    close(CloseReason.of(CloseReason.Kind.TIMEOUT, String.format(Locale.ROOT,
                            "command %04Xh of queue %d (opcode %02Xh) was not answered in time; %d are outstanding",
                            slot, queueId, opcodes[slot], outstandingCount())));
                    return;
                }
                watching = true;
            }
        }
        if (watching) {
            timer = loop.schedule(tickNanos, onTick);
        }
    }
}
