/**
 * NVMe/TCP without sockets: the PDUs, their framing and digests, and the state machines of a connection on both ends.
 * Bytes come in as calls and go out through {@link io.nvmeof.protocol.tcp.ByteStreamOutput}; time is told, never asked.
 */
package io.nvmeof.protocol.tcp;
