package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.FeatureIdentifier;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A controller this host is connected to: an admin queue and I/O queues that live and die together. When any connection
 * is lost or any command is not answered in time, all connections are closed and every outstanding command fails once
 * with {@link ConnectionLostException}; connecting again makes a new controller.
 *
 * <p>Any thread may call. Futures and listeners run on an event loop and must not block it; futures fail with the
 * exceptions of this package.
 */
public final class HostController implements AutoCloseable {
    /** How long {@link #close} waits for the orderly way. */
    static final long CLOSE_WAIT_MILLIS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(HostController.class);

    private final Initiator initiator;
    private final ConnectOptions options;
    private final ControllerQueues queues;
    private final AdminQueue admin;
    private final List<IoQueue> ioQueues;
    private final ControllerCapabilities capabilities;
    private final long version;
    private final IdentifyController identify;
    private final int transferBytesMax;
    private final AsynchronousEvents events;
    private final NamespaceDirectory namespaces;
    private final ControllerShutdown shutdown;
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Consumer<List<Integer>>> namespaceListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<AsynchronousEvent>> eventListeners = new CopyOnWriteArrayList<>();

    HostController(Initiator initiator, ConnectOptions options, ControllerQueues queues, AdminQueue admin,
            List<IoQueue> ioQueues, ControllerCapabilities capabilities, long version, IdentifyController identify,
            int transferBytesMax, KeepAliveTimer keepAlive) {
        this.initiator = initiator;
        this.options = options;
        this.queues = queues;
        this.admin = admin;
        this.ioQueues = List.copyOf(ioQueues);
        this.capabilities = capabilities;
        this.version = version;
        this.identify = identify;
        this.transferBytesMax = transferBytesMax;
        this.events = new AsynchronousEvents(admin, queues, identify, this::onEvent);
        this.namespaces = new NamespaceDirectory(this, admin);
        this.shutdown = new ControllerShutdown(queues, admin, keepAlive, identify);
    }

    /** What was asked for when connecting. */
    public ConnectOptions options() {
        return options;
    }

    /** The controller identifier (CNTLID). */
    public int controllerId() {
        return identify.controllerId();
    }

    /** The Identify Controller data structure, as read while connecting. */
    public IdentifyController identify() {
        return identify;
    }

    /** CAP, as read while connecting. */
    public ControllerCapabilities capabilities() {
        return capabilities;
    }

    /** VS: the major version in bits 31:16, the minor in 15:8, the tertiary in 7:0. */
    public long version() {
        return version;
    }

    /** Most bytes of one command (MDTS), at most 1 MiB; longer reads and writes of a namespace are split. */
    public int transferBytesMax() {
        return transferBytesMax;
    }

    /** How many I/O queues there are: as many as asked for, or as the controller granted. */
    public int ioQueueCount() {
        return ioQueues.size();
    }

    /** An I/O queue, from 0 to {@link #ioQueueCount()} exclusive, for use on its loop. */
    public IoQueue queue(int index) {
        return ioQueues.get(index);
    }

    /** The identifiers of the active namespaces, unsigned and in order. */
    public CompletableFuture<List<Integer>> namespaceIds() {
        return namespaces.list();
    }

    /**
     * A namespace. The future fails with {@link java.util.NoSuchElementException} if it is not active, and with
     * {@link UnsupportedOperationException} if its format has metadata or blocks that cannot be transferred.
     *
     * @param id unsigned, not 0 and not FFFFFFFFh
     */
    public CompletableFuture<RemoteNamespace> namespace(int id) {
        if (id == 0 || id == 0xFFFF_FFFF) {
            throw new IllegalArgumentException("namespace " + Integer.toUnsignedString(id)
                    + ": allowed from 1 to FFFFFFFEh");
        }
        return namespaces.find(id);
    }

    /** As {@link #namespace}, waiting for the end; not to be called on an event loop. */
    public RemoteNamespace namespaceNow(int id) throws NvmeofException {
        initiator.checkMayWait();
        return Initiator.await(namespace(id));
    }

    /** Sends any admin command. Nothing is checked: who changes the controller's state by hand must know what for. */
    public CompletableFuture<CommandResult> adminCommand(PassthroughCommand command) {
        return admin.give(command);
    }

    /** Sends any I/O command, on the next queue in turn. Nothing is checked. */
    public CompletableFuture<CommandResult> ioCommand(PassthroughCommand command) {
        IoQueue queue = nextQueue();
        return queue.gate().give(new SingleCommand(queue.gate(), command, false));
    }

    /**
     * Reads part of a log page, in pieces of 4 KiB.
     *
     * @param logPage the Log Page Identifier; see {@code LogPageIdentifier}
     * @param namespaceId FFFFFFFFh for the controller as a whole
     * @param offset in bytes, a multiple of 4
     * @param length in bytes, a multiple of 4
     * @return memory of that length, kept by the garbage collector
     */
    public CompletableFuture<MemorySegment> logPage(int logPage, int namespaceId, long offset, int length) {
        return admin.logPage(logPage, namespaceId, offset, length, false);
    }

    /** Get Features, for a feature whose value is dword 0: its current value. */
    public CompletableFuture<Integer> feature(FeatureIdentifier feature) {
        return admin.feature(feature, 0, 0);
    }

    /**
     * Set Features, for a feature whose value is dword 11.
     *
     * @return dword 0 of the answer
     */
    public CompletableFuture<Integer> setFeature(FeatureIdentifier feature, int value) {
        return admin.setFeature(feature, 0, value, false);
    }

    /**
     * Reads a controller property.
     *
     * @param offset in bytes; see {@code Property}
     * @param eightBytes whether it has 8 bytes, like CAP, not 4
     */
    public CompletableFuture<Long> property(int offset, boolean eightBytes) {
        return admin.property(offset, eightBytes);
    }

    /** Whether commands are taken. */
    public boolean isOpen() {
        return queues.closeReason() == null && !shutdown.begun();
    }

    /** Calls a listener once when the last connection is gone: in time, or at once if it is gone already. */
    public void onClosed(Consumer<CloseReason> listener) {
        queues.closed().thenAccept(reason -> call("closed", () -> listener.accept(reason)));
    }

    /**
     * Calls a listener, on the admin queue's loop, whenever the controller says that namespaces were added, removed or
     * changed; the {@link RemoteNamespace}s concerned have been brought up to date before. The list holds the
     * identifiers the controller named, or all if it named none.
     */
    public void onNamespacesChanged(Consumer<List<Integer>> listener) {
        namespaceListeners.add(listener);
    }

    /** Calls a listener, on the admin queue's loop, for every asynchronous event the controller reports. */
    public void onAsynchronousEvent(Consumer<AsynchronousEvent> listener) {
        eventListeners.add(listener);
    }

    /**
     * Ends the association in order: refuses new commands, waits for those outstanding, tells the controller to shut
     * down (CC.SHN), waits until it has, and closes the connections. They are closed in any case; the future fails if
     * the controller did not confirm, which matters if it has a volatile write cache.
     */
    public CompletableFuture<Void> disconnect() {
        return shutdown.begin();
    }

    /** {@link #disconnect}s and waits for it, for ten seconds at most; called on an event loop it does not wait. */
    @Override
    public void close() {
        initiator.closeAndWait(disconnect(), toString());
    }

    EventLoop loop() {
        return queues.loop();
    }

    AsynchronousEvents events() {
        return events;
    }

    AdminQueue admin() {
        return admin;
    }

    /** Closes the connections at once. */
    CompletableFuture<CloseReason> abandon(CloseReason reason) {
        queues.closeAll(reason);
        return queues.closed();
    }

    CompletableFuture<CloseReason> closed() {
        return queues.closed();
    }

    IoQueue nextQueue() {
        if (ioQueues.isEmpty()) {
            throw new IllegalStateException(this + " was connected without I/O queues");
        }
        return ioQueues.get((turn.getAndIncrement() & Integer.MAX_VALUE) % ioQueues.size());
    }

    <T> CompletableFuture<T> give(GivenCommand<T> command) {
        return command.gate().give(command);
    }

    /** Waits for a command that is given only if waiting is allowed here. */
    void await(Supplier<CompletableFuture<Void>> command) throws NvmeofException {
        initiator.checkMayWait();
        Initiator.await(command.get());
    }

    private void onEvent(AsynchronousEvent event, MemorySegment logPage) {
        eventListeners.forEach(listener -> call("event", () -> listener.accept(event)));
        if (event.equals(AsynchronousEvent.ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED)) {
            namespaces.refresh(logPage).whenComplete((changed, failure) -> {
                if (failure == null) {
                    namespaceListeners.forEach(listener -> call("namespace", () -> listener.accept(changed)));
                } else if (isOpen()) {
                    LOG.warn("cannot read the namespaces of {} again: {}", this, failure.getMessage());
                }
            });
        }
    }

    private void call(String what, Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a listener of {} failed: {}", this, what, e);
        }
    }

    @Override
    public String toString() {
        return "controller " + controllerId() + " of " + options;
    }
}
