package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.BufferShare;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A submission queue and its completion queue: one connection of a host, from its acceptance to the completion of the
 * last command after its end. Owned by the loop of the connection.
 */
final class QueuePair implements CapsuleReceiver {
    /** How long a connection may exist without a successful Connect. */
    static final long CONNECT_TIMEOUT_NANOS = 10_000_000_000L;
    /** SQ Head Pointer of a queue whose host gave up flow control (NVMe Base 2.1, Connect response). */
    private static final int SQ_HEAD_WITHOUT_FLOW_CONTROL = 0xFFFF;
    private static final int PSDT_SHIFT = 6;

    private static final Logger LOG = LoggerFactory.getLogger(QueuePair.class);

    private enum Phase { AWAITING_CONNECT, CONNECTING, CONNECTED, CLOSED }

    private final LoopContext context;
    private final CapsuleSender sender;
    private final Port port;
    private final BufferShare bufferShare;
    private final FusedOrder fusedOrder = new FusedOrder();
    private final EventLoop.Timer connectTimer;
    private final int dataTransferBytesMax;
    private final ActivityCounter commandCount = new ActivityCounter();
    private final ActivityCounter responseCount = new ActivityCounter();
    private final int[] countByState = new int[RequestState.COUNT];
    private Request[] requests;
    private int abandonedCount;
    private Phase phase = Phase.AWAITING_CONNECT;
    private CommandTable commands = FabricsCommands::beforeConnect;
    private Request connectRequest;
    private CloseReason closeReason;
    private boolean connectTimedOut;

    private Controller controller;
    private final QueueErrors errors = new QueueErrors(this);
    private RateLine rateLine;
    private int queueId;
    private int entryCount;
    private int sqHead;
    private boolean flowControlDisabled;
    private final NamespaceViews views;
    private TransferCounters counters;

    QueuePair(LoopContext context, CapsuleSender sender, Port port) {
        this.context = context;
        this.sender = sender;
        this.port = port;
        this.views = new NamespaceViews(this);
        this.bufferShare = context.loop().buffers().newShare();
        this.dataTransferBytesMax =
                Math.min(TargetLimits.DATA_TRANSFER_BYTES_MAX, sender.limits().dataTransferBytesMax());
        this.requests = new Request[] {new Request(this, 0)};
        countByState[RequestState.FREE.ordinal()] = 1;
        this.connectTimer = context.loop().schedule(CONNECT_TIMEOUT_NANOS, this::onConnectTimeout);
    }

    // ---- What the transport says

    @Override
    public void onCommand(int slot, SubmissionQueueEntry command, long transferLength, boolean inCapsule,
            StatusCode transferFault) {
        assert context.loop().inLoop();
        if (phase == Phase.CLOSED) {
            return;
        }
        try {
            commandCount.add(1);
            requests[slot].onCommand(command, transferLength, inCapsule, transferFault);
        } catch (RuntimeException e) {
            onInternalError(e);
        }
    }

    @Override
    public void onDataReceived(int slot) {
        try {
            requests[slot].onDataReceived();
        } catch (RuntimeException e) {
            onInternalError(e);
        }
    }

    @Override
    public void onDataCorrupt(int slot) {
        try {
            requests[slot].onDataCorrupt();
        } catch (RuntimeException e) {
            onInternalError(e);
        }
    }

    @Override
    public void onClosed(CloseReason reason) {
        assert context.loop().inLoop();
        if (phase == Phase.CLOSED) {
            throw new IllegalStateException("a connection closed twice");
        }
        phase = Phase.CLOSED;
        closeReason = reason;
        connectTimer.cancel();
        context.leaveBeforeConnect(this);
        for (Request request : requests) {
            request.onQueueClosed();
        }
        if (controller != null) {
            controller.proxy().queueClosed(this, reason);
        } else {
            LOG.debug("{}: connection without a controller closed: {}", sender.limits().peer(), reason.message());
        }
        finishIfDrained();
    }

    private void onConnectTimeout() {
        connectTimedOut = true;
        if (phase == Phase.AWAITING_CONNECT) {
            context.failures().info("connection closed that sent no Connect", sender.limits().peer().toString());
            sender.close(CloseReason.of(CloseReason.Kind.TIMEOUT, "no Connect command came"));
        }
    }

    /** A fault of our own: it costs this connection and nothing else. */
    void onInternalError(RuntimeException e) {
        LOG.error("{}: internal error, queue {} is closed", sender.limits().peer(), queueId, e);
        sender.close(new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "internal error", e));
    }

    private void finishIfDrained() {
        if (phase != Phase.CLOSED || abandonedCount > 0) {
            return;
        }
        views.retireAll();
        if (controller != null) {
            controller.proxy().queueDrained(this);
        }
    }

    // ---- Connect

    /** The Connect command's fields are plausible: asks who decides. */
    void connect(Request request, ConnectParameters parameters) {
        phase = Phase.CONNECTING;
        connectRequest = request;
        port.registry().connect(parameters, this);
    }

    /** A controller took this queue. */
    void onConnectAccepted(ConnectGrant grant) {
        controller = grant.controller();
        queueId = grant.queueId();
        Request request = connectRequest;
        connectRequest = null;
        if (phase == Phase.CLOSED) {
            controller.proxy().queueClosed(this, closeReason);
            request.complete(GenericStatus.COMMAND_ABORTED_SQ_DELETION);
            return;
        }
        phase = Phase.CONNECTED;
        connectTimer.cancel();
        context.leaveBeforeConnect(this);
        errors.onConnected(controller);
        counters = grant.counters();
        commands = grant.commands();
        entryCount = grant.entryCount();
        flowControlDisabled = grant.flowControlDisabled();
        makeSlots(entryCount);
        sender.setQueueSize(entryCount, flowControlDisabled);
        onNamespacesChanged(grant.namespaces());
        if (queueId == 0) {
            controller.onAdminQueueConnected();
        } else {
            rateLine = new RateLine(((IoController) controller).hostRate(), context.loop(), RateLine.HOST);
        }
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION, controller.id());
    }

    /** No controller for this queue; the host may try again on this connection. */
    void onConnectRefused(ConnectRefusal refusal) {
        Request request = connectRequest;
        connectRequest = null;
        refusal.answer(request);
        if (phase != Phase.CLOSED) {
            phase = Phase.AWAITING_CONNECT;
            if (connectTimedOut) {
                onConnectTimeout();
            }
        }
    }

    private void makeSlots(int count) {
        Request[] grown = Arrays.copyOf(requests, count);
        for (int i = requests.length; i < count; i++) {
            grown[i] = new Request(this, i);
            countByState[RequestState.FREE.ordinal()]++;
        }
        requests = grown;
    }

    // ---- What the controller says

    /** The namespaces of the subsystem are these from now on. Only I/O queues have a use for them. */
    void onNamespacesChanged(NamespaceTable table) {
        if (phase != Phase.CONNECTED || queueId == 0) {
            return;
        }
        views.onNamespacesChanged(table);
    }

    /** The ANA groups have these states from now on. Comes before the Connect is accepted, too. */
    void onAnaChanged(AnaStates states) {
        views.onAnaChanged(states);
    }

    /** The controller ends this queue. */
    void onEnd(CloseReason reason) {
        if (phase != Phase.CLOSED) {
            sender.close(reason);
        }
    }

    /** Aborts a command, if there is something to abort; answers whether it did, after the command's completion. */
    void onAbort(int commandId, Consumer<Boolean> answer) {
        if (phase == Phase.CONNECTED) {
            for (Request request : requests) {
                boolean found = request.state() != RequestState.FREE && request.commandId() == commandId;
                if (found && request.abort(() -> answer.accept(true))) {
                    return;
                }
            }
        }
        answer.accept(false);
    }

    /** The host may no longer touch a namespace; {@code whenDone} runs when none of its commands here can. */
    void onPreempted(NamespaceCore core, Runnable whenDone) {
        Preemption.of(requests, core, whenDone);
    }

    // ---- What requests need

    CommandHandler handlerFor(Request request) {
        int flags = request.flags();
        CommandHandler fused = fusedOrder.concerns(flags) ? fusedOrder.handlerFor(request) : null;
        if (flags >>> PSDT_SHIFT != SubmissionQueueEntry.PSDT_SGL) {
            return Rejection.NOT_SGL;
        }
        if (fused != null) {
            return fused;
        }
        return commands.handlerFor(request);
    }

    /** CRD of a completion, for a host that heeds it. */
    int retryDelay(StatusCode status) {
        return !status.successful() && controller instanceof IoController io && io.features().advancedCommandRetry()
                ? Retry.delay(status) : 0;
    }

    void respond(int slot, DataBuffer data, int length, long result, int statusField) {
        int head = SQ_HEAD_WITHOUT_FLOW_CONTROL;
        if (!flowControlDisabled) {
            sqHead = entryCount == 0 || sqHead + 1 == entryCount ? 0 : sqHead + 1;
            head = sqHead;
        }
        responseCount.add(1);
        sender.respond(slot, data, length, result, head, statusField);
    }

    /** What becomes of commands that fail. */
    QueueErrors errors() {
        return errors;
    }

    /** Where commands wait that are more than their host may send; {@code null} on an admin queue. */
    RateLine rateLine() {
        return rateLine;
    }

    /** The namespace with this identifier, or {@code null} if it is not active. */
    NamespaceView namespace(int id) {
        return views.find(id);
    }

    /** Marks the commands inside this view that a closing is about, and counts them. */
    int markInside(NamespaceView view, Closing closing) {
        int count = 0;
        for (Request request : requests) {
            if (request.namespace == view) {
                boolean inside = request.inside() && closing.stops(request);
                request.setAwaitedByGate(inside);
                count += inside ? 1 : 0;
            }
        }
        return count;
    }

    /** The highest namespace identifier in use. */
    int highestNamespaceId() {
        return views.highestId();
    }

    void onStateChange(RequestState from, RequestState to) {
        countByState[from.ordinal()]--;
        countByState[to.ordinal()]++;
    }

    void countAbandoned(int change) {
        abandonedCount += change;
        if (change < 0) {
            finishIfDrained();
        }
    }

    /** How many requests are in this state. */
    int count(RequestState state) {
        return countByState[state.ordinal()];
    }

    EventLoop loop() {
        return context.loop();
    }

    LoopContext context() {
        return context;
    }

    /** What this connection may hold of the loop's buffers, those on their way to the host included. */
    BufferShare bufferShare() {
        return bufferShare;
    }

    BufferPool buffers() {
        return context.loop().buffers();
    }

    CapsuleSender sender() {
        return sender;
    }

    Port port() {
        return port;
    }

    Controller controller() {
        return controller;
    }

    int queueId() {
        return queueId;
    }

    TransferCounters counters() {
        return counters;
    }

    int dataTransferBytesMax() {
        return dataTransferBytesMax;
    }

    /** Commands that came so far. Any thread may ask. */
    long commandCount() {
        return commandCount.get();
    }

    /** Whether a command waits for its response. Any thread may ask. */
    boolean busy() {
        return commandCount.get() > responseCount.get();
    }

    boolean connected() {
        return phase == Phase.CONNECTED;
    }
}
