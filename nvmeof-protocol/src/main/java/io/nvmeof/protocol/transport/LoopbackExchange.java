package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One command on its way through the loopback: made once for each identifier and passed back and forth between the two
 * loops, so that a message is never allocated. Only the loop whose turn it is touches it.
 */
final class LoopbackExchange {
    private final MemorySegment entries = Arena.ofAuto()
            .allocate(SubmissionQueueEntry.SIZE + CompletionQueueEntry.SIZE, Long.BYTES);
    final SubmissionQueueEntry command = new SubmissionQueueEntry().wrap(entries, 0);
    final CompletionQueueEntry completion = new CompletionQueueEntry().wrap(entries, SubmissionQueueEntry.SIZE);
    final int commandId;
    final Runnable arrive;
    final Runnable fetch;
    final Runnable fetched;
    final Runnable answer;
    final Runnable giveBack;

    /** The host's. */
    boolean outstanding;
    Direction direction;
    MemorySegment memory = MemorySegment.NULL;
    long memoryOffset;
    int length;
    int movedBytes;

    /** The controller's. */
    int slot;
    boolean dataLent;
    DataBuffer buffer;
    int bufferBytes;

    LoopbackExchange(int commandId, LoopbackConnection connection) {
        this.commandId = commandId;
        this.arrive = () -> connection.arrive(this);
        this.fetch = () -> connection.fetch(this);
        this.fetched = () -> connection.fetched(this);
        this.answer = () -> connection.answer(this);
        this.giveBack = this::releaseBuffer;
    }

    void releaseBuffer() {
        DataBuffer released = buffer;
        buffer = null;
        released.release();
    }
}
