/**
 * The {@code nvmeof} command: options, output, and the wiring of target, initiator, transports and storage, which know
 * nothing of each other. What a command does beyond that belongs into the modules below.
 */
package io.nvmeof.cli;
