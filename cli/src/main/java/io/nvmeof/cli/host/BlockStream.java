package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.Terminal;
import io.nvmeof.initiator.RemoteNamespace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import me.tongfei.progressbar.ProgressBar;

/** Moves a run of blocks between a namespace and a stream, several commands at a time, in the stream's order. */
final class BlockStream {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS = 4;

    private final RemoteNamespace namespace;
    private final int chunkBlocks;
    private final Deque<MemorySegment> free = new ArrayDeque<>();

    BlockStream(RemoteNamespace namespace) {
        this.namespace = namespace;
        this.chunkBlocks = Math.max(1, CHUNK_BYTES / namespace.blockSizeBytes());
        for (int i = 0; i < CHUNKS; i++) {
            free.add(Arena.ofAuto().allocate((long) chunkBlocks * namespace.blockSizeBytes(), 4096));
        }
    }

    private record Chunk(CompletableFuture<Void> done, MemorySegment memory, long bytes) {}

    /** Copies the first {@code length} bytes from block {@code start} on to the channel. */
    void readTo(WritableByteChannel channel, long start, long length) throws IOException {
        Deque<Chunk> running = new ArrayDeque<>();
        long asked = 0;
        long written = 0;
        try (ProgressBar bar = Terminal.bytes("read", length)) {
            while (written < length) {
                while (asked < length && !free.isEmpty()) {
                    MemorySegment memory = free.poll();
                    long bytes = Math.min(memory.byteSize(), length - asked);
                    running.add(new Chunk(namespace.read(start + asked / namespace.blockSizeBytes(), blocks(bytes),
                            memory),
                            memory, bytes));
                    asked += bytes;
                }
                Chunk chunk = running.poll();
                HostSession.await(chunk.done);
                ByteBuffer buffer = chunk.memory.asSlice(0, chunk.bytes).asByteBuffer();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                written += chunk.bytes;
                free.add(chunk.memory);
                step(bar, written);
            }
        }
    }

    /**
     * Copies bytes of the channel to blocks from {@code start} on; what the last block holds beyond them is zero.
     *
     * @param length how many; less only if the channel ends before
     * @param pad whether a last block that the channel does not fill may be written; if not, and it does not, the
     *         command fails after the blocks before it
     * @return how many bytes the channel had
     */
    long writeFrom(ReadableByteChannel channel, long start, long length, boolean forceUnitAccess, boolean pad)
            throws IOException {
        Deque<Chunk> running = new ArrayDeque<>();
        long taken = 0;
        long written = 0;
        long left = 0;
        boolean end = false;
        try (ProgressBar bar = Terminal.bytes("write", length)) {
            while (!end || !running.isEmpty()) {
                while (!end && !free.isEmpty()) {
                    MemorySegment memory = free.poll();
                    long bytes = fill(channel, memory, Math.min(memory.byteSize(), length - taken));
                    end = bytes < memory.byteSize() || taken + bytes == length;
                    left = pad ? 0 : bytes % namespace.blockSizeBytes();
                    bytes -= left;
                    if (bytes == 0) {
                        break;
                    }
                    int count = blocks(bytes);
                    memory.asSlice(bytes, (long) count * namespace.blockSizeBytes() - bytes).fill((byte) 0);
                    BlockRange.checkOn(namespace, start + taken / namespace.blockSizeBytes(), count);
                    running.add(new Chunk(namespace.write(start + taken / namespace.blockSizeBytes(), count,
                            memory, forceUnitAccess), memory, bytes));
                    taken += bytes;
                }
                Chunk chunk = running.poll();
                if (chunk != null) {
                    HostSession.await(chunk.done);
                    written += chunk.bytes;
                    free.add(chunk.memory);
                    step(bar, written);
                }
            }
        }
        if (left > 0) {
            throw CommandFailure.failed("the data ended in the middle of a block: " + written
                    + " bytes were written, the last " + left + " were not; --pad fills the block up with zeroes");
        }
        return written;
    }

    private int blocks(long bytes) {
        return (int) ((bytes - 1) / namespace.blockSizeBytes() + 1);
    }

    private static long fill(ReadableByteChannel channel, MemorySegment memory, long length) throws IOException {
        ByteBuffer buffer = memory.asSlice(0, length).asByteBuffer();
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // Pipes give what they have.
        }
        return buffer.position();
    }

    private static void step(ProgressBar bar, long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }
}
