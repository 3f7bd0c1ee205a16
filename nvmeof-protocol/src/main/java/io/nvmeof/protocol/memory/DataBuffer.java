package io.nvmeof.protocol.memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Off-heap memory for the data of one command, aligned to 4 KiB so that a backend may hand it to a device directly.
 *
 * <p>It has exactly one owner at a time. Whoever is given a buffer either passes it on or {@linkplain #release()
 * releases} it, on the loop of its pool. The object lives as long as its pool, so views of it can be kept in
 * {@link #attachment()}.
 */
public final class DataBuffer {
    private final MemorySegment segment;
    private final BufferPool.Chunk chunk;
    private boolean taken;
    private BufferShare share;
    private Object attachment;
    private ByteBuffer bytes;

    DataBuffer(MemorySegment segment, BufferPool.Chunk chunk) {
        this.segment = segment;
        this.chunk = chunk;
    }

    /** The whole buffer; what is in it after {@link BufferPool#take} is undefined. */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * The same memory for interfaces that take no segment, made once: whoever uses it sets position and limit first.
     */
    public ByteBuffer byteBuffer() {
        if (bytes == null) {
            bytes = segment.asByteBuffer();
        }
        return bytes;
    }

    /** The size in bytes, at least what was asked for. */
    public int capacity() {
        return (int) segment.byteSize();
    }

    /** A transport's cached view of this memory, kept across uses, or {@code null}. */
    public Object attachment() {
        return attachment;
    }

    public void attach(Object view) {
        attachment = view;
    }

    /**
     * Gives the buffer back to its pool.
     *
     * @throws IllegalStateException if it is in the pool already: two owners are the beginning of corrupt data
     */
    public void release() {
        if (!taken) {
            throw new IllegalStateException("data buffer released twice");
        }
        taken = false;
        BufferShare takenOf = share;
        share = null;
        chunk.release(this);
        if (takenOf != null) {
            takenOf.onReleased(this);
        }
    }

    BufferPool.Chunk chunk() {
        return chunk;
    }

    void markTaken(BufferShare takenOf) {
        assert !taken;
        taken = true;
        share = takenOf;
        if (takenOf != null) {
            takenOf.onTaken(this);
        }
    }
}
