package io.nvmeof.local;

import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.BackendCompletion;
import io.nvmeof.target.storage.NamespaceBackend;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A channel for a test's thread: each operation waits for its status. Checks that each completes once, on the loop. */
final class BlockingChannel implements AutoCloseable {
    final NettyLoop loop;
    final BackendChannel channel;
    private final int blockSizeBytes;

    BlockingChannel(NamespaceBackend backend, NettyLoop loop) {
        this.loop = loop;
        this.channel = loop.call(() -> backend.open(loop));
        this.blockSizeBytes = backend.blockSizeBytes();
    }

    StatusCode read(long block, int count, MemorySegment memory) {
        return submit((c, done) -> c.read(block, count, memory, done));
    }

    StatusCode write(long block, int count, MemorySegment memory, boolean forceUnitAccess) {
        return submit((c, done) -> c.write(block, count, memory, forceUnitAccess, done));
    }

    StatusCode flush() {
        return submit(BackendChannel::flush);
    }

    StatusCode writeZeroes(long block, int count, boolean deallocate, boolean forceUnitAccess) {
        return submit((c, done) -> c.writeZeroes(block, count, deallocate, forceUnitAccess, done));
    }

    StatusCode deallocate(long block, long count) {
        return submit((c, done) -> c.deallocate(block, count, done));
    }

    /** The bytes of some blocks; the read must succeed. */
    byte[] bytes(long block, int count) {
        MemorySegment memory = memory(count * blockSizeBytes);
        StatusCode status = read(block, count, memory);
        if (!status.successful()) {
            throw new AssertionError("read of block " + block + ": " + status);
        }
        return memory.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    static MemorySegment memory(int length) {
        return Arena.ofAuto().allocate(length, 4096);
    }

    static MemorySegment filled(int length, int value) {
        return memory(length).fill((byte) value);
    }

    StatusCode submit(BiConsumer<BackendChannel, BackendCompletion> operation) {
        return start(operation).orTimeout(30, TimeUnit.SECONDS).join();
    }

    CompletableFuture<StatusCode> start(BiConsumer<BackendChannel, BackendCompletion> operation) {
        CompletableFuture<StatusCode> future = new CompletableFuture<>();
        loop.execute(() -> operation.accept(channel, status -> {
            if (!loop.inLoop() || !future.complete(status)) {
                future.obtrudeException(new AssertionError("completed twice or off the loop"));
            }
        }));
        return future;
    }

    @Override
    public void close() {
        loop.run(channel::close);
    }
}
