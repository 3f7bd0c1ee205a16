package io.nvmeof.target.storage;

import io.nvmeof.protocol.status.StatusCode;

/** Told that an operation is done. The request itself implements it, so that an operation costs no object. */
@FunctionalInterface
public interface BackendCompletion {
    /**
     * The operation is done, for better or worse.
     *
     * @param status Successful Completion, or what the host is to be told: the media, capacity or path status that
     *     makes it retry or fail over correctly
     */
    void onBackendComplete(StatusCode status);
}
