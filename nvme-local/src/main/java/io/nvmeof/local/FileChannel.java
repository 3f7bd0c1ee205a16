package io.nvmeof.local;

import static io.nvmeof.local.posix.SystemCalls.FALLOC_FL_KEEP_SIZE;
import static io.nvmeof.local.posix.SystemCalls.FALLOC_FL_PUNCH_HOLE;
import static io.nvmeof.local.posix.SystemCalls.FALLOC_FL_ZERO_RANGE;
import static io.nvmeof.local.posix.SystemCalls.RWF_DSYNC;

import io.nvmeof.local.posix.Errno;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.BackendCompletion;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop's way to a file: turns each operation into system calls, one after another, and their results into a status.
 * How a call is made is the subclass's business. Owned by the loop.
 *
 * <p>Flushes are gathered: one fdatasync runs at a time, on a descriptor of this channel alone, and serves all who
 * asked before it began. So no failed write-back can be reported to one and hidden from another. Force Unit Access is
 * RWF_DSYNC with O_DIRECT. Through the page cache it is a write and then a place in the next fdatasync: there the
 * kernel's own write-back may fail between the write and its synchronizing, and would tell only one of several
 * writers.
 */
abstract sealed class FileChannel implements BackendChannel permits UringChannel, PositionalChannel {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileChannel.class);
    private static final int ATTEMPTS_MAX = 1000;
    private static final long RETRY_DELAY_NANOS = 1_000_000;

    final BackingFile file;
    final EventLoop loop;
    private final BackingFile.Facts facts;
    private final FileFaults faults;
    private final int blockShift;
    private final BounceBuffers bounceBuffers = new BounceBuffers();
    private final GuardedStart guardedStart;
    private final OperationList awaitingSynchronization = new OperationList();
    private final OperationList beingSynchronized = new OperationList();
    private final Operation synchronization = new Operation(this);
    private final int synchronizationFd;
    private Operation free;
    private boolean synchronizing;
    private boolean closing;
    private int outstandingCount;

    FileChannel(BackingFile file, EventLoop loop, int blockSizeBytes) {
        this.file = file;
        this.loop = loop;
        this.facts = file.facts();
        this.faults = file.faults();
        this.blockShift = Integer.numberOfTrailingZeros(blockSizeBytes);
        this.guardedStart = new GuardedStart(file.guard(), loop);
        this.synchronizationFd = facts.readOnly() ? -1 : file.openForSynchronizing();
        file.retain();
    }

    /** Makes the operation's call; its result comes to {@link #onResult} on the loop, later. */
    abstract void issue(Operation operation);

    /** Nothing is outstanding and nothing will come. */
    abstract void onReleased();

    @Override
    public final void read(long startingBlock, int blockCount, MemorySegment memory, BackendCompletion completion) {
        Operation operation = begin(startingBlock, blockCount, memory, completion);
        if (operation == null) {
            return;
        }
        operation.opcode = Operation.READ;
        if (needsBounce(memory)) {
            operation.bounce = bounceBuffers.take(operation.totalBytes, facts.memoryAlignment());
            operation.address = operation.bounce.address();
        } else {
            operation.address = memory.address();
        }
        guardedStart.start(operation);
    }

    @Override
    public final void write(long startingBlock, int blockCount, MemorySegment memory, boolean forceUnitAccess,
            BackendCompletion completion) {
        Operation operation = beginChange(startingBlock, blockCount, memory, completion);
        if (operation == null) {
            return;
        }
        operation.opcode = Operation.WRITE;
        if (needsBounce(memory)) {
            operation.bounce = bounceBuffers.take(operation.totalBytes, facts.memoryAlignment());
            MemorySegment.copy(memory, 0, operation.bounce, 0, operation.totalBytes);
            operation.address = operation.bounce.address();
        } else {
            operation.address = memory.address();
        }
        if (forceUnitAccess) {
            operation.flags = facts.direct() ? RWF_DSYNC : 0;
            operation.synchronizeAfter = !facts.direct();
        }
        guardedStart.start(operation);
    }

    @Override
    public final void flush(BackendCompletion completion) {
        if (facts.readOnly()) {
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
            return;
        }
        synchronize(take(completion, 0, 0));
    }

    @Override
    public final void writeZeroes(long startingBlock, int blockCount, boolean deallocate, boolean forceUnitAccess,
            BackendCompletion completion) {
        zero(startingBlock, blockCount, deallocate, forceUnitAccess, completion);
    }

    @Override
    public final void deallocate(long startingBlock, long blockCount, BackendCompletion completion) {
        if (!facts.punchHole() && !facts.readOnly()) {
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION); // A hint that nobody can follow.
            return;
        }
        zero(startingBlock, blockCount, true, false, completion);
    }

    private void zero(long startingBlock, long blockCount, boolean deallocate, boolean forceUnitAccess,
            BackendCompletion completion) {
        if (blockCount == 0) {
            completion.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION);
            return;
        }
        Operation operation = beginChange(startingBlock, blockCount, null, completion);
        if (operation == null) {
            return;
        }
        operation.zeroing = true;
        operation.deallocating = deallocate;
        operation.synchronizeAfter = forceUnitAccess;
        prepareZeroing(operation);
        guardedStart.start(operation);
    }

    /**
     * The best way to make zeroes that is left. The kernel zeroes the parts of file system blocks at both ends itself,
     * so a hole reads as zeroes to the byte.
     */
    private void prepareZeroing(Operation operation) {
        if (operation.deallocating && file.canPunchHole()) {
            operation.opcode = Operation.ALLOCATE;
            operation.flags = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
        } else if (file.canZeroRange()) {
            operation.opcode = Operation.ALLOCATE;
            operation.flags = FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE;
        } else {
            operation.opcode = Operation.WRITE;
            operation.flags = 0;
            operation.address = Zeroes.address();
        }
    }

    /** The result of a call: what a system call returns, a failure as a negative error number. */
    final void onResult(Operation operation, long result) {
        assert loop.inLoop();
        if (result < 0) {
            onFailure(operation, (int) -result);
        } else if (operation.opcode == Operation.SYNCHRONIZE) {
            file.complete();
            onSynchronized(faults.flushStatus());
        } else if (operation.opcode == Operation.ALLOCATE) {
            onChanged(operation);
        } else {
            onTransferred(operation, result);
        }
    }

    private void onTransferred(Operation operation, long count) {
        int asked = operation.callBytes();
        // A direct transfer that ended early goes on from a place that O_DIRECT accepts.
        long progress = count == asked ? count : count & -(long) facts.directAlignment();
        if (progress == 0) {
            onNoProgress(operation);
            return;
        }
        operation.attempts = 0;
        operation.offset += progress;
        operation.remaining -= progress;
        if (!operation.zeroing) {
            operation.address += progress;
        }
        if (operation.remaining > 0) {
            issue(operation);
        } else if (operation.opcode == Operation.READ) {
            onRead(operation);
        } else {
            onChanged(operation);
        }
    }

    private void onRead(Operation operation) {
        if (!faults.intact(operation.endOffset())) {
            finish(operation, MediaStatus.UNRECOVERED_READ_ERROR);
            return;
        }
        if (operation.bounce != null) {
            MemorySegment.copy(operation.bounce, 0, operation.memory, 0, operation.totalBytes);
        }
        finish(operation, GenericStatus.SUCCESSFUL_COMPLETION);
    }

    /** The end of the file, where there should be data; or a device that takes nothing and does not say why. */
    private void onNoProgress(Operation operation) {
        if (operation.opcode == Operation.READ && !file.complete()) {
            finish(operation, MediaStatus.UNRECOVERED_READ_ERROR);
        } else {
            finish(operation, faults.onError(action(operation), Errno.EIO, operation.offset, operation.remaining));
        }
    }

    private void onChanged(Operation operation) {
        if (!faults.intact(operation.endOffset())) {
            finish(operation, MediaStatus.WRITE_FAULT);
        } else if (operation.synchronizeAfter) {
            guardedStart.leave(operation);
            synchronize(operation);
        } else {
            finish(operation, GenericStatus.SUCCESSFUL_COMPLETION);
        }
    }

    private void onFailure(Operation operation, int errno) {
        if ((errno == Errno.EINTR || errno == Errno.EAGAIN) && operation.attempts++ < ATTEMPTS_MAX) {
            loop.schedule(RETRY_DELAY_NANOS, () -> issue(operation));
        } else if (operation.opcode == Operation.SYNCHRONIZE) {
            onSynchronized(faults.onError(FileFaults.Action.FLUSH, errno, 0, faults.sizeBytes()));
        } else if (operation.opcode == Operation.ALLOCATE && (errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS)) {
            file.forget(operation.flags);
            prepareZeroing(operation);
            issue(operation);
        } else {
            finish(operation, faults.onError(action(operation), errno, operation.offset, operation.remaining));
        }
    }

    private static FileFaults.Action action(Operation operation) {
        return operation.opcode == Operation.READ ? FileFaults.Action.READ : FileFaults.Action.WRITE;
    }

    private void synchronize(Operation operation) {
        awaitingSynchronization.addLast(operation);
        if (!synchronizing) {
            startSynchronizing();
        }
    }

    private void startSynchronizing() {
        synchronizing = true;
        beingSynchronized.takeAll(awaitingSynchronization);
        synchronization.begin(null, synchronizationFd, 0, 0);
        synchronization.opcode = Operation.SYNCHRONIZE;
        synchronization.flags = Operation.DATA_ONLY;
        issue(synchronization);
    }

    private void onSynchronized(StatusCode status) {
        Operation operation;
        while ((operation = beingSynchronized.poll()) != null) {
            finish(operation, status);
        }
        // After the others: their completions may have asked again, and join the next one.
        if (awaitingSynchronization.isEmpty()) {
            synchronizing = false;
        } else {
            startSynchronizing();
        }
    }

    /** The way to the file is gone: the loop is shutting down or has no ring for us. */
    final void abandon(Operation operation, StatusCode status) {
        if (operation == synchronization) {
            onSynchronized(status);
        } else {
            finish(operation, status);
        }
    }

    private Operation beginChange(long startingBlock, long blockCount, MemorySegment memory,
            BackendCompletion completion) {
        if (facts.readOnly()) {
            completion.onBackendComplete(GenericStatus.NAMESPACE_IS_WRITE_PROTECTED);
            return null;
        }
        // Writing behind the place where the file was cut would bring the lost blocks between back as zeroes.
        if (faults.shrunk() && !faults.intact(startingBlock + blockCount << blockShift)) {
            completion.onBackendComplete(MediaStatus.WRITE_FAULT);
            return null;
        }
        return begin(startingBlock, blockCount, memory, completion);
    }

    /** The caller has checked the range already; a mistake there would make the file grow, so it is checked again. */
    private Operation begin(long startingBlock, long blockCount, MemorySegment memory, BackendCompletion completion) {
        assert loop.inLoop();
        long blocks = faults.sizeBytes() >> blockShift;
        if (startingBlock < 0 || blockCount < 1 || startingBlock >= blocks || blockCount > blocks - startingBlock) {
            completion.onBackendComplete(GenericStatus.LBA_OUT_OF_RANGE);
            return null;
        }
        long length = blockCount << blockShift;
        if (memory != null && memory.byteSize() < length) {
            LOGGER.error("{}: {} bytes of memory given for {} blocks", facts.path(), memory.byteSize(), blockCount);
            completion.onBackendComplete(GenericStatus.INTERNAL_ERROR);
            return null;
        }
        Operation operation = take(completion, startingBlock << blockShift, length);
        operation.memory = memory;
        return operation;
    }

    private Operation take(BackendCompletion completion, long offset, long length) {
        if (closing) {
            throw new IllegalStateException(facts.path() + ": channel is closed");
        }
        Operation operation = free;
        if (operation == null) {
            operation = new Operation(this);
        } else {
            free = operation.next;
            operation.next = null;
        }
        outstandingCount++;
        operation.begin(completion, facts.fd(), offset, length);
        return operation;
    }

    private boolean needsBounce(MemorySegment memory) {
        return !memory.isNative() || (memory.address() & facts.memoryAlignment() - 1) != 0;
    }

    private void finish(Operation operation, StatusCode status) {
        BackendCompletion completion = operation.completion;
        if (faults.failing() && status.successful()) {
            faults.onSuccess();
        }
        if (completion == null) {
            throw new IllegalStateException(facts.path() + ": operation completed twice");
        }
        guardedStart.leave(operation);
        operation.completion = null;
        operation.memory = null;
        if (operation.bounce != null) {
            bounceBuffers.release(operation.bounce);
            operation.bounce = null;
        }
        operation.next = free;
        free = operation;
        try {
            completion.onBackendComplete(status);
        } catch (RuntimeException e) {
            LOGGER.error("{}: a completion failed; others go on", facts.path(), e);
        } finally {
            outstandingCount--;
            releaseIfIdle();
        }
    }

    /** Operations begun and not completed. */
    final int outstandingCount() {
        return outstandingCount;
    }

    /** What is outstanding still completes; then the file is let go. */
    @Override
    public final void close() {
        assert loop.inLoop();
        if (!closing) {
            closing = true;
            releaseIfIdle();
        }
    }

    private void releaseIfIdle() {
        if (closing && outstandingCount == 0) {
            bounceBuffers.close();
            if (synchronizationFd >= 0) {
                file.calls().close(synchronizationFd);
            }
            onReleased();
            file.release();
        }
    }
}
