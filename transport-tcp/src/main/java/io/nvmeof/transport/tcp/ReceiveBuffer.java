package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.memory.BufferPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that a socket is read into, with both views of it: Netty's and the connection's. With io_uring the kernel
 * owns it from the submission of a read until its completion, so each read in flight has one of its own.
 */
final class ReceiveBuffer extends LoanedByteBuf {
    private final ReceiveBufferPool pool;
    private final Arena arena;
    private final MemorySegment segment;

    private ReceiveBuffer(ReceiveBufferPool pool, Arena arena, MemorySegment segment) {
        super(segment);
        this.pool = pool;
        this.arena = arena;
        this.segment = segment;
    }

    static ReceiveBuffer allocate(ReceiveBufferPool pool, int size) {
        Arena arena = Arena.ofShared();
        return new ReceiveBuffer(pool, arena, arena.allocate(size, BufferPool.ALIGNMENT_BYTES));
    }

    /** Gives the memory back to the system; the buffer must be home and is not used again. */
    void free() {
        arena.close();
    }

    MemorySegment segment() {
        return segment;
    }

    @Override
    void onReturned() {
        pool.giveBack(this);
    }
}
