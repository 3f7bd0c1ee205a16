package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A host's connection fed with bytes by hand. */
final class HostSession implements HostQueueReceiver {
    static final int QUEUE_SIZE = 8;
    static final long CONNECT_TIMEOUT_NANOS = 3_000_000_000L;

    /** One for all: tests run one after the other. */
    private static final MemorySegment MEMORY = Arena.ofAuto().allocate(64 << 10, 8);

    final ManualLoop loop = new ManualLoop();
    final TestStream output = new TestStream();
    final HostConnection connection;
    final List<String> events = new ArrayList<>();
    final MemorySegment memory = MEMORY.fill((byte) 0);
    private final SubmissionQueueEntry entry = new SubmissionQueueEntry().wrap(Arena.ofAuto().allocate(64, 8), 0);
    CommandSender sender;
    CloseReason closeReason;
    int closedCount;

    HostSession(boolean headerDigest, boolean dataDigest, HostConnectionOptions options) {
        connection = new HostConnection(loop,
                new HostQueueOptions(QUEUE_SIZE, headerDigest, dataDigest, CONNECT_TIMEOUT_NANOS), options, output,
                TransportAddress.tcp("127.0.0.1", 4420), this);
        loop.run(connection::start);
    }

    void feed(byte[] bytes, int pieceBytes) {
        for (int from = 0; from < bytes.length; from += pieceBytes) {
            int at = from;
            int count = Math.min(pieceBytes, bytes.length - from);
            loop.run(() -> {
                if (connection.receive(MemorySegment.ofArray(bytes), at, count) != count) {
                    throw new AssertionError("a host never pauses");
                }
            });
        }
        loop.runTasks();
    }

    void feed(byte[] bytes) {
        feed(bytes, bytes.length);
    }

    /** The test is over. */
    void close() {
        loop.close();
    }

    void tick(long secondsLater) {
        loop.advance(secondsLater * 1_000_000_000L);
        loop.run(() -> connection.onTick(loop.nanoTime()));
        loop.runTasks();
    }

    void write(int commandId, int length) {
        loop.run(() -> sender.send(entry.clear().opcode(1).commandId(commandId), Direction.HOST_TO_CONTROLLER, memory,
                0, length));
    }

    void read(int commandId, int offset, int length) {
        loop.run(() -> sender.send(entry.clear().opcode(2).commandId(commandId), Direction.CONTROLLER_TO_HOST, memory,
                offset, length));
    }

    void flush(int commandId) {
        loop.run(() -> sender.send(entry.clear().opcode(0).commandId(commandId), Direction.NONE, MemorySegment.NULL, 0,
                0));
    }

    @Override
    public void onConnected(CommandSender connected) {
        sender = connected;
    }

    @Override
    public void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact) {
        events.add("response " + commandId + " status " + completion.statusField()
                + (dataIntact ? "" : " not intact"));
    }

    @Override
    public void onClosed(CloseReason reason) {
        closeReason = reason;
        closedCount++;
    }
}
