package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;

/**
 * Where a controller finds keys. It is asked in the queue's event loop at the start of each transaction, so that
 * changed keys count from the next one on, and must answer without waiting. Keys are read before the call that asked
 * returns to the event loop; they may be destroyed later.
 */
public interface AuthenticationKeys {
    /** The key a host authenticates itself with at a subsystem; null if the host is unknown or has none. */
    DhChapKey hostKey(NvmeQualifiedName host, NvmeQualifiedName subsystem);

    /** The key a subsystem's controllers authenticate themselves with to a host; null if they have none. */
    DhChapKey controllerKey(NvmeQualifiedName host, NvmeQualifiedName subsystem);
}
