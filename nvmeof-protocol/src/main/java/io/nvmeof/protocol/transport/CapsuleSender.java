package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.DataBuffer;
import java.util.Optional;

/**
 * The transport's side of one accepted connection. R2T, digests, in-capsule data and keyed SGLs are its secrets: the
 * controller says "receive this command's data into this memory" and is told when it is there.
 *
 * <p>All methods are called on {@link #loop()}; after the connection has closed they do nothing, but for releasing a
 * buffer that was passed on.
 */
public interface CapsuleSender {
    EventLoop loop();

    QueueLimits limits();

    /** The secure channel the connection runs over, or empty on a plain one; the same for all of its life. */
    default Optional<TransportSecurity> security() {
        return Optional.empty();
    }

    /**
     * Says how many commands may be outstanding, once Connect has been accepted. Until then there is one slot. A host
     * that exceeds it ends its connection.
     *
     * @param slotCount from 1 to 65,535
     * @param flowControlDisabled whether the host gave up SQ flow control, so that the response of a successful read
     *     may be left out
     */
    void setQueueSize(int slotCount, boolean flowControlDisabled);

    /**
     * Asks for a command's data, once.
     *
     * @param into lent to the transport until {@link CapsuleReceiver#onDataReceived}, {@code onDataCorrupt} or
     *     {@code onClosed}
     * @param length in bytes, from 1 to the command's transfer length
     */
    void receiveData(int slot, DataBuffer into, int length);

    /**
     * Completes a command: its data, if any, then the response. The slot is free when this returns. Not while data
     * asked for is on its way: the memory lent to it may still be written.
     *
     * @param data data for the host, or {@code null}; the transport owns it from now on (unless this throws) and
     *     releases it when sent
     * @param length bytes of it, at most the command's transfer length
     * @param result dwords 0 (low half) and 1 of the completion queue entry
     * @param sqHead the SQ Head Pointer
     * @param statusField the status field, phase tag zero
     */
    void respond(int slot, DataBuffer data, int length, long result, int sqHead, int statusField);

    /**
     * Ends the connection after what was responded so far has been sent, or at once for reasons other than
     * {@link CloseReason.Kind#LOCAL}. The receiver's {@code onClosed} follows, not before this returns.
     */
    void close(CloseReason reason);
}
