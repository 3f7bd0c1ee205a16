package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Set;

/** The keys of a target: finds the one that belongs to an identity a host offers. */
@FunctionalInterface
public interface TlsPskLookup {
    /**
     * Finds a key. Called off the loops, by several threads, and may block for a while: a handshake waits for it, and
     * a few handshakes are worked on at a time. What it throws ends the handshake and is logged.
     *
     * @return the key with exactly this identity, or {@code null} if there is none
     */
    TlsPsk find(Request request);

    /**
     * What is asked. A host may offer several identities; they are asked for in its order, until one is found.
     *
     * @param identity what the host sent: anything a stranger wants it to be, but valid UTF-8
     * @param offered the suites the host offers; a key that needs another is passed over
     * @param local our address as the host sees it
     * @param peer the host's address
     */
    record Request(String identity, Set<TlsCipherSuite> offered, TransportAddress local, TransportAddress peer) {}
}
