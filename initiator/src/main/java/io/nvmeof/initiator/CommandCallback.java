package io.nvmeof.initiator;

import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;

/**
 * How a command ended. Exactly one of the methods is called, once, on the loop of the queue the command was given to;
 * from then on the command's memory belongs to the caller again. What a callback throws is logged and goes no further.
 */
public interface CommandCallback {
    /**
     * The controller completed the command.
     *
     * @param status any status; the command did what it was asked only if it is {@linkplain StatusCode#successful()
     *     successful}
     * @param result dwords 0 (low half) and 1 of the completion queue entry
     */
    void onComplete(StatusCode status, long result);

    /**
     * The connection was lost, or the controller was given up, before the command was answered: nobody knows whether
     * it was executed.
     */
    void onConnectionLost(CloseReason reason);

    /**
     * As {@link #onComplete(StatusCode, long)}, for those who also want the Do Not Retry bit; this is the method that
     * is called.
     *
     * @param doNotRetry whether the same command would fail again
     */
    default void onComplete(StatusCode status, boolean doNotRetry, long result) {
        onComplete(status, result);
    }
}
