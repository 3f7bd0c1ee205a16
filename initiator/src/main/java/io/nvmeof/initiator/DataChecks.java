package io.nvmeof.initiator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

    /** On the queue's loop: whether that thread may use the memory, which is not empty, at all. Tried by using it. */
    static void checkAccess(MemorySegment memory) {
        try {
            memory.get(ValueLayout.JAVA_BYTE, 0);
        } catch (WrongThreadException e) {
            throw new IllegalArgumentException(
                    "data is in memory of a confined arena, which only its own thread can use: allocate it from "
                            + "Arena.ofShared() or Arena.ofAuto()", e);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("the arena of the data has been closed", e);
        }
    }
}
