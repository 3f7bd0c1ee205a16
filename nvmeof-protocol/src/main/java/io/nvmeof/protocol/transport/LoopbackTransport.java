package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.EventLoops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A fabric inside this process: capsules pass as messages between loops (or on one loop), and data is copied once, by
 * the host's loop, between the command's memory and the controller's buffer. There are no bytes, no digests and no
 * in-capsule data; everything else is as with any transport.
 */
public final class LoopbackTransport implements TargetTransport, HostTransport {
    private static final String ANY_SERVICE = "0";
    private static final int FIRST_CHOSEN_SERVICE = 49_152;

    private final EventLoops controllerLoops;
    private final Object lock = new Object();
    private final Map<TransportAddress, QueueAcceptor> acceptors = new HashMap<>();
    private final Set<LoopbackConnection> connections = new HashSet<>();
    private int nextService = FIRST_CHOSEN_SERVICE;
    private boolean closed;

    /**
     * @param controllerLoops where the controller's ends of connections live, in turn
     */
    public LoopbackTransport(EventLoops controllerLoops) {
        this.controllerLoops = controllerLoops;
    }

    /** An address of this transport; any name and service identifier will do, "0" to have one chosen. */
    public static TransportAddress address(String name, String serviceId) {
        return new TransportAddress(TransportType.INTRA_HOST, name, serviceId);
    }

    @Override
    public TransportType type() {
        return TransportType.INTRA_HOST;
    }

    @Override
    public Listener listen(TransportAddress address, QueueAcceptor acceptor) throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new IOException("the transport is closed");
            }
            TransportAddress bound = address.serviceId().equals(ANY_SERVICE)
                    ? address(address.address(), Integer.toString(nextService++)) : address;
            if (acceptors.putIfAbsent(bound, acceptor) != null) {
                throw new IOException("address " + bound + " is in use");
            }
            return new LoopbackListener(bound);
        }
    }

    @Override
    public void connect(EventLoop loop, TransportAddress address, HostQueueOptions options,
            HostQueueReceiver receiver) {
        LoopbackConnection connection = null;
        synchronized (lock) {
            QueueAcceptor acceptor = closed ? null : acceptors.get(address);
            if (acceptor != null) {
                connection = new LoopbackConnection(loop, controllerLoops.next(), address, options, receiver, acceptor,
                        this::forget);
                connections.add(connection);
            }
        }
        if (connection == null) {
            loop.execute(() -> receiver.onClosed(CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR,
                    "connection refused: nothing listens there")));
        } else {
            connection.open();
        }
    }

    @Override
    public void close() {
        List<LoopbackConnection> open;
        synchronized (lock) {
            closed = true;
            acceptors.clear();
            open = new ArrayList<>(connections);
        }
        for (LoopbackConnection connection : open) {
            connection.closeFromAnywhere(CloseReason.of(CloseReason.Kind.LOCAL, "the transport was closed"));
        }
    }

    private void forget(LoopbackConnection connection) {
        synchronized (lock) {
            connections.remove(connection);
        }
    }

    private final class LoopbackListener implements Listener {
        private final TransportAddress address;

        private LoopbackListener(TransportAddress address) {
            this.address = address;
        }

        @Override
        public TransportAddress address() {
            return address;
        }

        @Override
        public void close() {
            synchronized (lock) {
                acceptors.remove(address);
            }
        }
    }
}
