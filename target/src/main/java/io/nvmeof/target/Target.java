package io.nvmeof.target;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.EventLoops;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.controller.Registry;
import io.nvmeof.target.storage.NamespaceBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
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
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean closing;

    private Target(TargetConfiguration configuration, EventLoops loops, List<TargetTransport> transports,
            Executor executor) {
        List<EventLoop> all = new ArrayList<>();
        for (int i = 0; i < loops.count(); i++) {
            all.add(loops.loop(i));
        }
        this.registry = new Registry(loops.loop(0), all, configuration, transports, executor);
    }

    /**
     * Listens on every port. From a failure on nothing listens any more, and the backends are still open.
     *
     * @param configuration what to serve; the target closes its backends when it is closed
     * @param loops the loops the transports were made with; loop 0 is also the control loop
     * @param transports one for each type of address among the ports, also those that may be added later
     * @throws IOException if a port's address is not ours, is in use, or is not permitted
     * @throws ConfigurationException if there is no transport for a port
     */
    public static Target start(TargetConfiguration configuration, EventLoops loops, List<TargetTransport> transports)
            throws IOException {
        return start(configuration, loops, transports, ForkJoinPool.commonPool());
    }

    /**
     * As above.
     *
     * @param executor for calls of {@link #management()} that block, and for telling that a change is done; never
     *     for I/O
     */
    public static Target start(TargetConfiguration configuration, EventLoops loops, List<TargetTransport> transports,
            Executor executor) throws IOException {
        Target target = new Target(configuration, loops, transports, executor);
        target.registry.start();
        return target;
    }

    /** Changes what is served, while it is served. */
    public TargetManagement management() {
        return registry.management();
    }

    /** The addresses in use, in the order of the ports, with the service identifiers that the system chose. */
    public List<TransportAddress> addresses() {
        return registry.addresses();
    }

    /**
     * Tells where there is discovery: at once, and again whenever ports come or go.
     *
     * @param watcher gets all of it each time; called on the control loop, so it must not block
     */
    public void watchDiscovery(Consumer<List<DiscoveryService>> watcher) {
        registry.watchDiscovery(watcher);
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
