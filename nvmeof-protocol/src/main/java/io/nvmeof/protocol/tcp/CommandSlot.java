package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.memory.DataBuffer;

/** Where a command lives on the controller's side, from its capsule to its response; made once, used for ever. */
final class CommandSlot {
    /** What a command waits for. */
    enum State {
        /** There is no command here. */
        FREE,
        /** The receiver has the command and has not asked for its data. */
        COMMAND,
        /** The data inside the capsule is being copied. */
        RECEIVING_IN_CAPSULE,
        /** An R2T was sent; the host owes data. */
        RECEIVING,
        /** The receiver has the data too. */
        DATA
    }

    final int index;
    State state = State.FREE;
    int commandId;
    long transferLength;
    boolean inCapsule;
    /** The memory lent to us while receiving. */
    DataBuffer into;
    int wantedBytes;
    int receivedBytes;
    boolean intact;
    int generation;
    int transferTag;
    /** When the R2T was sent, or data came last. */
    long progressNanos;

    CommandSlot(int index) {
        this.index = index;
    }

    void begin(int commandId, long transferLength, boolean inCapsule) {
        assert state == State.FREE;
        this.state = State.COMMAND;
        this.commandId = commandId;
        this.transferLength = transferLength;
        this.inCapsule = inCapsule;
    }

    void beginReceiving(DataBuffer into, int length) {
        if (state != State.COMMAND) {
            throw new IllegalStateException("data of slot " + index + " asked for in state " + state);
        }
        if (length < 1 || length > transferLength || length > into.capacity()) {
            throw new IllegalArgumentException(length + " bytes asked for, the command transfers " + transferLength
                    + ", the buffer holds " + into.capacity());
        }
        this.state = inCapsule ? State.RECEIVING_IN_CAPSULE : State.RECEIVING;
        this.into = into;
        this.wantedBytes = length;
        this.receivedBytes = 0;
        this.intact = true;
    }
}
