package io.nvmeof.target.controller;

import io.nvmeof.protocol.memory.DataBuffer;

/** What a command has in its hands: its namespace and how it was admitted to it, its blocks, its data buffer. */
abstract sealed class BlockCommand extends CommandCopy permits Request {
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
    private int admittedEpoch;
    private boolean awaitedByGate;

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
        return namespace == null || namespace.gate().openSince(admittedEpoch);
    }

    /** The command was checked once more. */
    final void noteAdmitted() {
        admittedEpoch = namespace.gate().epoch();
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
        if (awaitedByGate) {
            awaitedByGate = false;
            namespace.gate().onLeft();
        }
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
        dataLength = 0;
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
