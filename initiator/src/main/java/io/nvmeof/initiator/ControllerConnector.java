package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.FeatureIdentifier;
import io.nvmeof.protocol.admin.IdentifyCns;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.ControllerStatus;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/**
 * Brings a controller from its address to usable I/O queues (NVMe Base 2.1, Memory-Based and Message-Based Controller
 * Initialization; NVMe/TCP Transport 1.1). Either there is a controller in the end, or an exception that says which
 * step failed and why, and no connection is left.
 *
 * <p>Runs on the loop of the admin queue.
 */
final class ControllerConnector {
    /** Entries of the admin queue: what every controller must accept (NVMe Base 2.1, Connect Command). */
    static final int ADMIN_QUEUE_ENTRIES = 32;
    /** Admin slots that only Keep Alive, properties and event requests may use. */
    static final int RESERVED_ADMIN_SLOTS = 8;
    /** Admin commands that may wait for a slot and be outstanding together. */
    static final int PENDING_ADMIN_COMMANDS_MAX = 1024;
    /** The longest transfer of one command, even if the controller has no limit (MDTS 0). */
    static final int TRANSFER_BYTES_MAX = 1 << 20;

    private static final int SQE_UNITS = SubmissionQueueEntry.SIZE / 16;
    private static final int CQE_UNITS = CompletionQueueEntry.SIZE / 16;
    private static final int CONTROLLER_ID_MAX = 0xFFEF;
    private static final long READY_SLACK_NANOS = 500_000_000L;
    private static final int COUNT_MASK = 0xFFFF;

    private final Initiator initiator;
    private final ConnectOptions options;
    private final EventLoop loop;
    private final ControllerQueues queues;
    private final List<IoQueue> ioQueues = new ArrayList<>();
    private ConnectStep step = ConnectStep.OPEN_ADMIN_CONNECTION;
    private AdminQueue admin;
    private int controllerId;
    private ControllerCapabilities capabilities;
    private long version;
    private IdentifyController identify;
    private int transferBytesMax;
    private KeepAliveTimer keepAlive;

    ControllerConnector(Initiator initiator, ConnectOptions options, EventLoop loop) {
        this.initiator = initiator;
        this.options = options;
        this.loop = loop;
        this.queues = new ControllerQueues(initiator.transport(), options, loop);
    }

    ControllerQueues queues() {
        return queues;
    }

    /** Any thread. */
    CompletableFuture<HostController> connect() {
        CompletableFuture<HostController> result = new CompletableFuture<>();
        loop.execute(() -> run().whenComplete((controller, failure) -> {
            if (failure == null) {
                result.complete(controller);
            } else {
                abandon(failure, result);
            }
        }));
        return result;
    }

    private CompletableFuture<HostController> run() {
        return openAdminQueue()
                .thenCompose(x -> readProperties())
                .thenCompose(this::disable)
                .thenCompose(x -> enable())
                .thenCompose(x -> identify())
                .thenCompose(x -> requestIoQueues())
                .thenCompose(this::connectIoQueues)
                .thenCompose(x -> finish());
    }

    private void abandon(Throwable failure, CompletableFuture<HostController> result) {
        if (keepAlive != null) {
            keepAlive.stop();
        }
        ConnectException why = translate(failure);
        queues.closeAll(CloseReason.of(CloseReason.Kind.LOCAL, "connecting failed: " + step.text()));
        queues.closed().thenRun(() -> result.completeExceptionally(why));
    }

    private CompletableFuture<Void> openAdminQueue() {
        long timeoutNanos = options.adminTimeoutMillis() * 1_000_000;
        return queues.open(loop, ADMIN_QUEUE_ENTRIES - 1, timeoutNanos, PENDING_ADMIN_COMMANDS_MAX,
                RESERVED_ADMIN_SLOTS)
                .thenCompose(gate -> {
                    step = ConnectStep.CONNECT_ADMIN_QUEUE;
                    admin = new AdminQueue(gate);
                    admin.timeoutNanos(options.connectTimeoutMillis() * 1_000_000);
                    return admin.giveUrgent(ConnectRequest.of(options, initiator.hostId(), initiator.hostNqn(), 0,
                            ADMIN_QUEUE_ENTRIES, ConnectData.DYNAMIC_CONTROLLER, options.keepAliveTimeoutMillis()));
                }).thenAccept(result -> {
                    checkAuthentication(result);
                    controllerId = ConnectCommand.controllerId(result.dword0());
                    if (controllerId > CONTROLLER_ID_MAX) {
                        throw refuse("the controller calls itself " + hex(controllerId) + ", which is reserved");
                    }
                });
    }

    private CompletableFuture<ControllerConfiguration> readProperties() {
        step = ConnectStep.READ_PROPERTIES;
        return admin.property(Property.CAP).thenCompose(cap -> {
            capabilities = new ControllerCapabilities(cap);
            return admin.property(Property.VS);
        }).thenCompose(vs -> {
            version = vs;
            return admin.property(Property.CC);
        }).thenApply(cc -> new ControllerConfiguration(cc.intValue()));
    }

    /** A controller just connected is disabled by rule; one that is not is brought there. */
    private CompletableFuture<Void> disable(ControllerConfiguration current) {
        if (!current.enable()) {
            return CompletableFuture.completedFuture(null);
        }
        step = ConnectStep.DISABLE_CONTROLLER;
        return admin.setProperty(Property.CC, Integer.toUnsignedLong(current.withEnable(false).value()))
                .thenCompose(x -> awaitReady(false));
    }

    private CompletableFuture<Void> enable() {
        step = ConnectStep.ENABLE_CONTROLLER;
        int offered = capabilities.commandSets();
        int selected = (offered & ControllerCapabilities.CSS_NVM) != 0 ? ControllerConfiguration.CSS_NVM
                : (offered & ControllerCapabilities.CSS_IO_COMMAND_SETS) != 0 ? ControllerConfiguration.CSS_ALL
                : (offered & ControllerCapabilities.CSS_NONE) != 0 ? ControllerConfiguration.CSS_ADMIN_ONLY : -1;
        if (selected < 0) {
            throw refuse("the controller offers no command set (CAP.CSS " + hex(offered) + ")");
        }
        if (capabilities.minimumPageBytes() > AdminQueue.PAGE_BYTES) {
            throw refuse("the controller's smallest memory page is " + capabilities.minimumPageBytes() + " bytes");
        }
        long configuration = Integer.toUnsignedLong(ControllerConfiguration.enabled(selected).value());
        return admin.setProperty(Property.CC, configuration).thenCompose(x -> awaitReady(true));
    }

    private CompletableFuture<Void> awaitReady(boolean ready) {
        long timeoutNanos = capabilities.readyTimeoutMillis() * 1_000_000L + READY_SLACK_NANOS;
        return admin.awaitStatus(status -> status.ready() == ready || status.fatal(), timeoutNanos)
                .thenAccept(this::checkNotFatal);
    }

    private void checkNotFatal(ControllerStatus status) {
        if (status.fatal()) {
            throw refuse("the controller reports a fatal status (CSTS " + hex(status.value()) + ")");
        }
    }

    private CompletableFuture<Void> identify() {
        step = ConnectStep.IDENTIFY_CONTROLLER;
        return admin.identify(IdentifyCns.CONTROLLER, 0).thenAccept(page -> {
            identify = IdentifyController.decode(page, 0);
            if (identify.controllerId() != controllerId) {
                throw refuse("Identify says controller " + hex(identify.controllerId()) + ", Connect said "
                        + hex(controllerId));
            }
            if (options.keepAliveTimeoutMillis() > 0 && identify.keepAliveSupport() == 0) {
                throw refuse("the controller does not support Keep Alive (KAS is 0)");
            }
            transferBytesMax = transferBytesMax();
            startKeepAlive();
        });
    }

    private int transferBytesMax() {
        long limit = identify.maximumDataTransferBytes(capabilities.minimumPageBytes());
        return limit <= 0 ? TRANSFER_BYTES_MAX : (int) Math.min(limit, TRANSFER_BYTES_MAX);
    }

    private void startKeepAlive() {
        if (options.keepAliveTimeoutMillis() > 0) {
            boolean trafficBased =
                    (identify.controllerAttributes() & IdentifyController.CTRATT_TRAFFIC_BASED_KEEP_ALIVE) != 0;
            keepAlive = new KeepAliveTimer(queues, admin, options.keepAliveTimeoutMillis(), trafficBased);
            keepAlive.start();
        }
    }

    private CompletableFuture<Integer> requestIoQueues() {
        int wanted = options.ioQueueCount();
        if (wanted == 0) {
            return CompletableFuture.completedFuture(0);
        }
        if (identify.controllerType() == IdentifyController.TYPE_DISCOVERY) {
            throw refuse("this is a discovery controller, which has no I/O queues");
        }
        if (identify.commandCapsuleSize() < SQE_UNITS || identify.responseCapsuleSize() < CQE_UNITS) {
            throw refuse("the capsules of I/O queues are too small for an entry (IOCCSZ "
                    + identify.commandCapsuleSize() + ", IORCSZ " + identify.responseCapsuleSize() + ")");
        }
        if (identify.inCapsuleDataOffset() != 0) {
            throw refuse("in-capsule data would begin at an offset (ICDOFF " + identify.inCapsuleDataOffset() + ")");
        }
        step = ConnectStep.SET_NUMBER_OF_QUEUES;
        return admin.setFeature(FeatureIdentifier.NUMBER_OF_QUEUES, 0, wanted - 1 << 16 | wanted - 1, false)
                .thenApply(granted -> {
                    // Both counts are 0's based; FFFFh is what a controller without any queue has to say.
                    int count = Math.min(granted & COUNT_MASK, granted >>> 16) + 1;
                    if (count > COUNT_MASK) {
                        throw refuse("the controller grants no I/O queues");
                    }
                    return Math.min(wanted, count);
                });
    }

    private CompletableFuture<Void> connectIoQueues(int count) {
        CompletableFuture<Void> all = new CompletableFuture<>();
        if (count == 0) {
            all.complete(null);
            return all;
        }
        step = ConnectStep.CONNECT_IO_QUEUES;
        int entries = Math.min(options.queueSize(), capabilities.maximumQueueEntries());
        if (identify.maximumOutstandingCommands() > 0) {
            entries = Math.min(entries, identify.maximumOutstandingCommands());
        }
        if (entries < 2) {
            throw refuse("the controller's I/O queues hold no command (" + entries + " entries)");
        }
        int[] missing = {count};
        for (int queueId = 1; queueId <= count; queueId++) {
            connectIoQueue(queueId, entries).whenComplete((x, failure) -> {
                if (failure != null) {
                    all.completeExceptionally(failure); // The others are closed with everything else.
                } else if (--missing[0] == 0) {
                    all.complete(null);
                }
            });
        }
        return all;
    }

    /** The queue lives on its own loop; everything this connector does with the answers, on the admin queue's. */
    private CompletableFuture<Void> connectIoQueue(int queueId, int entries) {
        long timeoutNanos = options.commandTimeoutMillis() * 1_000_000;
        return queues.open(initiator.loops().next(), entries - 1, timeoutNanos, options.pendingCommandsMax(), 0)
                .thenCompose(gate -> {
                    ioQueues.add(new IoQueue(gate.queue(), gate, queueId - 1, transferBytesMax));
                    return gate.give(new SingleCommand(gate, ConnectRequest.of(options, initiator.hostId(),
                            initiator.hostNqn(), queueId, entries, controllerId, 0), true));
                }).thenAcceptAsync(result -> {
                    checkAuthentication(result);
                    int answered = ConnectCommand.controllerId(result.dword0());
                    if (answered != controllerId) {
                        throw refuse("I/O queue " + queueId + " was connected to controller " + hex(answered)
                                + " instead of " + hex(controllerId));
                    }
                }, loop::execute);
    }

    private CompletableFuture<HostController> finish() {
        ioQueues.sort((a, b) -> Integer.compare(a.index(), b.index()));
        int inCapsuleBytes = (int) Math.min(identify.inCapsuleDataBytes(), Integer.MAX_VALUE);
        for (IoQueue queue : ioQueues) {
            queue.loop().execute(() -> queue.setInCapsuleDataSize(inCapsuleBytes));
        }
        step = ConnectStep.CONFIGURE_EVENTS;
        HostController controller = new HostController(initiator, options, queues, admin, ioQueues, capabilities,
                version, identify, transferBytesMax, keepAlive);
        // Who only comes to read a log page does not wait for events.
        boolean briefVisit = options.subsystem().isDiscovery() && options.keepAliveTimeoutMillis() == 0;
        CompletableFuture<Void> configured = briefVisit ? CompletableFuture.completedFuture(null)
                : controller.events().configure();
        return configured.thenApply(x -> {
            admin.timeoutNanos(-1);
            return controller;
        });
    }

    private void checkAuthentication(CommandResult result) {
        if (ConnectRequest.authenticationRequired(result)) {
            throw refuse("the controller requires authentication (DH-HMAC-CHAP), which is not supported yet");
        }
    }

    private CompletionException refuse(String why) {
        return new CompletionException(new ConnectException(options.address(), options.subsystem(), step, why, null));
    }

    private ConnectException translate(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
                : failure;
        CloseReason lost = queues.closeReason();
        String why = switch (cause) {
            case ConnectException ours -> null;
            case CommandException command -> ConnectRequest.inWords(command);
            case ConnectionLostException connection ->
                    ConnectionLostException.inWords(lost != null ? lost : connection.reason());
            case TimeoutException timeout -> "the controller did not get there in the time it promised (CAP.TO "
                    + capabilities.readyTimeoutMillis() + " ms): " + timeout.getMessage();
            default -> cause.toString();
        };
        return why == null ? (ConnectException) cause
                : new ConnectException(options.address(), options.subsystem(), step, why, cause);
    }

    private static String hex(int value) {
        return Integer.toHexString(value).toUpperCase(Locale.ROOT) + "h";
    }
}
