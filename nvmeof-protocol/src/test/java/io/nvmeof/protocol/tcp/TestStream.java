package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One direction of a byte stream in memory: what one connection writes waits here until it is handed to the other. */
final class TestStream implements ByteStreamOutput {
    private MemorySegment memory = Arena.ofAuto().allocate(1 << 12, 8);
    private long from;
    private long to;
    private long reserved;
    private boolean closing;
    private boolean failed;
    private int flushCount;

    @Override
    public MemorySegment reserve(int length) {
        if (length > RESERVE_BYTES_MAX) {
            throw new AssertionError("reserved " + length);
        }
        room(length);
        reserved = to;
        // Leftovers, so that a byte nobody writes is seen.
        for (int i = 0; i < length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, reserved + i, (byte) 0xAA);
        }
        to += length;
        return memory;
    }

    @Override
    public long reservedOffset() {
        return reserved;
    }

    @Override
    public void append(MemorySegment source, long offset, int length) {
        room(length);
        MemorySegment.copy(source, offset, memory, to, length);
        to += length;
    }

    @Override
    public void append(DataBuffer buffer, int length) {
        append(buffer.segment(), 0, length);
        buffer.release();
    }

    @Override
    public void flush() {
        flushCount++;
    }

    @Override
    public long pendingBytes() {
        return failed ? 0 : to - from;
    }

    @Override
    public void close(boolean discardPending) {
        closing = true;
        if (discardPending) {
            from = to;
        }
    }

    /** Whether it was closed and everything has been handed over. */
    boolean ended() {
        return closing && from == to;
    }

    boolean closing() {
        return closing;
    }

    int flushCount() {
        return flushCount;
    }

    /** Takes everything waiting, as an array. */
    byte[] take() {
        byte[] bytes = memory.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
        from = to;
        return bytes;
    }

    /**
     * Hands over at most {@code length} of the bytes waiting.
     *
     * @return how many were taken
     */
    int deliver(PduConnection into, int length) {
        int count = (int) Math.min(length, to - from);
        if (count == 0) {
            return 0;
        }
        int taken = into.receive(memory, from, count);
        if (taken < count != into.paused()) {
            throw new AssertionError("took " + taken + " of " + count + ", paused: " + into.paused());
        }
        from += taken;
        return taken;
    }

    /** The stream breaks: nothing more arrives. */
    void fail(PduConnection writer, CloseReason reason) {
        failed = true;
        from = to;
        writer.onStreamClosed(reason);
    }

    private void room(long length) {
        if (from == to) {
            from = 0;
            to = 0;
        }
        if (to + length > memory.byteSize()) {
            MemorySegment grown = Arena.ofAuto().allocate(Math.max(memory.byteSize() * 2, to - from + length), 8);
            MemorySegment.copy(memory, from, grown, 0, to - from);
            memory = grown;
            to -= from;
            from = 0;
        }
    }
}
