package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.transport.TransportAddress;
import java.util.List;

/** The keys of a host: what it offers a controller, for each new connection anew. */
@FunctionalInterface
public interface TlsPskOffer {
    /**
     * The keys to offer, the best first: all go into one ClientHello, and the controller chooses. Called off the
     * loops, and may block for a while. What it throws ends the connection attempt.
     *
     * @param peer the controller's address
     * @return keys with identities that differ; if there is none, nothing is connected
     */
    List<TlsPsk> keys(TransportAddress peer);
}
