package io.nvmeof.target.controller;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;

/** A command as it came, copied out of the receive buffer, which is gone when its handler needs it again. */
abstract sealed class CommandCopy permits BlockCommand {
    private static final int DWORD_COUNT = 16;

    private final int[] dwords = new int[DWORD_COUNT];
    private long transferLength;
    private boolean inCapsule;
    private StatusCode transferFault;

    final void copy(SubmissionQueueEntry command, long transferLength, boolean inCapsule, StatusCode transferFault) {
        for (int i = 0; i < DWORD_COUNT; i++) {
            dwords[i] = command.commandDword(i);
        }
        this.transferLength = transferLength;
        this.inCapsule = inCapsule;
        this.transferFault = transferFault;
    }

    final int opcode() {
        return dwords[0] & 0xFF;
    }

    final int flags() {
        return dwords[0] >>> 8 & 0xFF;
    }

    final int commandId() {
        return dwords[0] >>> 16;
    }

    final int namespaceId() {
        return dwords[1];
    }

    /** Dword {@code n} of the command, 0 to 15. */
    final int dword(int n) {
        return dwords[n];
    }

    /** Dwords {@code n} (low half) and {@code n + 1}. */
    final long qword(int n) {
        return Integer.toUnsignedLong(dwords[n]) | (long) dwords[n + 1] << Integer.SIZE;
    }

    /** The length the command's SGL describes, in bytes. */
    final long transferLength() {
        return transferLength;
    }

    /** Whether the data is inside the capsule. */
    final boolean inCapsule() {
        return inCapsule;
    }

    /** What the transport has to say against the command's SGL, or {@code null}; asking for data will reject it. */
    final StatusCode transferFault() {
        return transferFault;
    }
}
