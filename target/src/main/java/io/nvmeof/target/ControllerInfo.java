package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;

/**
 * A connected host, as it was a moment ago.
 *
 * @param subsystemNqn the subsystem it is connected to; the discovery subsystem's name for a discovery controller
 * @param controllerId CNTLID
 * @param hostNqn the host's name
 * @param hostIdentifier the host's identifier
 * @param peer the address of its admin queue
 * @param ioQueueCount how many I/O queues it has
 * @param commandCount how many commands it has sent, on all queues
 */
public record ControllerInfo(NvmeQualifiedName subsystemNqn, int controllerId, NvmeQualifiedName hostNqn,
        HostIdentifier hostIdentifier, TransportAddress peer, int ioQueueCount, long commandCount) {}
