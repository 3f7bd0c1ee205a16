package io.nvmeof.target.controller;

/**
 * A place where commands wait in {@link RequestState#AWAITING_TURN} until something calls {@link Request#onTurn()}.
 * They come by {@link Request#awaitTurn}.
 */
interface Turnstile {
    /** The command does not wait any more: it was aborted, or its queue is gone. */
    void cancel(Request request);
}
