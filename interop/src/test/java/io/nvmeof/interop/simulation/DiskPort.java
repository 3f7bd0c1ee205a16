package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.BackendCompletion;
import io.nvmeof.target.storage.NamespaceBackend;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * One target's way to a disk that it shares with another: knows whether the target may use it now, and notices when it
 * does although it may not.
 */
final class DiskPort implements NamespaceBackend {
    /** Mistakes that can be planted, to prove that a run would notice them. */
    enum Defect {
        NONE,
        /** Some writes are acknowledged before they are done, so that a switchover does not wait for them. */
        ACKNOWLEDGES_EARLY,
        /** Some writes do not happen. */
        LOSES_A_WRITE,
        /** Not the port's: a preemption that excludes somebody is believed, but was never asked for. */
        FENCES_NOBODY
    }

    private final SimulatedDisk disk;
    private final BlockModel model;
    private final ReservationFence fence;
    private final String name;
    private final Defect defect;
    private final Consumer<AssertionError> onMisuse;
    private long blockCount;
    private int outstanding;
    /** Those that are no flushes, which harm nobody. */
    private int touchingCount;
    private int openCount;
    private long writeCount;
    private boolean closed;
    private String forbidden;

    DiskPort(ClusterNamespace namespace, String name, Defect defect, Consumer<AssertionError> onMisuse) {
        this.disk = namespace.disk;
        this.model = namespace.model;
        this.fence = namespace.fence;
        this.name = name;
        this.defect = defect;
        this.onMisuse = onMisuse;
        this.blockCount = disk.blockCount();
    }

    /** From now on no block may be read or changed through this port. */
    void forbid(String why) {
        forbidden = why;
        if (touchingCount > 0) {
            misuse(touchingCount + " operations are at work");
        }
    }

    void allow() {
        forbidden = null;
    }

    boolean closed() {
        return closed;
    }

    int outstanding() {
        return outstanding;
    }

    /** Whether nothing is under way that touches a block. */
    boolean quiet() {
        return touchingCount == 0;
    }

    private void misuse(String what) {
        onMisuse.accept(new AssertionError(name + ": " + what + (forbidden == null ? "" : " although " + forbidden)));
    }

    @Override
    public int blockSizeBytes() {
        return disk.blockSizeBytes();
    }

    @Override
    public long blockCount() {
        return blockCount;
    }

    @Override
    public long actualBlockCount() {
        return disk.blockCount();
    }

    @Override
    public void resize(long newBlockCount) {
        if (newBlockCount < blockCount && touchingCount > 0) {
            misuse("made smaller while " + touchingCount + " operations are at work");
        }
        if (newBlockCount != disk.blockCount()) {
            if (forbidden != null) {
                misuse("resized");
            }
            disk.resize(newBlockCount);
            model.cutOff((int) newBlockCount);
        }
        blockCount = newBlockCount;
    }

    @Override
    public BackendCapabilities capabilities() {
        return disk.capabilities();
    }

    @Override
    public String describe() {
        return name;
    }

    @Override
    public BackendChannel open(EventLoop loop) {
        if (closed) {
            misuse("opened after it was closed");
        }
        openCount++;
        return new Channel(disk.open(loop));
    }

    @Override
    public void close() {
        if (closed || openCount > 0 || outstanding > 0) {
            misuse("closed " + (closed ? "twice" : "while it is used: " + openCount + " channels, " + outstanding
                    + " operations"));
        }
        closed = true;
    }

    private final class Channel implements BackendChannel {
        private final BackendChannel inner;
        private boolean channelClosed;

        private Channel(BackendChannel inner) {
            this.inner = inner;
        }

        /** Whether an operation may begin; otherwise it has ended. */
        private boolean begins(long startingBlock, long count, BackendCompletion completion) {
            if (forbidden != null) {
                misuse("blocks " + startingBlock + " to " + (startingBlock + count - 1) + " are used");
            }
            if (startingBlock + count > disk.blockCount()) {
                completion.onBackendComplete(GenericStatus.LBA_OUT_OF_RANGE);
                return false;
            }
            return true;
        }

        private BackendCompletion touching(BackendCompletion completion) {
            touchingCount++;
            return counted(status -> {
                touchingCount--;
                completion.onBackendComplete(status);
            });
        }

        private BackendCompletion counted(BackendCompletion completion) {
            if (channelClosed) {
                misuse("used through a channel that is closed");
            }
            outstanding++;
            return status -> {
                outstanding--;
                completion.onBackendComplete(status);
            };
        }

        @Override
        public void read(long startingBlock, int count, MemorySegment memory, BackendCompletion completion) {
            if (begins(startingBlock, count, completion)) {
                inner.read(startingBlock, count, memory, touching(completion));
            }
        }

        @Override
        public void write(long startingBlock, int count, MemorySegment memory, boolean forceUnitAccess,
                BackendCompletion completion) {
            if (!begins(startingBlock, count, completion)) {
                return;
            }
            boolean defective = defect != Defect.NONE && defect != Defect.FENCES_NOBODY && ++writeCount % 20 == 0;
            if (defective) {
                if (defect == Defect.ACKNOWLEDGES_EARLY) {
                    long bytes = (long) count * disk.blockSizeBytes();
                    MemorySegment copy = Arena.ofAuto().allocate(bytes).copyFrom(memory.asSlice(0, bytes));
                    inner.write(startingBlock, count, copy, forceUnitAccess, status -> { });
                }
                completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
            } else {
                inner.write(startingBlock, count, memory, forceUnitAccess, touching(fenced(memory, completion)));
            }
        }

        private BackendCompletion fenced(MemorySegment memory, BackendCompletion completion) {
            if (fence == null) {
                return completion;
            }
            long number = BlockModel.number(memory);
            fence.begins(number);
            return status -> {
                fence.ends(number);
                completion.onBackendComplete(status);
            };
        }

        @Override
        public void flush(BackendCompletion completion) {
            inner.flush(counted(completion));
        }

        @Override
        public void writeZeroes(long startingBlock, int count, boolean deallocate, boolean forceUnitAccess,
                BackendCompletion completion) {
            if (begins(startingBlock, count, completion)) {
                inner.writeZeroes(startingBlock, count, deallocate, forceUnitAccess, touching(completion));
            }
        }

        @Override
        public void deallocate(long startingBlock, long count, BackendCompletion completion) {
            if (begins(startingBlock, count, completion)) {
                inner.deallocate(startingBlock, count, touching(completion));
            }
        }

        @Override
        public void close() {
            if (channelClosed) {
                misuse("a channel closed twice");
            }
            channelClosed = true;
            openCount--;
            inner.close();
        }
    }
}
