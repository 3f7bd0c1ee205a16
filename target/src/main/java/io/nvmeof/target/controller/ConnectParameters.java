package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.transport.TransportAddress;

/**
 * What a Connect command asks for.
 *
 * @param queueId 0 for the admin queue
 * @param entryCount entries of the submission queue, a count
 * @param flowControlDisabled whether the host does without SQ flow control
 * @param keepAliveMillis KATO, 0 for none; means nothing on an I/O queue
 * @param data who connects to what
 * @param local our address as the host sees it
 * @param peer the host's address
 */
record ConnectParameters(int queueId, int entryCount, boolean flowControlDisabled, long keepAliveMillis,
        ConnectData data, TransportAddress local, TransportAddress peer) {}
