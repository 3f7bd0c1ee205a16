package io.nvmeof.target.controller;

/**
 * What the I/O queues of one loop did for one subsystem since the target started. The loop counts, any thread may
 * read.
 */
final class TransferCounters {
    final ActivityCounter readCommands = new ActivityCounter();
    final ActivityCounter readBytes = new ActivityCounter();
    final ActivityCounter writeCommands = new ActivityCounter();
    final ActivityCounter writeBytes = new ActivityCounter();
    final ActivityCounter mediaErrors = new ActivityCounter();
}
