package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.queue.CompletionQueueEntry;

/** The host side of one connection, called by the transport on the connection's loop. */
public interface HostQueueReceiver {
    /** The connection is ready for the Connect command. */
    void onConnected(CommandSender sender);

    /**
     * A command completed. No memory of it is used by the transport any more.
     *
     * @param commandId the identifier it was sent with
     * @param completion valid during this call only
     * @param dataIntact whether the data that came is what the controller sent; if not, the command failed with a
     *     transient transport error whatever its status says
     */
    void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact);

    /** The connection could not be made, or is gone, and every outstanding command with it: the last call. */
    void onClosed(CloseReason reason);
}
