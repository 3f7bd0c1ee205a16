package io.nvmeof.target.controller;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * The memory that Compare reads the storage into, one piece at a time; one command has it, the others wait in line.
 * It does not come from the buffer pool: commands that hold a buffer while they wait for another one could wait for
 * each other for ever. Owned by a loop.
 */
final class CompareBuffer {
    /** Bytes compared at a time; at least one block of the largest size. */
    static final int SIZE_BYTES = 128 << 10;
    private static final int ALIGNMENT_BYTES = 4096;

    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private MemorySegment memory;
    private Request owner;

    /** Whether the request has the buffer now; otherwise it is executed again when its turn comes. */
    boolean tryTake(Request request) {
        if (owner == request) {
            return true;
        }
        if (owner != null) {
            waiting.addLast(request);
            return false;
        }
        owner = request;
        return true;
    }

    /** Whether the request waited for the buffer; then it does not any more. */
    boolean leaveLine(Request request) {
        return waiting.remove(request);
    }

    /** The request is done with the buffer; returns who has it now and must go on, or {@code null}. */
    Request passOn(Request from) {
        if (owner != from) {
            throw new IllegalStateException("the compare buffer belongs to another request");
        }
        owner = waiting.pollFirst();
        return owner;
    }

    /** The memory, taken from the system for the first Compare on this loop. */
    MemorySegment memory() {
        if (memory == null) {
            // Never given back: a backend may still write to it when the connection is gone.
            memory = Arena.global().allocate(SIZE_BYTES, ALIGNMENT_BYTES);
        }
        return memory;
    }
}
