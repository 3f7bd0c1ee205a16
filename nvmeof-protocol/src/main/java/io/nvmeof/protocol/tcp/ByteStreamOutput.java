package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.memory.DataBuffer;
import java.lang.foreign.MemorySegment;

/**
 * The sending half of a byte stream, as a connection's state machine sees it: a batch that grows during a turn of the
 * loop and leaves in as few writes as possible. Implemented over sockets, and by the simulator.
 *
 * <p>Everything is called on the connection's loop. After the stream has failed or closed, calls do nothing but
 * release the buffers given to them.
 */
public interface ByteStreamOutput {
    /**
     * Makes room for {@code length} contiguous bytes at the end of the batch, which the caller writes, every one, at
     * {@link #reservedOffset()} of the segment returned, before the next call.
     *
     * @param length at most {@link #RESERVE_BYTES_MAX}
     */
    MemorySegment reserve(int length);

    /** Where the room of the last {@link #reserve} begins in its segment. */
    long reservedOffset();

    /** Copies bytes to the end of the batch; any length. */
    void append(MemorySegment from, long offset, int length);

    /** Appends bytes of a buffer, by reference or copy as is cheaper; the stream owns the buffer and releases it. */
    void append(DataBuffer buffer, int length);

    /** Sends the batch when the loop's turn ends; cheap to call after every PDU. */
    void flush();

    /** Bytes given to the stream that the peer's side of the socket has not taken yet. */
    long pendingBytes();

    /** Sends what is pending, then closes; at once if {@code discardPending}. */
    void close(boolean discardPending);

    /** The longest run that {@link #reserve} promises: the longest PDU header with both digests, and some. */
    int RESERVE_BYTES_MAX = 256;
}
