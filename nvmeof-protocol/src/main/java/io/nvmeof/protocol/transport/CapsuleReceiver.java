package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;

/**
 * The controller side of one connection, called by the transport on the connection's loop.
 *
 * <p>A command lives in a slot, a small number that the transport chose and that is free again once the command has
 * been responded to.
 */
public interface CapsuleReceiver {
    /**
     * A command arrived. Its data, if any, has not been asked for, even where it follows inside the capsule: the
     * receiver answers, now or later, with {@link CapsuleSender#receiveData} or {@link CapsuleSender#respond}.
     *
     * @param slot where the command lives
     * @param command the submission queue entry, valid during this call only
     * @param transferLength the length that the command's SGL describes, in bytes, from 0 to 2^32 - 1
     * @param inCapsule whether the data is inside the capsule: until it is received or the command is responded to,
     *     nothing else arrives on this connection
     * @param transferFault what is wrong with the SGL for this transport, or {@code null}; a command that moves data
     *     must be responded to with this status
     */
    void onCommand(int slot, SubmissionQueueEntry command, long transferLength, boolean inCapsule,
            StatusCode transferFault);

    /** All the data asked for is in the buffer. */
    void onDataReceived(int slot);

    /**
     * The data asked for came damaged: its digest is wrong. The connection goes on; the command must be responded to
     * with Transient Transport Error (NVMe/TCP Transport 1.1, 3.3.1.1.2).
     */
    void onDataCorrupt(int slot);

    /**
     * The connection is gone, and with it every command: the last call. Buffers lent with
     * {@link CapsuleSender#receiveData} are the receiver's again.
     */
    void onClosed(CloseReason reason);
}
