package io.nvmeof.target.reservation;

import io.nvmeof.protocol.fabrics.HostIdentifier;

/**
 * A host that is registered with a namespace, on all its controllers.
 *
 * @param host who
 * @param key its reservation key, any 64 bits but 0
 */
public record Registrant(HostIdentifier host, long key) {}
