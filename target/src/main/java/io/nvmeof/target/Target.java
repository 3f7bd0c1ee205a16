package io.nvmeof.target;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.EventLoops;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.controller.PortHandle;
import io.nvmeof.target.controller.Registry;
import io.nvmeof.target.storage.NamespaceBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports the namespaces of a configuration to NVMe hosts, from {@link #start} to {@link #close()}.
 *
 * <pre>{@code
 * try (EventLoops loops = ...; TargetTransport tcp = ...;
 *         Target target = Target.start(configuration, loops, List.of(tcp))) {
 *     System.out.println("serving on " + target.addresses());
 *     ...
 * }
 * }</pre>
 *
 * <p>Any thread may call its methods, but for {@link #start} and {@link #close()}, which must not be called on a loop.
 */
public final class Target implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Target.class);

    private final Registry registry;
    private final List<TargetTransport.Listener> listeners = new ArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean closing;

    private Target(TargetConfiguration configuration, EventLoops loops) {
        List<EventLoop> all = new ArrayList<>();
        for (int i = 0; i < loops.count(); i++) {
            all.add(loops.loop(i));
        }
        this.registry = new Registry(loops.loop(0), all, configuration.subsystems());
    }

    /**
     * Listens on every port. From a failure on nothing listens any more, and the backends are still open.
     *
     * @param configuration what to serve; the target closes its backends when it is closed
     * @param loops the loops the transports were made with; loop 0 is also the control loop
     * @param transports one for each type of address among the ports
     * @throws IOException if a port's address is not ours, is in use, or is not permitted
     * @throws ConfigurationException if there is no transport for a port
     */
    public static Target start(TargetConfiguration configuration, EventLoops loops, List<TargetTransport> transports)
            throws IOException {
        Target target = new Target(configuration, loops);
        boolean started = false;
        try {
            for (PortConfiguration port : configuration.ports()) {
                target.listen(port, transports);
            }
            started = true;
        } finally {
            if (!started) {
                target.listeners.forEach(TargetTransport.Listener::close);
            }
        }
        return target;
    }

    private void listen(PortConfiguration port, List<TargetTransport> transports) throws IOException {
        for (TargetTransport transport : transports) {
            if (transport.type() == port.address().type()) {
                PortHandle handle = registry.addPort(port.id(), port.address());
                TargetTransport.Listener listener = transport.listen(port.address(), handle.acceptor());
                listeners.add(listener);
                handle.listening(listener.address());
                LOG.info("port {} listens on {}", port.id(), listener.address());
                return;
            }
        }
        throw new ConfigurationException("transport of port " + port.id(), port.address().type(),
                "are " + transports.stream().map(transport -> transport.type()).toList());
    }

    /** The addresses in use, in the order of the ports, with the service identifiers that the system chose. */
    public List<TransportAddress> addresses() {
        return listeners.stream().map(TargetTransport.Listener::address).toList();
    }

    /** The connected hosts, as they are now. */
    public List<ControllerInfo> controllers() {
        return registry.controllerInfos();
    }

    /**
     * Begins to close: stops listening, ends every controller, waits for the commands at work, flushes and closes every
     * backend.
     *
     * @return done when all that has happened
     */
    public CompletableFuture<Void> shutDown() {
        synchronized (this) {
            if (closing) {
                return closed;
            }
            closing = true;
        }
        listeners.forEach(TargetTransport.Listener::close);
        registry.shutDown().thenAccept(backends -> {
            backends.forEach(Target::close);
            LOG.info("target closed");
            closed.complete(null);
        });
        return closed;
    }

    private static void close(NamespaceBackend backend) {
        try {
            backend.close();
        } catch (RuntimeException e) {
            LOG.error("cannot close {}", backend.describe(), e);
        }
    }

    /** As {@link #shutDown()}, and waits until it is done. */
    @Override
    public void close() {
        shutDown().join();
    }
}
