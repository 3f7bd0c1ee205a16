package io.nvmeof.initiator;

import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;

/** A callback that counts. */
final class Recorder implements CommandCallback {
    int completions;
    int losses;
    StatusCode status;
    long result;
    CloseReason reason;

    @Override
    public void onComplete(StatusCode code, long value) {
        completions++;
        status = code;
        result = value;
    }

    @Override
    public void onConnectionLost(CloseReason why) {
        losses++;
        reason = why;
    }
}
