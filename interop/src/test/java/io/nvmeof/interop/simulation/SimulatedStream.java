package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.tcp.ByteStreamOutput;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * One direction of a TCP connection, from the sender's batch to the receiver's buffer: bytes arrive in order, in
 * arbitrary pieces, late, or (after a reset) never. Nothing is dropped or reordered, because TCP does not either.
 *
 * <p>Buffers given by reference are read only when their bytes leave, as a kernel does: who reuses one too early sends
 * the wrong data and is caught.
 */
final class SimulatedStream implements ByteStreamOutput {
    /** What the receiving end does with a piece: consumes some of it, and the rest is offered again later. */
    interface Receiver {
        int receive(MemorySegment segment, long offset, int length);

        void onEnd();
    }

    /** A run of bytes of the batch: copied, or in a buffer that is still lent. */
    private record Run(byte[] copy, DataBuffer buffer, int length) {
        byte[] bytes() {
            return buffer == null ? copy : buffer.segment().asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private final Simulation simulation;
    private final Faults faults;
    private final EventLoop sender;
    private final SimulatedLoop receiverLoop;
    private final SimulatedConnection connection;
    private final ArrayDeque<Run> batch = new ArrayDeque<>();
    private final ArrayDeque<byte[]> undelivered = new ArrayDeque<>();
    private final Runnable leave = this::leave;
    private MemorySegment reserved = MemorySegment.NULL;
    private byte[] reservedBytes;
    private Receiver receiver;
    private long pendingBytes;
    private long lastArrivalNanos;
    private boolean leaveQueued;
    private boolean closing;
    private boolean dead;
    private boolean endArrived;

    SimulatedStream(Simulation simulation, Faults faults, EventLoop sender, SimulatedLoop receiverLoop,
            SimulatedConnection connection) {
        this.simulation = simulation;
        this.faults = faults;
        this.sender = sender;
        this.receiverLoop = receiverLoop;
        this.connection = connection;
    }

    void receiver(Receiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public MemorySegment reserve(int length) {
        assert length > 0 && length <= RESERVE_BYTES_MAX;
        takeReserved();
        reservedBytes = new byte[length];
        // What the caller does not write must not pass for zeroes.
        Arrays.fill(reservedBytes, (byte) 0xA5);
        reserved = MemorySegment.ofArray(reservedBytes);
        return reserved;
    }

    @Override
    public long reservedOffset() {
        return 0;
    }

    @Override
    public void append(MemorySegment from, long offset, int length) {
        takeReserved();
        if (!dead) {
            add(new Run(from.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), null, length));
        }
    }

    @Override
    public void append(DataBuffer buffer, int length) {
        takeReserved();
        if (dead) {
            buffer.release();
        } else {
            add(new Run(null, buffer, length));
        }
    }

    @Override
    public void flush() {
        assert ((SimulatedLoop) sender).inLoop();
        if (!leaveQueued) {
            leaveQueued = true;
            sender.execute(leave);
        }
    }

    @Override
    public long pendingBytes() {
        return pendingBytes;
    }

    @Override
    public void close(boolean discardPending) {
        if (discardPending) {
            connection.reset("closed at once");
        } else if (!closing) {
            closing = true;
            flush();
        }
    }

    /** The connection is gone: lent buffers go home, nothing arrives any more. */
    void kill() {
        dead = true;
        takeReserved();
        for (Run run : batch) {
            if (run.buffer() != null) {
                run.buffer().release();
            }
        }
        batch.clear();
        undelivered.clear();
        pendingBytes = 0;
    }

    private void add(Run run) {
        batch.addLast(run);
        pendingBytes += run.length();
    }

    private void takeReserved() {
        if (reservedBytes != null && !dead) {
            add(new Run(reservedBytes, null, reservedBytes.length));
        }
        reservedBytes = null;
    }

    private void leave() {
        leaveQueued = false;
        takeReserved();
        while (!dead && !batch.isEmpty()) {
            Run run = batch.pollFirst();
            byte[] bytes = run.bytes();
            if (run.buffer() != null) {
                run.buffer().release();
            }
            cut(bytes);
        }
        if (closing && !dead) {
            lastArrivalNanos = Math.max(lastArrivalNanos, simulation.nanoTime());
            simulation.after(lastArrivalNanos - simulation.nanoTime(), () -> receiverLoop.run(this::end));
        }
    }

    private void cut(byte[] bytes) {
        for (int from = 0; from < bytes.length && !dead;) {
            int size = 1 + simulation.random.nextInt(Math.min(faults.pieceBytesMax, bytes.length - from));
            byte[] piece = Arrays.copyOfRange(bytes, from, from + size);
            from += size;
            if (simulation.chance(faults.rate(faults.resetPerPiece))) {
                // Not from inside the sender's call: a reset is news from the network.
                simulation.after(0, () -> connection.reset("reset by the network"));
            }
            if (simulation.chance(faults.rate(faults.corruptPerPiece))) {
                piece[simulation.random.nextInt(size)] ^= (byte) (1 << simulation.random.nextInt(8));
                connection.corrupted();
            }
            long delay = simulation.random.nextLong(faults.streamDelayNanosMax);
            if (simulation.chance(faults.rate(faults.stallPerPiece))) {
                delay += simulation.random.nextLong(2 * Simulation.SECOND);
            }
            // Never before the previous piece: TCP keeps order, so the simulation must too.
            lastArrivalNanos = Math.max(lastArrivalNanos, simulation.nanoTime() + delay);
            simulation.after(lastArrivalNanos - simulation.nanoTime(), () -> receiverLoop.run(() -> arrive(piece)));
        }
    }

    private void arrive(byte[] piece) {
        if (!dead) {
            undelivered.addLast(piece);
            deliver();
        }
    }

    /** Offers what has arrived; also called when a paused receiver says that it goes on. */
    void deliver() {
        while (!dead && !undelivered.isEmpty()) {
            byte[] piece = undelivered.peekFirst();
            int consumed = receiver.receive(MemorySegment.ofArray(piece), 0, piece.length);
            if (dead) {
                return;
            }
            pendingBytes -= consumed;
            undelivered.pollFirst();
            if (consumed < piece.length) {
                undelivered.addFirst(Arrays.copyOfRange(piece, consumed, piece.length));
                return;
            }
        }
        if (!dead && endArrived) {
            endArrived = false;
            receiver.onEnd();
        }
    }

    private void end() {
        if (!dead) {
            endArrived = true;
            deliver();
        }
    }
}
