package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.transport.CommandSender.Direction;
import java.lang.foreign.MemorySegment;

/** A command outstanding on the host's side, found by its identifier; made once, used for ever. */
final class HostSlot {
    final int commandId;
    boolean outstanding;
    Direction direction;
    MemorySegment memory = MemorySegment.NULL;
    long memoryOffset;
    int length;
    /** Bytes of data that have moved, from 0 on without a gap: received, or sent. */
    int movedBytes;
    /** C2HData said that it was the last. */
    boolean lastReceived;
    boolean intact;
    /** The end of the data that the unanswered R2T asks for; equal to {@link #movedBytes} if there is none. */
    int askedBytes;
    int transferTag;
    /** The next in the line of those with data to send. */
    HostSlot next;

    HostSlot(int commandId) {
        this.commandId = commandId;
    }

    void begin(Direction direction, MemorySegment memory, long offset, int length) {
        this.outstanding = true;
        this.direction = direction;
        this.memory = memory;
        this.memoryOffset = offset;
        this.length = length;
        this.movedBytes = 0;
        this.askedBytes = 0;
        this.lastReceived = false;
        this.intact = true;
    }

    /** The command is over; late data for it finds nothing to be written to. */
    void end() {
        outstanding = false;
        memory = MemorySegment.NULL;
    }
}
