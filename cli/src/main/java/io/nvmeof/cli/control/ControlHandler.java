package io.nvmeof.cli.control;

import com.fasterxml.jackson.databind.JsonNode;

/** Answers what comes through the control door. Called on threads of its own, several at a time; may block. */
public interface ControlHandler {
    /**
     * Does what a request asks for.
     *
     * @return the answer
     * @throws ControlException if it cannot be done
     * @throws InterruptedException if the door is being closed
     */
    JsonNode handle(ControlRequest request) throws ControlException, InterruptedException;
}
