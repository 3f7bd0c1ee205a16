package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One connection of the loopback: a half on the host's loop and a half on the controller's, which send each other
 * messages in order. Memory of the host is touched on its loop only, buffers change hands with the messages.
 */
final class LoopbackConnection {
    private static final int FUSE_MASK = 0x3;
    private static final int SGL_FLAGS = SubmissionQueueEntry.PSDT_SGL << 6;
    private static final int STATUS_MASK = 0x7FF << 1;

    private final EventLoop hostLoop;
    private final EventLoop controllerLoop;
    private final TransportAddress address;
    private final HostQueueReceiver hostReceiver;
    private final QueueAcceptor acceptor;
    private final Consumer<LoopbackConnection> onGone;
    private final LoopbackExchange[] exchanges;
    private final HostHalf host;
    private final ControllerHalf controller;

    LoopbackConnection(EventLoop hostLoop, EventLoop controllerLoop, TransportAddress address,
            HostQueueOptions options, HostQueueReceiver hostReceiver, QueueAcceptor acceptor,
            Consumer<LoopbackConnection> onGone) {
        this.hostLoop = hostLoop;
        this.controllerLoop = controllerLoop;
        this.address = address;
        this.hostReceiver = hostReceiver;
        this.acceptor = acceptor;
        this.onGone = onGone;
        this.host = new HostHalf();
        this.controller = new ControllerHalf();
        this.exchanges = new LoopbackExchange[options.slotCount()];
        for (int i = 0; i < exchanges.length; i++) {
            exchanges[i] = new LoopbackExchange(i, this);
        }
    }

    void open() {
        controllerLoop.execute(controller::open);
    }

    void closeFromAnywhere(CloseReason reason) {
        hostLoop.execute(() -> host.close(reason));
    }

    /** Controller's loop: a command has come. */
    void arrive(LoopbackExchange exchange) {
        if (controller.closed) {
            return;
        }
        if (controller.freeCount == 0) {
            controller.close(CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR,
                    "more commands than the " + controller.slots.length + " of the queue"));
            return;
        }
        exchange.slot = controller.free[--controller.freeCount];
        exchange.dataLent = false;
        controller.slots[exchange.slot] = exchange;
        StatusCode fault = exchange.length > BufferPool.CHUNK_BYTES ? GenericStatus.DATA_SGL_LENGTH_INVALID : null;
        try {
            controller.receiver.onCommand(exchange.slot, exchange.command, exchange.length, false, fault);
        } catch (RuntimeException | Error e) {
            controller.fail(e);
        }
    }

    /** Host's loop: the controller wants the command's data. */
    void fetch(LoopbackExchange exchange) {
        if (!host.closed) {
            if (exchange.direction == CommandSender.Direction.HOST_TO_CONTROLLER) {
                MemorySegment.copy(exchange.memory, exchange.memoryOffset, exchange.buffer.segment(), 0,
                        exchange.bufferBytes);
                exchange.movedBytes = exchange.bufferBytes;
                controllerLoop.execute(exchange.fetched);
            } else {
                host.end(CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR,
                        "data asked for of command " + exchange.commandId + ", which has none to send"));
            }
        }
    }

    /** Controller's loop: the data is in the buffer. */
    void fetched(LoopbackExchange exchange) {
        if (!controller.closed) {
            exchange.dataLent = false;
            exchange.buffer = null;
            try {
                controller.receiver.onDataReceived(exchange.slot);
            } catch (RuntimeException | Error e) {
                controller.fail(e);
            }
        }
    }

    /** Host's loop: the command is answered. */
    void answer(LoopbackExchange exchange) {
        boolean taken = !host.closed;
        if (taken && exchange.buffer != null) {
            if (exchange.direction == CommandSender.Direction.CONTROLLER_TO_HOST) {
                MemorySegment.copy(exchange.buffer.segment(), 0, exchange.memory, exchange.memoryOffset,
                        exchange.bufferBytes);
                exchange.movedBytes = exchange.bufferBytes;
            } else {
                host.end(CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR,
                        "data for command " + exchange.commandId + ", which waits for none"));
                taken = false;
            }
        }
        if (exchange.buffer != null) {
            controllerLoop.execute(exchange.giveBack);
        }
        if (taken) {
            exchange.outstanding = false;
            boolean successful = (exchange.completion.statusField() & STATUS_MASK) == 0;
            try {
                hostReceiver.onResponse(exchange.commandId, exchange.completion,
                        !successful || exchange.movedBytes == exchange.length);
            } catch (RuntimeException | Error e) {
                host.end(new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "internal error", e));
            }
        }
    }

    /** The host's half; everything runs on its loop. */
    private final class HostHalf implements CommandSender {
        private boolean connected;
        private boolean closed;

        private void onOpened() {
            if (!closed) {
                connected = true;
                try {
                    hostReceiver.onConnected(this);
                } catch (RuntimeException | Error e) {
                    end(new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "internal error", e));
                }
            }
        }

        private void onControllerGone(CloseReason reason) {
            end(reason.kind() == CloseReason.Kind.PROTOCOL_ERROR
                    ? CloseReason.of(CloseReason.Kind.TERMINATED_BY_PEER, "terminated by the peer: " + reason.message())
                    : CloseReason.of(CloseReason.Kind.PEER_CLOSED, "the controller closed the connection"));
            controllerLoop.execute(controller::notifyClosed);
        }

        private void end(CloseReason reason) {
            if (!closed) {
                closed = true;
                onGone.accept(LoopbackConnection.this);
                hostLoop.execute(() -> hostReceiver.onClosed(reason));
                controllerLoop.execute(() -> controller.onHostGone(reason));
            }
        }

        @Override
        public EventLoop loop() {
            return hostLoop;
        }

        @Override
        public TransportAddress peer() {
            return address;
        }

        @Override
        public void setInCapsuleDataSize(int bytes) {
            // Data never travels inside a capsule here.
        }

        @Override
        public void send(SubmissionQueueEntry command, Direction direction, MemorySegment memory, long offset,
                int length) {
            assert hostLoop.inLoop();
            if (closed) {
                return;
            }
            LoopbackExchange exchange = exchanges[command.commandId()];
            if (!connected || exchange.outstanding) {
                throw new IllegalStateException("command " + command.commandId()
                        + (connected ? " is outstanding already" : " sent before the connection is ready"));
            }
            if (length < 0 || length > 0 == (direction == Direction.NONE)) {
                throw new IllegalArgumentException(length + " bytes of data with direction " + direction);
            }
            Objects.checkFromIndexSize(length > 0 ? offset : 0, length, memory.byteSize());
            exchange.outstanding = true;
            exchange.direction = direction;
            exchange.memory = memory;
            exchange.memoryOffset = offset;
            exchange.length = length;
            exchange.movedBytes = 0;
            for (int dword = 0; dword < SubmissionQueueEntry.SIZE / Integer.BYTES; dword += 2) {
                exchange.command.commandQword(dword, command.commandQword(dword));
            }
            exchange.command.flags(exchange.command.flags() & FUSE_MASK | SGL_FLAGS);
            SglDescriptor.transport(exchange.command, length);
            controllerLoop.execute(exchange.arrive);
        }

        @Override
        public void close(CloseReason reason) {
            end(reason);
        }
    }

    /** The controller's half; everything runs on its loop. */
    private final class ControllerHalf implements CapsuleSender {
        private final QueueLimits limits = new QueueLimits(0, BufferPool.CHUNK_BYTES, address, address);
        private CapsuleReceiver receiver;
        private LoopbackExchange[] slots = new LoopbackExchange[1];
        private int[] free = new int[1];
        private int freeCount = 1;
        private boolean closed;
        private CloseReason closeReason;

        private void open() {
            if (closed) {
                return;
            }
            try {
                receiver = acceptor.onQueue(this);
            } catch (RuntimeException | Error e) {
                fail(e);
                return;
            }
            if (receiver == null) {
                close(CloseReason.of(CloseReason.Kind.LOCAL, "the connection was refused"));
            } else if (!closed) {
                hostLoop.execute(host::onOpened);
            }
        }

        private void onHostGone(CloseReason reason) {
            if (!closed) {
                closed = true;
                closeReason = reason.kind() == CloseReason.Kind.PROTOCOL_ERROR
                        ? CloseReason.of(CloseReason.Kind.TERMINATED_BY_PEER,
                                "terminated by the peer: " + reason.message())
                        : CloseReason.of(CloseReason.Kind.PEER_CLOSED, "the host closed the connection");
                notifyClosed();
            }
        }

        private void notifyClosed() {
            if (receiver != null) {
                receiver.onClosed(closeReason);
            }
        }

        private void fail(Throwable cause) {
            close(new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "internal error", cause));
        }

        private LoopbackExchange outstanding(int slot) {
            LoopbackExchange exchange = slots[slot];
            if (exchange == null || exchange.dataLent) {
                throw new IllegalStateException("slot " + slot
                        + (exchange == null ? " is free" : " waits for the data it asked for"));
            }
            return exchange;
        }

        @Override
        public EventLoop loop() {
            return controllerLoop;
        }

        @Override
        public QueueLimits limits() {
            return limits;
        }

        @Override
        public void setQueueSize(int slotCount, boolean flowControlDisabled) {
            assert controllerLoop.inLoop();
            int before = slots.length;
            if (slotCount < before) {
                throw new IllegalStateException("queue of " + before + " slots cannot shrink to " + slotCount);
            }
            LoopbackExchange[] grown = new LoopbackExchange[slotCount];
            System.arraycopy(slots, 0, grown, 0, before);
            int[] grownFree = new int[slotCount];
            System.arraycopy(free, 0, grownFree, 0, freeCount);
            for (int i = slotCount - 1; i >= before; i--) {
                grownFree[freeCount++] = i;
            }
            slots = grown;
            free = grownFree;
        }

        @Override
        public void receiveData(int slot, DataBuffer into, int length) {
            assert controllerLoop.inLoop();
            if (closed) {
                return;
            }
            LoopbackExchange exchange = outstanding(slot);
            if (length < 1 || length > exchange.length || length > into.capacity()) {
                throw new IllegalArgumentException(length + " bytes asked for, the command transfers "
                        + exchange.length + ", the buffer holds " + into.capacity());
            }
            exchange.dataLent = true;
            exchange.buffer = into;
            exchange.bufferBytes = length;
            hostLoop.execute(exchange.fetch);
        }

        @Override
        public void respond(int slot, DataBuffer data, int length, long result, int sqHead, int statusField) {
            assert controllerLoop.inLoop();
            if (closed) {
                if (data != null) {
                    data.release();
                }
                return;
            }
            LoopbackExchange exchange = outstanding(slot);
            if (data != null && (length < 1 || length > exchange.length || length > data.capacity())) {
                throw new IllegalArgumentException(length + " bytes for slot " + slot + ", the command transfers "
                        + exchange.length + ", the buffer holds " + data.capacity());
            }
            slots[slot] = null;
            free[freeCount++] = slot;
            exchange.buffer = data;
            exchange.bufferBytes = length;
            exchange.completion.encode(result, sqHead, 0, exchange.commandId, statusField);
            hostLoop.execute(exchange.answer);
        }

        @Override
        public void close(CloseReason reason) {
            if (!closed) {
                closed = true;
                closeReason = reason;
                // Told to the receiver once the host knows: until then its loop may be filling a lent buffer.
                hostLoop.execute(() -> host.onControllerGone(reason));
            }
        }
    }
}
