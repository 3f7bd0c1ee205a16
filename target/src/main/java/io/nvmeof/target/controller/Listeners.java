package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.PortConfiguration;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transports of a target, and what listens on its ports. Any thread but a loop may call; what blocks says so. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<TargetTransport> transports;
    private final Map<Integer, TargetTransport.Listener> byPort = new LinkedHashMap<>();
    private boolean closed;

    Listeners(List<TargetTransport> transports) {
        this.transports = List.copyOf(transports);
    }

    /** The transport for a port; throws {@link ConfigurationException} if there is none. Any thread may ask. */
    TargetTransport transport(PortConfiguration port) {
        for (TargetTransport transport : transports) {
            if (transport.type() == port.address().type()) {
                return transport;
            }
        }
        List<TransportType> types = transports.stream().map(TargetTransport::type).toList();
        throw new ConfigurationException("transport of port " + port.id(), port.address().type(), "are " + types);
    }

    /** Listens on a port, which then knows its address. Blocks. */
    void listen(Port port) throws IOException {
        TargetTransport.Listener listener =
                transport(port.configuration()).listen(port.configuration().address(), port);
        port.setAddress(listener.address());
        synchronized (this) {
            if (!closed) {
                byPort.put(port.id(), listener);
                LOG.info("port {} listens on {}", port.id(), listener.address());
                return;
            }
        }
        listener.close();
        throw new IOException("port " + port.id() + ": the target closes");
    }

    /** Listens on a port no more. Blocks. */
    void stop(int portId) {
        TargetTransport.Listener listener;
        synchronized (this) {
            listener = byPort.remove(portId);
        }
        if (listener != null) {
            listener.close();
            LOG.info("port {} listens no more on {}", portId, listener.address());
        }
    }

    /** The addresses in use, in the order of the ports. Any thread may ask. */
    synchronized List<TransportAddress> addresses() {
        return byPort.values().stream().map(TargetTransport.Listener::address).toList();
    }

    /** Listens nowhere any more, for good. Blocks. */
    synchronized void close() {
        closed = true;
        byPort.values().forEach(TargetTransport.Listener::close);
    }
}
