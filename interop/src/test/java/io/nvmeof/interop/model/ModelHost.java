package io.nvmeof.interop.model;

import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.fabrics.PropertyCommand;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A host with an admin queue and an I/O queue that sends whatever it is given; shares no code with the initiator. */
final class ModelHost {
    private static final long WAIT_SECONDS = 60;
    private static final int ADMIN_ENTRIES = 32;

    private final HostTransport transport;
    private final EventLoop loop;
    private final TransportAddress address;
    private final NvmeQualifiedName subsystem;
    private final Arena arena = Arena.ofShared();
    private final SubmissionQueueEntry entry =
            new SubmissionQueueEntry().wrap(arena.allocate(SubmissionQueueEntry.SIZE, 8), 0);
    private final Queue admin = new Queue();
    private final Queue io = new Queue();

    ModelHost(HostTransport transport, EventLoop loop, TransportAddress address, NvmeQualifiedName subsystem) {
        this.transport = transport;
        this.loop = loop;
        this.address = address;
        this.subsystem = subsystem;
    }

    /** Connects both queues; not on the loop. */
    void connect(int ioEntries) throws InterruptedException {
        open(admin, ADMIN_ENTRIES);
        int controllerId = (int) connectQueue(admin, 0, ADMIN_ENTRIES, ConnectData.DYNAMIC_CONTROLLER) & 0xFFFF;
        MemorySegment enable = arena.allocate(SubmissionQueueEntry.SIZE, 8);
        new PropertyCommand().wrap(enable, 0).encodeSet(0, Property.CC,
                ControllerConfiguration.enabled(ControllerConfiguration.CSS_NVM).value());
        await(admin.send(new SubmissionQueueEntry().wrap(enable, 0), Direction.NONE, MemorySegment.NULL, 0));
        open(io, ioEntries);
        connectQueue(io, 1, ioEntries, controllerId);
    }

    private void open(Queue queue, int entries) throws InterruptedException {
        transport.connect(loop, address,
                new HostQueueOptions(entries, false, false, TimeUnit.SECONDS.toNanos(WAIT_SECONDS)), queue);
        await(queue.connected);
    }

    private long connectQueue(Queue queue, int queueId, int entries, int controllerId) throws InterruptedException {
        MemorySegment data = arena.allocate(ConnectData.SIZE, 8);
        new ConnectData(new HostIdentifier(new UUID(1, 2)), controllerId, subsystem,
                NvmeQualifiedName.of("nqn.2026-01.io.nvmeof:model-host")).encode(data, 0);
        MemorySegment memory = arena.allocate(SubmissionQueueEntry.SIZE, 8);
        new ConnectCommand().wrap(memory, 0).encode(0, queueId, entries - 1, 0, 0);
        return await(queue.send(new SubmissionQueueEntry().wrap(memory, 0), Direction.HOST_TO_CONTROLLER, data,
                ConnectData.SIZE));
    }

    private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the model's host cannot connect", e);
        }
    }

    EventLoop loop() {
        return loop;
    }

    /** Whoever hears of the I/O queue from now on; on the loop. */
    void listen(HostQueueReceiver listener) {
        io.listener = listener;
    }

    /** Sends a command on the I/O queue; on the loop. */
    void send(ModelCommand command, int commandId, MemorySegment memory) {
        command.encode(entry, commandId);
        io.sender.send(entry, command.direction(), command.length() == 0 ? MemorySegment.NULL : memory, 0,
                command.length());
    }

    /** Ends both connections; not on the loop. */
    void close() throws InterruptedException {
        loop.execute(() -> {
            CloseReason done = CloseReason.of(CloseReason.Kind.LOCAL, "the model has seen enough");
            io.sender.close(done);
            admin.sender.close(done);
        });
        await(io.closed);
        await(admin.closed);
        arena.close();
    }

    private final class Queue implements HostQueueReceiver {
        private final CompletableFuture<Void> connected = new CompletableFuture<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private CompletableFuture<Long> response;
        private CommandSender sender;
        private HostQueueReceiver listener;

        CompletableFuture<Long> send(SubmissionQueueEntry command, Direction direction, MemorySegment memory,
                int length) {
            CompletableFuture<Long> result = new CompletableFuture<>();
            loop.execute(() -> {
                response = result;
                sender.send(command, direction, memory, 0, length);
            });
            return result;
        }

        @Override
        public void onConnected(CommandSender to) {
            sender = to;
            connected.complete(null);
        }

        @Override
        public void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact) {
            if (listener != null) {
                listener.onResponse(commandId, completion, dataIntact);
            } else if (completion.statusField() != 0) {
                response.completeExceptionally(new AssertionError("status " + completion.statusField()));
            } else {
                response.complete(completion.result());
            }
        }

        @Override
        public void onClosed(CloseReason reason) {
            closed.complete(null);
            connected.completeExceptionally(new AssertionError(reason.message()));
            if (listener != null) {
                listener.onClosed(reason);
            }
        }
    }
}
