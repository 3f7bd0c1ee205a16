package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.loop.EventLoop;

/** Connects queues to controllers. Any thread may call. */
public interface HostTransport extends AutoCloseable {
    TransportType type();

    /**
     * Begins to connect a queue. The receiver is called on the loop, with {@code onConnected} or {@code onClosed}.
     *
     * @param loop the loop that owns the queue; one of those this transport was made with
     */
    void connect(EventLoop loop, TransportAddress address, HostQueueOptions options, HostQueueReceiver receiver);

    /** Closes every connection; the loops belong to somebody else and go on. */
    @Override
    void close();
}
