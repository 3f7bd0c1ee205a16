package io.nvmeof.target.controller;

import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.BufferShare;
import io.nvmeof.protocol.memory.BufferWaiter;
import io.nvmeof.protocol.memory.DataBuffer;

/** What a command is at and has in its hands: its namespace, how it was admitted to it, its blocks, its data buffer. */
abstract sealed class BlockCommand extends CommandCopy implements BufferWaiter permits Request {
    final QueuePair queue;
    /** Where the command is; only {@link #moveTo} changes it. */
    RequestState state = RequestState.FREE;
    /** The namespace the command was admitted to, or {@code null}; held until the command ends. */
    NamespaceView namespace;
    /** What it was admitted for. */
    Access access;
    long startingBlock;
    int blockCount;
    /** What a handler keeps from one step to the next. */
    int step;
    boolean stepping;
    boolean stepAgain;
    /** The buffer and how many bytes of it count; only {@link Request} changes them. */
    DataBuffer data;
    int dataLength;
    /** Whether the host sends the data; otherwise it is given it. */
    boolean dataFromHost;
    /** Bytes of the buffer to take. */
    int bufferLength;
    /** Which of the {@link RateLine}s it has passed. */
    int ratesPassed;
    private int admittedEpoch;
    private Exclusive exclusive;
    private boolean awaitedByGate;

    BlockCommand(QueuePair queue) {
        this.queue = queue;
    }

    final void moveTo(RequestState next) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException("request from " + state + " to " + next);
        }
        queue.onStateChange(state, next);
        state = next;
    }

    final QueuePair queue() {
        return queue;
    }

    final boolean tryTakeBuffer() {
        data = queue.buffers().take(bufferLength, bufferPurpose(), share());
        return data != null;
    }

    @Override
    public final BufferShare share() {
        return bufferPurpose() == BufferPool.Purpose.TRANSFER ? queue.bufferShare() : null;
    }

    final BufferPool.Purpose bufferPurpose() {
        return inCapsule() && dataFromHost ? BufferPool.Purpose.IN_CAPSULE : BufferPool.Purpose.TRANSFER;
    }

    final RequestState state() {
        return state;
    }

    /** Whether this command is at work on its namespace. */
    final boolean inside() {
        return state == RequestState.EXECUTING || state == RequestState.ABANDONED;
    }

    /** The command uses this view from now on. It has to be checked next: {@link IoAdmission}. */
    final void use(NamespaceView view, Access access) {
        view.retain();
        if (namespace != null) {
            namespace.release();
        }
        namespace = view;
        this.access = access;
        admittedEpoch = view.gate().epoch();
    }

    /** Whether nothing happened at the gate since the command was admitted, and nothing keeps it out. */
    final boolean gateOpen() {
        return namespace == null || namespace.gate().openSince(admittedEpoch) && exclusive == null;
    }

    /** The command belongs to this from now on, which decides when it executes and ends. */
    final void join(Exclusive exclusive) {
        this.exclusive = exclusive;
    }

    /** What the command belongs to, or {@code null}, as for most. */
    final Exclusive exclusive() {
        return exclusive;
    }

    /** The command was checked once more. */
    final void noteAdmitted() {
        admittedEpoch = namespace.gate().epoch();
    }

    /** The command is outside again, and waits. */
    final void leaveGate() {
        if (awaitedByGate) {
            awaitedByGate = false;
            namespace.gate().onLeft();
        }
    }

    /** The gate wants to know when this command leaves, or no longer does. */
    final void setAwaitedByGate(boolean awaited) {
        awaitedByGate = awaited;
    }

    /** The command is done with its namespace, if it has one. */
    final void leaveNamespace() {
        if (namespace == null) {
            return;
        }
        leaveGate();
        namespace.release();
        namespace = null;
        startingBlock = 0;
        blockCount = 0;
    }

    /** The command is over. */
    final void letGo() {
        leaveNamespace();
        if (data != null) {
            data.release();
            data = null;
        }
        exclusive = null;
        dataLength = 0;
        ratesPassed = 0;
        step = 0;
        stepping = false;
        stepAgain = false;
    }

    /** The buffer with the host's data, or for it. */
    final DataBuffer data() {
        return data;
    }

    /** How many bytes of the buffer count. */
    final int dataLength() {
        return dataLength;
    }
}
