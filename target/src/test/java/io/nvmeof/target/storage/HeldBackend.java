package io.nvmeof.target.storage;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A backend in memory whose operations wait until a test lets them go, and end as the test wants; it has a volatile
 * write cache and counts what matters. For loops run by hand.
 */
public final class HeldBackend implements NamespaceBackend {
    private record Operation(ManualLoop loop, Range range, Runnable body) {}

    /** The blocks of an operation that waits; none of a Flush. */
    public record Range(long startingBlock, long blockCount) {}

    private final MemoryBackend memory;
    private final BackendCapabilities capabilities;
    private final List<Operation> held = new ArrayList<>();
    private boolean hold;
    private StatusCode failure;
    private int flushCount;
    private int forcedWriteCount;
    private int deallocateCount;
    private int openChannelCount;
    private boolean closed;
    private String misuse;
    private boolean flushesPass;
    private boolean openFails;
    private Consumer<String> goneListener = why -> {};

    public HeldBackend(long sizeBytes, int blockSizeBytes) {
        this(sizeBytes, blockSizeBytes, new BackendCapabilities(true, true, false, 1));
    }

    public HeldBackend(long sizeBytes, int blockSizeBytes, BackendCapabilities capabilities) {
        this.memory = new MemoryBackend(sizeBytes, blockSizeBytes);
        this.capabilities = capabilities;
    }

    /** Whether operations wait from now on. */
    public void hold(boolean hold) {
        this.hold = hold;
    }

    /** Flushes never wait, so that nothing but the other operations keeps their backend from being closed. */
    public void letFlushesPass() {
        flushesPass = true;
    }

    /** Operations from now on end with this status and do nothing; {@code null} ends that. */
    public void failWith(StatusCode failure) {
        this.failure = failure;
    }

    private IllegalStateException misuse(String how) {
        misuse = how;
        return new IllegalStateException(how);
    }

    /** What somebody did with this backend that must not be done, or {@code null}. */
    public String misuse() {
        return misuse;
    }

    /** Whether loops cannot open this from now on. */
    public void failToOpen(boolean fails) {
        openFails = fails;
    }

    public int heldCount() {
        return held.size();
    }

    /** Lets every waiting operation happen, on its loop. */
    public void releaseAll() {
        List<Operation> operations = List.copyOf(held);
        held.clear();
        operations.forEach(operation -> operation.loop().run(operation.body()));
    }

    /** What waits, in the order it came. */
    public List<Range> heldRanges() {
        return held.stream().map(Operation::range).toList();
    }

    /** Lets one waiting operation happen, on its loop. */
    public void release(int index) {
        Operation operation = held.remove(index);
        operation.loop().run(operation.body());
    }

    public int flushCount() {
        return flushCount;
    }

    public int forcedWriteCount() {
        return forcedWriteCount;
    }

    public int deallocateCount() {
        return deallocateCount;
    }

    public int openChannelCount() {
        return openChannelCount;
    }

    public boolean closed() {
        return closed;
    }

    @Override
    public int blockSizeBytes() {
        return memory.blockSizeBytes();
    }

    @Override
    public long blockCount() {
        return memory.blockCount();
    }

    @Override
    public void resize(long blockCount) {
        if (blockCount < memory.blockCount() && !held.isEmpty()) {
            throw misuse("made smaller with " + held.size() + " operations at work");
        }
        memory.resize(blockCount);
    }

    @Override
    public void setGoneListener(Consumer<String> listener) {
        goneListener = listener;
    }

    /** Says that the storage is gone. */
    public void lose(String why) {
        goneListener.accept(why);
    }

    @Override
    public BackendCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public String describe() {
        return "held " + memory.describe();
    }

    @Override
    public BackendChannel open(EventLoop loop) {
        if (closed) {
            throw misuse("opened after it was closed");
        }
        if (openFails) {
            throw new IllegalStateException("cannot be opened, as the test wants");
        }
        openChannelCount++;
        return new Channel((ManualLoop) loop, memory.open(loop));
    }

    @Override
    public void close() {
        if (openChannelCount > 0) {
            throw misuse(openChannelCount + " channels are open");
        }
        if (closed) {
            throw misuse("closed twice");
        }
        closed = true;
        memory.close();
    }

    private void begin(ManualLoop loop, long startingBlock, long blockCount, BackendCompletion completion,
            Runnable body) {
        if (closed) {
            throw misuse("used after it was closed");
        }
        StatusCode status = failure;
        Runnable effective = status == null ? body : () -> completion.onBackendComplete(status);
        if (hold) {
            held.add(new Operation(loop, new Range(startingBlock, blockCount), effective));
        } else {
            effective.run();
        }
    }

    private final class Channel implements BackendChannel {
        private final ManualLoop loop;
        private final BackendChannel inner;

        Channel(ManualLoop loop, BackendChannel inner) {
            this.loop = loop;
            this.inner = inner;
        }

        @Override
        public void read(long startingBlock, int count, MemorySegment into, BackendCompletion completion) {
            begin(loop, startingBlock, count, completion, () -> inner.read(startingBlock, count, into, completion));
        }

        @Override
        public void write(long startingBlock, int count, MemorySegment from, boolean forceUnitAccess,
                BackendCompletion completion) {
            if (forceUnitAccess) {
                forcedWriteCount++;
            }
            begin(loop, startingBlock, count, completion,
                    () -> inner.write(startingBlock, count, from, forceUnitAccess, completion));
        }

        @Override
        public void flush(BackendCompletion completion) {
            flushCount++;
            if (flushesPass && failure == null && !closed) {
                completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
                return;
            }
            begin(loop, 0, 0, completion, () -> completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION));
        }

        @Override
        public void writeZeroes(long startingBlock, int count, boolean deallocate, boolean forceUnitAccess,
                BackendCompletion completion) {
            if (forceUnitAccess) {
                forcedWriteCount++;
            }
            begin(loop, startingBlock, count, completion,
                    () -> inner.writeZeroes(startingBlock, count, deallocate, forceUnitAccess, completion));
        }

        @Override
        public void deallocate(long startingBlock, long count, BackendCompletion completion) {
            deallocateCount++;
            begin(loop, startingBlock, count, completion, () -> inner.deallocate(startingBlock, count, completion));
        }

        @Override
        public void close() {
            openChannelCount--;
            inner.close();
        }
    }
}
