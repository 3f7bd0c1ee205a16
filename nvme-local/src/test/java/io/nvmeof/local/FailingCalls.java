package io.nvmeof.local;

import io.nvmeof.local.posix.FileStatus;
import io.nvmeof.local.posix.LinuxSystemCalls;
import io.nvmeof.local.posix.SystemCalls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The real system calls, except that the next ones of a kind answer what a test wants. */
final class FailingCalls implements SystemCalls {
    private static final SystemCalls REAL = LinuxSystemCalls.instance();

    /** Answers of the next calls; {@link #REALLY} makes the call. */
    static final long REALLY = Long.MIN_VALUE;
    final Queue<Long> reads = new ConcurrentLinkedQueue<>();
    final Queue<Long> writes = new ConcurrentLinkedQueue<>();
    final Queue<Long> allocations = new ConcurrentLinkedQueue<>();
    final Queue<Long> synchronizations = new ConcurrentLinkedQueue<>();
    /** Of fsync, which makes a new file durable: first the file, then its directory. */
    final Queue<Long> creations = new ConcurrentLinkedQueue<>();
    final Queue<Long> locks = new ArrayDeque<>();
    /** What was called, in order: "write 4096 at 0 flags 2", "fdatasync", "fallocate 3". */
    final List<String> journal = new ArrayList<>();

    private synchronized void note(String call) {
        journal.add(call);
    }

    private static long answer(Queue<Long> answers, java.util.function.LongSupplier real) {
        Long answer = answers.poll();
        return answer == null || answer == REALLY ? real.getAsLong() : answer;
    }

    @Override
    public long read(int fd, long address, long length, long offset) {
        return answer(reads, () -> REAL.read(fd, address, length, offset));
    }

    @Override
    public long write(int fd, long address, long length, long offset, int flags) {
        note("write " + length + " at " + offset + " flags " + flags);
        return answer(writes, () -> REAL.write(fd, address, length, offset, flags));
    }

    @Override
    public int allocate(int fd, int mode, long offset, long length) {
        note("fallocate " + mode);
        return (int) answer(allocations, () -> REAL.allocate(fd, mode, offset, length));
    }

    @Override
    public int synchronizeData(int fd) {
        note("fdatasync");
        return (int) answer(synchronizations, () -> REAL.synchronizeData(fd));
    }

    @Override
    public int synchronize(int fd) {
        note("fsync");
        return (int) answer(creations, () -> REAL.synchronize(fd));
    }

    @Override
    public int lock(int fd, int operation) {
        return (int) answer(locks, () -> REAL.lock(fd, operation));
    }

    @Override
    public int directFlag() {
        return REAL.directFlag();
    }

    @Override
    public int directoryFlag() {
        return REAL.directoryFlag();
    }

    @Override
    public int open(String path, int flags, int mode) {
        return REAL.open(path, flags, mode);
    }

    @Override
    public int close(int fd) {
        return REAL.close(fd);
    }

    @Override
    public int unlink(String path) {
        return REAL.unlink(path);
    }

    @Override
    public FileStatus status(int fd) {
        return REAL.status(fd);
    }

    @Override
    public long sizeBytes(int fd) {
        return REAL.sizeBytes(fd);
    }

    @Override
    public boolean deleted(int fd) {
        return REAL.deleted(fd);
    }

    @Override
    public int truncate(int fd, long sizeBytes) {
        return REAL.truncate(fd, sizeBytes);
    }

    @Override
    public int controlInt(int fd, int request) {
        return REAL.controlInt(fd, request);
    }

    @Override
    public long controlLong(int fd, int request) {
        return REAL.controlLong(fd, request);
    }
}
