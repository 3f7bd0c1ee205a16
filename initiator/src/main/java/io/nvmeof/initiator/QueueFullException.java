package io.nvmeof.initiator;

/**
 * More commands were given to a queue than may be outstanding and wait in line together. Nothing was sent; the caller
 * is faster than the controller and should wait for some of its futures.
 */
public final class QueueFullException extends NvmeofException {
    private static final long serialVersionUID = 1L;

    QueueFullException(String message) {
        super(message, null);
    }
}
