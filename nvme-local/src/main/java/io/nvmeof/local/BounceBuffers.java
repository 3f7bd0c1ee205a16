package io.nvmeof.local;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Aligned memory for callers whose own is not aligned well enough for O_DIRECT, or not native at all. The buffers of
 * the target's pool are aligned, so this is the exception. Owned by a channel; a buffer stays valid until the channel
 * has nothing outstanding, for the kernel may write to it.
 */
final class BounceBuffers implements AutoCloseable {
    private static final int ALIGNMENT_BYTES = 4096;
    private static final int KEPT_MAX = 16;

    private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
    private final Map<MemorySegment, Arena> arenas = new IdentityHashMap<>();

    /** At least {@code length} bytes, aligned to a page or to {@code alignment}, whichever is more. */
    MemorySegment take(long length, int alignment) {
        MemorySegment kept = free.pollLast();
        if (kept != null) {
            if (kept.byteSize() >= length) {
                return kept;
            }
            discard(kept);
        }
        // Shared, because a worker thread may read and write it.
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(length, Math.max(alignment, ALIGNMENT_BYTES));
        arenas.put(memory, arena);
        return memory;
    }

    void release(MemorySegment memory) {
        if (free.size() < KEPT_MAX) {
            free.addLast(memory);
        } else {
            discard(memory);
        }
    }

    private void discard(MemorySegment memory) {
        arenas.remove(memory).close();
    }

    @Override
    public void close() {
        arenas.values().forEach(Arena::close);
        arenas.clear();
        free.clear();
    }
}
