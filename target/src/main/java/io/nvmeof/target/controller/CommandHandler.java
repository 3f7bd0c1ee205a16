package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.StatusCode;

/**
 * What one opcode does. Stateless: one instance serves every queue, and what belongs to a command is in its request.
 */
interface CommandHandler {
    /**
     * Checks whatever can be checked without data, then does exactly one of: {@link Request#reject},
     * {@link Request#receiveData}, {@link Request#provideData}, {@link Request#proceed}.
     */
    void parse(Request request);

    /** Acts. The data asked for is in the buffer, or the buffer for the host's data is there. */
    void execute(Request request);

    /** An operation of a backend is done. */
    default void onBackendComplete(Request request, StatusCode status) {
        request.complete(status);
    }

    /** Whether this command may look at or change one of these blocks. Only asked while somebody keeps others out. */
    default boolean touches(Request request, long firstBlock, long blockCount) {
        return request.startingBlock < firstBlock + blockCount
                && firstBlock < request.startingBlock + request.blockCount;
    }

    /** The host wants no more of it, and no backend is at work for it; returns whether it was only waiting. */
    default boolean withdraw(Request request) {
        return false;
    }

    /**
     * The host is gone, or took its command back, and nobody is at work for this request any more: gives up what
     * {@link #execute} took.
     */
    default void onAbandoned(Request request) {}
}
