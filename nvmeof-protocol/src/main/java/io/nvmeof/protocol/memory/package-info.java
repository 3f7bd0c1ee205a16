/**
 * Memory for the data of commands: per-loop pools of aligned off-heap buffers within a budget. Headers and byte
 * streams are the transports' business.
 */
package io.nvmeof.protocol.memory;
