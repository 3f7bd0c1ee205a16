package io.nvmeof.target.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.StampedLock;

/**
 * A run of blocks of a {@link MemoryBackend} that gets memory when something is written to it and gives it back when
 * the last written block is deallocated. The lock makes every access to it atomic, so that no reader on another loop
 * sees half a block; it is held for as long as a copy takes.
 */
final class MemoryChunk {
    /** Bytes of a chunk; a multiple of every block size. */
    static final int SIZE_BYTES = 256 << 10;
    private static final int ALIGNMENT_BYTES = 4096;
    private static final MemorySegment ZEROES = Arena.global().allocate(64 << 10, ALIGNMENT_BYTES).asReadOnly();

    private final StampedLock lock = new StampedLock();
    private final int blockSizeBytes;
    /** One bit for each block that was written since it was last deallocated. */
    private final long[] written;
    private Arena arena;
    private MemorySegment memory;

    MemoryChunk(int blockSizeBytes) {
        this.blockSizeBytes = blockSizeBytes;
        this.written = new long[Math.max(1, SIZE_BYTES / blockSizeBytes / Long.SIZE)];
    }

    void read(int block, int blockCount, MemorySegment into, long offset) {
        long length = (long) blockCount * blockSizeBytes;
        long stamp = lock.readLock();
        try {
            if (memory == null) {
                fillZeroes(into, offset, length);
            } else {
                MemorySegment.copy(memory, (long) block * blockSizeBytes, into, offset, length);
            }
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Throws {@link OutOfMemoryError}, having changed nothing, if this chunk has no memory and gets none. */
    void write(int block, int blockCount, MemorySegment from, long offset) {
        long stamp = lock.writeLock();
        try {
            if (memory == null) {
                allocate();
            }
            MemorySegment.copy(from, offset, memory, (long) block * blockSizeBytes, (long) blockCount * blockSizeBytes);
            for (int i = block; i < block + blockCount; i++) {
                written[i / Long.SIZE] |= 1L << i;
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Makes blocks read as zeroes and gives their memory back, if no other block of the chunk needs it. */
    void deallocate(int block, int blockCount) {
        long stamp = lock.writeLock();
        try {
            if (memory == null) {
                return;
            }
            for (int i = block; i < block + blockCount; i++) {
                written[i / Long.SIZE] &= ~(1L << i);
            }
            if (noneWritten()) {
                free();
            } else {
                fillZeroes(memory, (long) block * blockSizeBytes, (long) blockCount * blockSizeBytes);
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    boolean hasMemory() {
        long stamp = lock.readLock();
        try {
            return memory != null;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private void allocate() {
        Arena fresh = Arena.ofShared();
        try {
            memory = fresh.allocate(SIZE_BYTES, ALIGNMENT_BYTES);
            arena = fresh;
        } finally {
            if (arena == null) {
                fresh.close();
            }
        }
    }

    private void free() {
        arena.close();
        arena = null;
        memory = null;
    }

    private boolean noneWritten() {
        for (long bits : written) {
            if (bits != 0) {
                return false;
            }
        }
        return true;
    }

    static void fillZeroes(MemorySegment segment, long offset, long length) {
        // Not by a slice, which is garbage for each command where the compiler cannot remove it.
        for (long done = 0; done < length; done += ZEROES.byteSize()) {
            MemorySegment.copy(ZEROES, 0, segment, offset + done, Math.min(ZEROES.byteSize(), length - done));
        }
    }
}
