package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.initiator.ConnectOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.Initiator;
import io.nvmeof.initiator.NvmeofException;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.transport.tcp.TcpEventLoops;
import io.nvmeof.transport.tcp.TcpHostTransport;
import io.nvmeof.transport.tcp.TcpOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The initiator of one command, with its loops and connections; closing it disconnects in an orderly way. */
public final class HostSession implements AutoCloseable {
    /** Loops keep buffers only for what does not go straight to the caller's memory. */
    private static final long BUFFER_BYTES_PER_LOOP = 16L << 20;
    private static final int QUEUE_SIZE = 128;

    private static final Logger LOG = LoggerFactory.getLogger(HostSession.class);

    private final AddressOptions options;
    private final TcpEventLoops loops;
    private final TcpHostTransport transport;
    private final Initiator initiator;
    private final Deque<HostController> controllers = new ArrayDeque<>();

    private HostSession(AddressOptions options, int loopCount) {
        this.options = options;
        HostIdentity identity = options.identity();
        loops = TcpEventLoops.open(options.engine(), loopCount, BUFFER_BYTES_PER_LOOP);
        transport = new TcpHostTransport(loops, TcpOptions.defaults());
        initiator = Initiator.builder(transport, loops).hostNqn(identity.nqn()).hostId(identity.id()).build();
    }

    /** A session with one loop. */
    public static HostSession open(AddressOptions options) {
        return open(options, 1);
    }

    /** A session with so many loops; nothing is connected yet. */
    public static HostSession open(AddressOptions options, int loopCount) {
        options.address();
        options.keepAliveTimeoutMillis();
        return new HostSession(options, loopCount);
    }

    /** Asks the discovery controller of the address. */
    DiscoveryLogPage discover() {
        return discover(null);
    }

    /** Asks the discovery subsystem that has this name at the address; {@code null} is the well-known name. */
    DiscoveryLogPage discover(String name) {
        NvmeQualifiedName nqn = name == null ? NvmeQualifiedName.DISCOVERY : nqn("--nqn", name);
        return await(initiator.discover(
                ConnectOptions.builder(options.address(), nqn).keepAliveTimeoutMillis(0).build()));
    }

    /** Connects to the subsystem with one I/O queue. */
    public HostController connect(ControllerOptions controller) {
        return connect(options.address(), subsystem(controller), 1, QUEUE_SIZE);
    }

    /** Connects to the subsystem with so many I/O queues. */
    public HostController connect(ControllerOptions controller, int ioQueueCount, int queueSize) {
        return connect(options.address(), subsystem(controller), ioQueueCount, queueSize);
    }

    HostController connect(TransportAddress address, NvmeQualifiedName subsystem, int ioQueueCount, int queueSize) {
        HostController controller = await(initiator.connect(ConnectOptions.builder(address, subsystem)
                .ioQueueCount(ioQueueCount)
                .queueSize(queueSize)
                .keepAliveTimeoutMillis(options.keepAliveTimeoutMillis())
                .headerDigest(options.headerDigest())
                .dataDigest(options.dataDigest())
                .build()));
        controllers.push(controller);
        return controller;
    }

    /** A namespace of a controller, with a message that says which there are if this one is not. */
    public static RemoteNamespace namespace(HostController controller, int id) {
        List<Integer> ids = await(controller.namespaceIds());
        if (!ids.contains(id)) {
            throw CommandFailure.failed("namespace " + id + " is not there; this subsystem has "
                    + (ids.isEmpty() ? "none" : ids.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                    + " (--namespace-id)");
        }
        return await(controller.namespace(id));
    }

    /** Waits, and turns a failure into a message for the person at the terminal. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof NvmeofException || cause instanceof IllegalArgumentException) {
                throw CommandFailure.failed(FailureAdvice.of(cause), cause);
            }
            throw e;
        }
    }

    /** The subsystem the options name, or else the only one the target offers. */
    private NvmeQualifiedName subsystem(ControllerOptions controller) {
        if (controller.nqn() != null) {
            return nqn("--nqn", controller.nqn());
        }
        List<NvmeQualifiedName> offered = discover().entries().stream()
                .filter(entry -> entry.subsystemType() == DiscoveryLogEntry.SUBTYPE_NVM)
                .map(entry -> NvmeQualifiedName.lenient(entry.subsystemNqn())).distinct().toList();
        return switch (offered.size()) {
            case 1 -> offered.getFirst();
            case 0 -> throw CommandFailure.failed("the target at " + options.address() + " offers this host ("
                    + options.identity().nqn() + ") no subsystem; see its list of allowed hosts");
            default -> throw CommandFailure.usage("the target at " + options.address() + " offers several subsystems;"
                    + " choose one with --nqn: "
                    + offered.stream().map(NvmeQualifiedName::toString).collect(Collectors.joining(", ")));
        };
    }

    static NvmeQualifiedName nqn(String option, String text) {
        try {
            return NvmeQualifiedName.of(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            for (HostController controller : controllers) {
                controller.disconnect().exceptionally(failure -> {
                    LOG.debug("could not disconnect in order", failure);
                    return null;
                }).join();
            }
        } finally {
            initiator.close();
            transport.close();
            loops.close();
        }
    }
}
