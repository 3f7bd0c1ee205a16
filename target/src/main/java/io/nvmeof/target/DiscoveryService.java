package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Optional;

/**
 * A place where a target answers to discovery.
 *
 * @param portId its port
 * @param address where it listens; perhaps at all addresses of the machine
 * @param reachableAs where hosts reach it, if its owner said so
 * @param nqn the name of the discovery subsystem: its unique one, or the well-known one if it has no other
 */
public record DiscoveryService(int portId, TransportAddress address, Optional<TransportAddress> reachableAs,
        NvmeQualifiedName nqn) {}
