package io.nvmeof.target.controller;

/**
 * What a controller gives to a queue that it takes.
 *
 * @param controller the controller the queue belongs to
 * @param queueId 0 for the admin queue
 * @param entryCount entries of the queue
 * @param flowControlDisabled whether SQ flow control is off
 * @param commands what the queue understands
 * @param namespaces the namespaces to begin with
 * @param counters where the queue counts its transfers; {@code null} for an admin queue
 */
record ConnectGrant(Controller controller, int queueId, int entryCount, boolean flowControlDisabled,
        CommandTable commands, NamespaceTable namespaces, TransferCounters counters) {}
