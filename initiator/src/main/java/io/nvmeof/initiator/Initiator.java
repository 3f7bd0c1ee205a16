package io.nvmeof.initiator;

import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoops;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host of the NVMe sense: a name, an identifier and a transport to reach controllers with.
 *
 * <pre>{@code
 * try (Initiator initiator = Initiator.builder(transport, loops).build();
 *         HostController controller = initiator.connectNow(ConnectOptions.builder(address, subsystem).build());
 *         Arena arena = Arena.ofShared()) {
 *     RemoteNamespace namespace = controller.namespaceNow(1);
 *     MemorySegment data = arena.allocate(namespace.blockSizeBytes());
 *     data.setString(0, "Hello, NVMe");
 *     namespace.writeNow(0, 1, data);
 *     namespace.flushNow();
 *     namespace.readNow(0, 1, data.fill((byte) 0));
 *     String greeting = data.getString(0);
 * }
 * }</pre>
 *
 * <p>Any thread may call. Closing disconnects every controller in order.
 */
public final class Initiator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Initiator.class);

    private final HostTransport transport;
    private final EventLoops loops;
    private final NvmeQualifiedName hostNqn;
    private final HostIdentifier hostId;
    private final Set<HostController> controllers = ConcurrentHashMap.newKeySet();
    private final Set<ControllerConnector> connecting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Initiator(Builder values) {
        transport = values.transport;
        loops = values.loops;
        UUID id = values.hostId != null ? values.hostId : UUID.randomUUID();
        hostId = new HostIdentifier(id);
        hostNqn = values.hostNqn != null ? values.hostNqn : NvmeQualifiedName.ofUuid(id);
    }

    /**
     * Starts an initiator.
     *
     * @param transport belongs to the caller and must outlive the initiator
     * @param loops those the transport was made with; they belong to the caller too
     */
    public static Builder builder(HostTransport transport, EventLoops loops) {
        return new Builder(Objects.requireNonNull(transport), Objects.requireNonNull(loops));
    }

    /** The name this host gives itself. */
    public NvmeQualifiedName hostNqn() {
        return hostNqn;
    }

    /** The identifier this host gives itself. */
    public HostIdentifier hostId() {
        return hostId;
    }

    /**
     * Asks the discovery controller at an address which subsystems there are. The future fails with
     * {@link ConnectException}.
     */
    public CompletableFuture<DiscoveryLogPage> discover(TransportAddress address) {
        return discover(ConnectOptions.builder(address, NvmeQualifiedName.DISCOVERY).keepAliveTimeoutMillis(0).build());
    }

    /** As {@link #discover(TransportAddress)}, with a discovery subsystem's own name, digests or time limits. */
    public CompletableFuture<DiscoveryLogPage> discover(ConnectOptions options) {
        return connect(options.withIoQueueCount(0)).thenCompose(controller -> new DiscoveryClient(controller).read());
    }

    /**
     * Connects a controller with its I/O queues. The future fails with {@link ConnectException}, after everything that
     * had been opened was closed again.
     */
    public CompletableFuture<HostController> connect(ConnectOptions options) {
        if (closed) {
            throw new IllegalStateException("the initiator has been closed");
        }
        ConnectOptions counted = options.ioQueueCount() == ConnectOptions.ONE_PER_LOOP
                ? options.withIoQueueCount(loops.count()) : options;
        ControllerConnector connector = new ControllerConnector(this, counted, loops.next());
        connecting.add(connector);
        return connector.connect().whenComplete((controller, failure) -> {
            connecting.remove(connector);
            if (controller != null) {
                controllers.add(controller);
                controller.onClosed(reason -> controllers.remove(controller));
                if (closed) {
                    controller.disconnect(); // Closing may have looked before the controller was in the set.
                }
            }
        });
    }

    /** As {@link #connect}, waiting for the end; not to be called on an event loop. */
    public HostController connectNow(ConnectOptions options) throws NvmeofException {
        checkMayWait();
        return await(connect(options));
    }

    /** As {@link #discover(TransportAddress)}, waiting for the end; not to be called on an event loop. */
    public DiscoveryLogPage discoverNow(TransportAddress address) throws NvmeofException {
        checkMayWait();
        return await(discover(address));
    }

    /**
     * Disconnects every controller in order and gives up what is still connecting; waits, for ten seconds at most,
     * unless called on an event loop.
     */
    @Override
    public void close() {
        closed = true;
        CloseReason closing = CloseReason.of(CloseReason.Kind.LOCAL, "the initiator is being closed");
        Stream<CompletableFuture<?>> abandoned = connecting.stream().map(connector -> {
            connector.queues().closeAll(closing);
            return connector.queues().closed();
        });
        Stream<CompletableFuture<?>> disconnected = controllers.stream().map(HostController::disconnect);
        CompletableFuture<?>[] all = Stream.concat(abandoned, disconnected).toArray(CompletableFuture[]::new);
        closeAndWait(CompletableFuture.allOf(all), "the initiator's controllers");
    }

    HostTransport transport() {
        return transport;
    }

    EventLoops loops() {
        return loops;
    }

    boolean onLoop() {
        for (int i = 0; i < loops.count(); i++) {
            if (loops.loop(i).inLoop()) {
                return true;
            }
        }
        return false;
    }

    void checkMayWait() {
        if (onLoop()) {
            throw new IllegalStateException("waiting on an event loop would stop what is waited for: "
                    + "use the future, or wait on another thread");
        }
    }

    /** Waits whatever happens: the memory of the command is in use until then. An interrupt is kept for later. */
    static <T> T await(CompletableFuture<T> future) throws NvmeofException {
        try {
            return future.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case NvmeofException failure -> {
                    // Where the loop was when it failed says nothing; where the caller is does.
                    failure.setStackTrace(new Throwable().getStackTrace());
                    throw failure;
                }
                case RuntimeException failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    void closeAndWait(CompletableFuture<?> closing, String what) {
        if (onLoop()) {
            return;
        }
        // The wait is short, so an interrupt is kept for later.
        closing.copy().orTimeout(HostController.CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS).handle((x, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof TimeoutException) {
                LOG.warn("{}: not shut down within {} ms", what, HostController.CLOSE_WAIT_MILLIS);
            } else if (cause != null) {
                LOG.warn("{}: not shut down in order: {}", what, cause.getMessage());
            }
            return null;
        }).join();
    }

    /** Names the host. */
    public static final class Builder {
        private final HostTransport transport;
        private final EventLoops loops;
        private NvmeQualifiedName hostNqn;
        private UUID hostId;

        private Builder(HostTransport transport, EventLoops loops) {
            this.transport = transport;
            this.loops = loops;
        }

        /** The host's name; made of the host identifier unless set. Subsystems with an allow list go by it. */
        public Builder hostNqn(NvmeQualifiedName name) {
            hostNqn = Objects.requireNonNull(name);
            return this;
        }

        /** The host's identifier, not zero; random unless set. Reservations go by it, so keep it across restarts. */
        public Builder hostId(UUID id) {
            if (new HostIdentifier(id).isZero()) {
                throw new IllegalArgumentException("host identifier 0: allowed is any other UUID");
            }
            hostId = id;
            return this;
        }

        /** The initiator. */
        public Initiator build() {
            return new Initiator(this);
        }
    }
}
