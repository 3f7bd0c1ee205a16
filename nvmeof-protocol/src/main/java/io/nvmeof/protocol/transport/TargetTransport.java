package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.fabrics.TransportType;
import java.io.IOException;

/** Accepts connections from hosts and carries capsules to the controller side. Any thread but a loop may call. */
public interface TargetTransport extends AutoCloseable {
    /** The fabric this transport is. */
    TransportType type();

    /**
     * Begins to accept connections. Each one is given to the acceptor on the loop that owns it from then on.
     *
     * @param address where; service identifier "0" lets the system choose
     * @throws IOException if the address is not ours, is in use, or is not permitted
     */
    Listener listen(TransportAddress address, QueueAcceptor acceptor) throws IOException;

    /** Closes every listener and connection; the loops belong to somebody else and go on. */
    @Override
    void close();

    /** An address on which connections are accepted. */
    interface Listener extends AutoCloseable {
        /** The address in use, with the port the system chose. */
        TransportAddress address();

        /** Stops accepting. Connections that exist go on. */
        @Override
        void close();
    }
}
