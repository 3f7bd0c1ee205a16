package io.nvmeof.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.tcp.ByteStreamOutput;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/**
 * The sending half of a socket. Netty's cost is per buffer, not per byte: so headers and small payloads of a turn are
 * laid out in a slab and leave as one buffer, and only large payloads go as buffers of their own, where they lie.
 *
 * <p>Owned by the channel's loop.
 */
final class ChannelOutput implements ByteStreamOutput {
    /** Payloads up to this size are copied: the copy costs less than one more buffer in Netty's queue and iovec. */
    static final int COPY_BYTES_MAX = 16 * 1024;

    private final TcpEventLoop loop;
    private final ChannelHandlerContext context;
    private final Channel channel;
    private final ChannelPromise promise;
    private final Runnable turnTask = this::endTurn;
    private final Runnable drainListener;
    private final BooleanSupplier lingers;
    /** Seals what leaves, or {@code null} on a plain connection. */
    private final SealedBatch sealed;
    /** How much of a slab is used. */
    private final int slabBytes;
    private TransmitSlab slab;
    private int runStart;
    private int position;
    private long reservedOffset;
    /** Bytes given to the channel and not yet sent. */
    private long inChannelBytes;
    private boolean turnTaskQueued;
    private boolean drained;
    private boolean inRead;
    /** Nothing more is accepted; what was goes out, then the channel closes. */
    private boolean ended;
    private boolean lingering;
    private boolean closed;
    private long closeDeadlineNanos;
    private MemorySegment waste;

    /**
     * @param drainListener run, from a task of the loop, after some of the bytes have been sent
     * @param lingers asked once all is sent before a close: whether to leave closing to the peer for a while
     * @param sealed what seals the bytes, or {@code null} if they leave as they are
     */
    ChannelOutput(TcpEventLoop loop, ChannelHandlerContext context, SealedBatch sealed, Runnable drainListener,
            BooleanSupplier lingers) {
        this.loop = loop;
        this.sealed = sealed;
        this.slabBytes = sealed == null ? TransmitSlabPool.SLAB_BYTES : SealedBatch.BATCH_BYTES_MAX;
        this.lingers = lingers;
        this.drainListener = drainListener;
        this.context = context;
        this.channel = context.channel();
        // A failed write shows as an exception in the pipeline, once for each buffer, instead of in a future for each.
        this.promise = context.voidPromise();
        if (sealed != null) {
            sealed.attach(this);
        }
    }

    @Override
    public MemorySegment reserve(int length) {
        assert length <= RESERVE_BYTES_MAX;
        if (ended) {
            reservedOffset = 0;
            return waste();
        }
        if (slab == null || slabBytes - position < length) {
            nextSlab();
        }
        reservedOffset = position;
        position += length;
        return slab.segment();
    }

    @Override
    public long reservedOffset() {
        return reservedOffset;
    }

    @Override
    public void append(MemorySegment from, long offset, int length) {
        if (ended) {
            return;
        }
        long next = offset;
        int left = length;
        while (left > 0) {
            if (slab == null || position == slabBytes) {
                nextSlab();
            }
            int part = Math.min(left, slabBytes - position);
            MemorySegment.copy(from, next, slab.segment(), position, part);
            position += part;
            next += part;
            left -= part;
        }
    }

    @Override
    public void append(DataBuffer buffer, int length) {
        if (ended) {
            buffer.release();
        } else if (length <= COPY_BYTES_MAX) {
            append(buffer.segment(), 0, length);
            buffer.release();
        } else if (sealed != null) {
            sealLarge(buffer.segment(), length);
            buffer.release();
        } else {
            writeRun();
            write(DataBufferView.lend(buffer, length, this), length);
        }
    }

    @Override
    public void flush() {
        // The end of a read flushes.
        if (!inRead) {
            queueTurnTask();
        }
    }

    @Override
    public long pendingBytes() {
        long pending = inChannelBytes + (position - runStart);
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        // What the kernel has taken of the buffer that is first in the queue.
        return queue == null ? pending : pending - queue.currentProgress();
    }

    @Override
    public void close(boolean discardPending) {
        if (closed) {
            return;
        }
        if (discardPending) {
            ended = true;
            closed = true;
            dropBatch();
            channel.close();
        } else if (!ended) {
            closeDeadlineNanos = loop.nanoTime() + TcpOptions.CLOSE_TIMEOUT_NANOS;
            flushNow();
            ended = true;
            closeIfDrained();
        }
    }

    /** Waits no longer for the peer to close. */
    void stopLingering() {
        if (lingering) {
            close(true);
        }
    }

    /** Whether it was this side that closed, or is about to. */
    boolean isEnded() {
        return ended;
    }

    /** From here to {@link #endRead()} a flush is for nothing: {@link #onReadComplete()} is certain to follow. */
    void beginRead() {
        inRead = true;
    }

    void endRead() {
        inRead = false;
    }

    void onReadComplete() {
        flushNow();
        closeIfDrained();
    }

    /** Gives up on a close whose last bytes nobody takes, and on a peer that does not close after them. */
    void onTick(long nowNanos) {
        if (ended && !closed && nowNanos - closeDeadlineNanos >= 0) {
            close(true);
        }
    }

    /** The channel is gone, and with it whatever was under way. */
    void onChannelClosed() {
        ended = true;
        closed = true;
        dropBatch();
    }

    /** Netty has sent some bytes, or failed to, and needs their memory no more. */
    void onSent(int length) {
        inChannelBytes -= length;
        drained = true;
        // Netty is in the middle of its queue here: what follows from it must wait.
        queueTurnTask();
    }

    private void queueTurnTask() {
        if (!turnTaskQueued && !closed) {
            turnTaskQueued = true;
            loop.execute(turnTask);
        }
    }

    private void endTurn() {
        turnTaskQueued = false;
        if (drained && !closed) {
            drained = false;
            drainListener.run();
        }
        flushNow();
        closeIfDrained();
    }

    private void flushNow() {
        if (ended) {
            dropBatch();
        } else {
            if (slab != null) {
                writeRun();
            }
            if (sealed != null) {
                sealed.writeRun();
            }
            dropBatch();
        }
        if (inChannelBytes > 0 && !closed) {
            context.flush();
        }
    }

    private void closeIfDrained() {
        if (ended && !closed && !lingering && inChannelBytes == 0) {
            lingering = lingers.getAsBoolean();
            if (lingering) {
                closeDeadlineNanos = loop.nanoTime() + TcpOptions.LINGER_TIMEOUT_NANOS;
            } else {
                closed = true;
                channel.close();
            }
        }
    }

    private void nextSlab() {
        if (slab != null) {
            writeRun();
            slab.letGo();
        }
        slab = loop.transmitSlabs().take();
        runStart = 0;
        position = 0;
    }

    private void writeRun() {
        int length = position - runStart;
        if (length > 0 && sealed != null) {
            sealed.append(slab.segment(), runStart, length);
            runStart = position;
        } else if (length > 0) {
            TransmitSlab.Run run = slab.run(this, runStart, position);
            runStart = position;
            write(run, length);
        }
    }

    /** Seals data behind the batch; what does not fill a record becomes the beginning of what follows. */
    private void sealLarge(MemorySegment data, int length) {
        if (slab == null) {
            nextSlab();
        }
        int left = sealed.appendWhole(slab.segment(), runStart, position - runStart, data, length);
        runStart = position;
        append(data, length - left, left);
    }

    /** Takes what has been sealed; {@code wanted} may be {@code null}. */
    void writeSealed(ByteBuf bytes, int length, ChannelPromise wanted) {
        inChannelBytes += length;
        context.write(bytes, wanted == null ? promise : wanted);
    }

    private void write(ByteBuf bytes, int length) {
        inChannelBytes += length;
        context.write(bytes, promise);
    }

    /** Where a caller may write what will never be sent. */
    private MemorySegment waste() {
        if (waste == null) {
            waste = Arena.ofAuto().allocate(RESERVE_BYTES_MAX);
        }
        return waste;
    }

    /** Lets go of the slab, and of whatever in it is not on its way. */
    private void dropBatch() {
        if (slab != null) {
            TransmitSlab dropped = slab;
            slab = null;
            runStart = 0;
            position = 0;
            dropped.letGo();
        }
        if (sealed != null) {
            sealed.letGo();
        }
    }
}
