package io.nvmeof.target.controller;

/** Which command a queue understands, in the state its controller is in. */
@FunctionalInterface
interface CommandTable {
    /** The handler of this command; never {@code null}. */
    CommandHandler handlerFor(Request request);
}
