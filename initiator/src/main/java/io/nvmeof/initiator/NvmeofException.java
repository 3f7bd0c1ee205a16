package io.nvmeof.initiator;

import java.io.IOException;

/**
 * What a controller or the way to it did wrong. Futures of this package fail with it, blocking methods throw it;
 * mistakes of the caller are {@link IllegalArgumentException} and {@link IllegalStateException} instead.
 */
public abstract sealed class NvmeofException extends IOException
        permits CommandException, ConnectException, ConnectionLostException, QueueFullException {
    private static final long serialVersionUID = 1L;

    NvmeofException(String message, Throwable cause) {
        super(message, cause);
    }
}
