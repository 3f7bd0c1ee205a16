package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The transport's side of a host's connection. All methods are called on {@link #loop()}. */
public interface CommandSender {
    /** Which way a command's data goes. */
    enum Direction { NONE, HOST_TO_CONTROLLER, CONTROLLER_TO_HOST }

    EventLoop loop();

    TransportAddress peer();

    /** The secure channel the connection runs over, or empty on a plain one; the same for all of its life. */
    default Optional<TransportSecurity> security() {
        return Optional.empty();
    }

    /**
     * How much data a command capsule of this queue may carry, as Identify Controller said (IOCCSZ); before that, and
     * for ever on the admin queue, it is 8 KiB.
     */
    void setInCapsuleDataSize(int bytes);

    /**
     * Sends a command; it leaves at the end of the loop's turn, together with the others.
     *
     * @param command complete but for the data pointer, which the transport writes; its command identifier is free and
     *     below the slot count. May be reused when this returns
     * @param memory the command's data: read or written by the transport until the command completes or the
     *     connection closes; {@link MemorySegment#NULL} if there is none
     * @param offset where in {@code memory} the data begins
     * @param length in bytes; 0 if there is none
     */
    void send(SubmissionQueueEntry command, Direction direction, MemorySegment memory, long offset, int length);

    /** Ends the connection; the receiver's {@code onClosed} follows, not before this returns. */
    void close(CloseReason reason);
}
