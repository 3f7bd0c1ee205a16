package io.nvmeof.transport.tcp;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.lang.foreign.MemorySegment;

/**
 * Netty's view of memory that is not Netty's. The view is made once and lent again and again: it is live from
 * {@link #lend} until Netty releases it, which it does exactly once, when the kernel no longer uses the memory; then
 * {@link #onReturned} is called on the loop.
 */
abstract class LoanedByteBuf extends UnpooledDirectByteBuf {
    private final long address;

    /** A view of the whole segment, home at first. */
    LoanedByteBuf(MemorySegment memory) {
        super(UnpooledByteBufAllocator.DEFAULT, memory.asByteBuffer(), (int) memory.byteSize());
        address = memory.address();
        setRefCnt(0);
    }

    /** The memory is home: nobody reads or writes it on behalf of this view any more. */
    abstract void onReturned();

    /** Lends the view, with the bytes between the indexes readable. */
    final void lend(int readerIndex, int writerIndex) {
        if (refCnt() != 0) {
            throw new IllegalStateException("memory lent twice");
        }
        resetRefCnt();
        setIndex(readerIndex, writerIndex);
    }

    /** Without the superclass: the memory is not the view's to free. */
    @Override
    protected final void deallocate() {
        onReturned();
    }

    @Override
    public final boolean hasMemoryAddress() {
        return true;
    }

    /** Known once for all: asking the buffer makes an object each time. */
    @Override
    public final long memoryAddress() {
        assert refCnt() > 0;
        return address;
    }
}
