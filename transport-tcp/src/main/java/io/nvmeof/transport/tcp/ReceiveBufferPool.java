package io.nvmeof.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.ArrayDeque;

/**
 * The receive buffers of one loop. A connection holds one only while a read is in flight or while it is paused with
 * bytes it could not take, so a silent connection costs none.
 */
final class ReceiveBufferPool extends DefaultMaxMessagesRecvByteBufAllocator {
    /** The size of a buffer: the most that one read takes from a socket. */
    static final int BUFFER_BYTES = 128 * 1024;
    /** Reads of one connection before the others have their turn. */
    private static final int READS_PER_TURN = 4;
    /** Buffers kept when they are not in use; what a burst needed beyond that goes back to the system. */
    private static final int IDLE_BUFFERS_MAX = 16;

    private final ArrayDeque<ReceiveBuffer> idle = new ArrayDeque<>();
    private int takenCount;

    ReceiveBufferPool() {
        super(READS_PER_TURN);
    }

    /** Buffers that are out of the pool now. */
    int takenCount() {
        return takenCount;
    }

    int idleCount() {
        return idle.size();
    }

    ReceiveBuffer take() {
        ReceiveBuffer buffer = idle.pollLast();
        if (buffer == null) {
            buffer = ReceiveBuffer.allocate(this, BUFFER_BYTES);
        }
        takenCount++;
        buffer.lend(0, 0);
        return buffer;
    }

    void giveBack(ReceiveBuffer buffer) {
        takenCount--;
        if (idle.size() < IDLE_BUFFERS_MAX) {
            idle.addLast(buffer);
        } else {
            buffer.free();
        }
    }

    /** Gives what is idle back to the system. */
    void freeIdle() {
        while (!idle.isEmpty()) {
            idle.pollLast().free();
        }
    }

    @Override
    public ExtendedHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return BUFFER_BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return take();
            }
        };
    }
}
