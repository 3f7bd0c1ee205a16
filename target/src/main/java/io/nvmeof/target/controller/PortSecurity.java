package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;

/**
 * What hosts need for the connections of a port, as discovery reports it.
 *
 * @param requirements TREQ: whether a secure channel is required
 * @param securityType SECTYPE: the secure channel that the port offers
 */
record PortSecurity(int requirements, int securityType) {
    private static final PortSecurity NONE = new PortSecurity(
            DiscoveryLogEntry.TREQ_SECURE_CHANNEL_NOT_REQUIRED, DiscoveryLogEntry.SECURITY_NONE);

    /** What a port demands and offers: no port has a secure channel, so that none can be required. */
    static PortSecurity of(Port port) {
        return NONE;
    }
}
