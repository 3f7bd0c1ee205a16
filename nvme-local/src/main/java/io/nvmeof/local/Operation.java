package io.nvmeof.local;

import io.nvmeof.local.posix.SystemCalls;
import io.nvmeof.target.storage.BackendCompletion;
import java.lang.foreign.MemorySegment;

/**
 * One operation of a channel, and the system call it needs next. Owned by the channel's loop and used again and again;
 * while a call is under way it belongs to the ring or to a worker, which reads the call's fields and writes
 * {@link #result}.
 */
final class Operation {
    /** Opcodes are io_uring's, for calls made on a worker too. */
    static final byte SYNCHRONIZE = 3;
    static final byte ALLOCATE = 17;
    static final byte READ = 22;
    static final byte WRITE = 23;
    /** The flag that makes io_uring's fsync an fdatasync. */
    static final int DATA_ONLY = 1;

    /** The most one call transfers; the kernel's limit is just below 2 GiB. */
    private static final long CALL_BYTES_MAX = 1 << 30;

    final FileChannel channel;

    // The call.
    byte opcode;
    int fd;
    long offset;
    long address;
    int flags;
    /** Bytes still to do, by this call and those after it. */
    long remaining;
    long result;
    int attempts;

    // What the caller wants.
    BackendCompletion completion;
    MemorySegment memory;
    MemorySegment bounce;
    boolean zeroing;
    boolean deallocating;
    boolean synchronizeAfter;
    /** Whether {@link BlockGuard} counts this operation among those that touch its blocks. */
    boolean guarded;
    long startOffset;
    long totalBytes;

    /** The next in whatever list this is in; it is never in two. */
    Operation next;

    Operation(FileChannel channel) {
        this.channel = channel;
    }

    /** Starts over for a new caller. */
    void begin(BackendCompletion completion, int fd, long offset, long length) {
        this.completion = completion;
        this.fd = fd;
        this.offset = offset;
        this.startOffset = offset;
        this.remaining = length;
        this.totalBytes = length;
        this.flags = 0;
        this.attempts = 0;
        this.address = 0;
        this.memory = null;
        this.bounce = null;
        this.zeroing = false;
        this.deallocating = false;
        this.synchronizeAfter = false;
        this.guarded = false;
    }

    /** How many bytes the next read or write asks for. */
    int callBytes() {
        return (int) Math.min(remaining, zeroing ? Zeroes.BYTES : CALL_BYTES_MAX);
    }

    /** The byte after the last. */
    long endOffset() {
        return startOffset + totalBytes;
    }

    /** Makes the call here and now, on a thread that may block. */
    long perform(SystemCalls calls) {
        return switch (opcode) {
            case READ -> calls.read(fd, address, callBytes(), offset);
            case WRITE -> calls.write(fd, address, callBytes(), offset, flags);
            case ALLOCATE -> calls.allocate(fd, flags, offset, remaining);
            case SYNCHRONIZE -> calls.synchronizeData(fd);
            default -> throw new IllegalStateException("opcode " + opcode);
        };
    }
}
