/**
 * NVMe/TCP over real sockets: event loops, accepting and connecting, and the bytes in between. What the bytes mean is
 * the business of the connections in {@code io.nvmeof.protocol.tcp}; nothing here knows a PDU.
 */
package io.nvmeof.transport.tcp;
