package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/**
 * Connects queues of hosts over NVMe/TCP (NVMe/TCP Transport 1.1). Names are resolved off the loops; of several
 * addresses each is tried in turn.
 */
public final class TcpHostTransport implements HostTransport {
    private final TcpEventLoops loops;
    private final TcpOptions options;
    private final ConnectionSet connections;
    private final CollapsingLog warnings = new CollapsingLog(LoggerFactory.getLogger(TcpHostTransport.class));
    private final TlsHandshakes handshakes;

    /** A transport on some loops, which belong to the caller. */
    public TcpHostTransport(TcpEventLoops loops, TcpOptions options) {
        this.loops = Objects.requireNonNull(loops);
        this.options = Objects.requireNonNull(options);
        this.connections = new ConnectionSet(loops);
        this.handshakes = options.tls().offer() == null ? null : new TlsHandshakes(options.tls(), warnings);
    }

    @Override
    public TransportType type() {
        return TransportType.TCP;
    }

    /** Connections that exist now, those being made included. */
    public int connectionCount() {
        return connections.count();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the loop is another's, or the address is not one of TCP
     */
    @Override
    public void connect(EventLoop loop, TransportAddress address, HostQueueOptions queue, HostQueueReceiver receiver) {
        if (address.type() != TransportType.TCP) {
            throw new IllegalArgumentException("transport type of " + address + ": this transport is TCP only");
        }
        int port = Addresses.port(address, 1);
        ConnectAttempt attempt = new ConnectAttempt(loops.engine(), loops.own(loop), options, connections, warnings,
                handshakes, address, port, queue, receiver);
        InetAddress literal = Addresses.literal(address.address());
        if (literal != null) {
            loop.execute(() -> attempt.begin(literal));
        } else {
            Thread.ofVirtual().name("nvmeof-resolve").start(() -> resolve(attempt, loop, address.address()));
        }
    }

    @Override
    public void close() {
        connections.close("the host is shutting down");
    }

    private static void resolve(ConnectAttempt attempt, EventLoop loop, String name) {
        try {
            InetAddress[] addresses = InetAddress.getAllByName(name);
            loop.execute(() -> attempt.begin(addresses));
        } catch (UnknownHostException unknown) {
            loop.execute(() -> attempt.fail(unknown));
        }
    }
}
