package io.nvmeof.interop.model;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.BackendCompletion;
import io.nvmeof.target.storage.NamespaceBackend;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** A canary: another backend, but every thousandth write is acknowledged and not done. */
final class Forgetful implements NamespaceBackend {
    private static final int LOST_EVERY = 1000;

    private final NamespaceBackend backend;
    private final AtomicInteger writes = new AtomicInteger();

    Forgetful(NamespaceBackend backend) {
        this.backend = backend;
    }

    @Override
    public int blockSizeBytes() {
        return backend.blockSizeBytes();
    }

    @Override
    public long blockCount() {
        return backend.blockCount();
    }

    @Override
    public BackendCapabilities capabilities() {
        return backend.capabilities();
    }

    @Override
    public String describe() {
        return "forgetful " + backend.describe();
    }

    @Override
    public BackendChannel open(EventLoop loop) {
        BackendChannel channel = backend.open(loop);
        return new BackendChannel() {
            @Override
            public void read(long startingBlock, int count, MemorySegment memory, BackendCompletion completion) {
                channel.read(startingBlock, count, memory, completion);
            }

            @Override
            public void write(long startingBlock, int count, MemorySegment memory, boolean forceUnitAccess,
                    BackendCompletion completion) {
                if (writes.incrementAndGet() % LOST_EVERY == 0) {
                    completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
                } else {
                    channel.write(startingBlock, count, memory, forceUnitAccess, completion);
                }
            }

            @Override
            public void flush(BackendCompletion completion) {
                channel.flush(completion);
            }

            @Override
            public void writeZeroes(long startingBlock, int count, boolean deallocate, boolean forceUnitAccess,
                    BackendCompletion completion) {
                channel.writeZeroes(startingBlock, count, deallocate, forceUnitAccess, completion);
            }

            @Override
            public void deallocate(long startingBlock, long count, BackendCompletion completion) {
                channel.deallocate(startingBlock, count, completion);
            }

            @Override
            public void close() {
                channel.close();
            }
        };
    }

    @Override
    public void close() {
        backend.close();
    }
}
