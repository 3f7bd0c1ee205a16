package io.nvmeof.initiator;

import java.lang.foreign.MemorySegment;

/** What memory must be like for a transport to move data from or into it. */
final class DataChecks {
    private DataChecks() {
    }

    static MemorySegment checkNative(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException(
                    "data must be in off-heap memory, for instance of Arena.ofShared() or Arena.ofAuto()");
        }
        return memory;
    }

    static MemorySegment checkWritable(MemorySegment memory) {
        if (memory.isReadOnly()) {
            throw new IllegalArgumentException("memory to read into is read-only");
        }
        return checkNative(memory);
    }

    /** On the queue's loop: whether that thread may use the memory at all. */
    static void checkAccess(MemorySegment memory) {
        if (!memory.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalArgumentException(
                    "data is in memory of a confined arena, which only its own thread can use: allocate it from "
                            + "Arena.ofShared() or Arena.ofAuto()");
        }
        if (!memory.scope().isAlive()) {
            throw new IllegalStateException("the arena of the data has been closed");
        }
    }
}
