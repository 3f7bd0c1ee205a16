package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.MemorySegment;

/**
 * One end of an NVMe/TCP connection as a state machine: bytes, time and the end of the stream come in as calls, bytes
 * go out through a {@link ByteStreamOutput}. What the peer does wrong ends the connection here, in one place, with a
 * terminate request; a fault of our own ends it too and goes no further.
 *
 * <p>All calls are made on the connection's loop.
 */
public abstract sealed class PduConnection permits ControllerConnection, HostConnection {
    final EventLoop loop;
    final ByteStreamOutput output;
    final PduWriter writer;
    final PduFramer framer;
    private final PduType termReqType;
    private final long stallTimeoutNanos;
    private final Runnable notifyClosed = this::notifyClosed;
    private final Runnable resume = this::resume;

    private Runnable resumeListener;
    private CloseReason closeReason;
    private boolean paused;
    private boolean resumeQueued;

    /** The time of the last tick: good enough for time limits, and costs nothing. */
    long tickNanos;
    private long inputNanos;
    /** The last tick at which we were the ones who did not read. */
    private long pausedNanos;
    private long drainedBytes;
    private long drainedNanos;

    PduConnection(EventLoop loop, ByteStreamOutput output, boolean host, long stallTimeoutNanos) {
        this.loop = loop;
        this.output = output;
        this.writer = new PduWriter(output);
        this.framer = new PduFramer(this, !host);
        this.termReqType = host ? PduType.H2C_TERM_REQ : PduType.C2H_TERM_REQ;
        this.stallTimeoutNanos = stallTimeoutNanos;
        this.tickNanos = loop.nanoTime();
        this.inputNanos = tickNanos;
        this.pausedNanos = tickNanos;
        this.drainedNanos = tickNanos;
    }

    /**
     * Takes bytes of the stream, in order. Nothing of the segment is used after the call.
     *
     * @return how many were taken: fewer than {@code length} only if the connection is {@link #paused()} now; the same
     *     bytes are offered again when the resume listener is called. After the connection's end everything is taken
     *     and ignored
     */
    public final int receive(MemorySegment segment, long offset, int length) {
        if (closeReason != null) {
            return length;
        }
        paused = false;
        inputNanos = tickNanos;
        int taken;
        try {
            taken = framer.receive(segment, offset, length);
        } catch (ConnectionException e) {
            terminate(e);
            return length;
        } catch (RuntimeException | Error e) {
            fail(e);
            return length;
        }
        if (closeReason != null) {
            return length;
        }
        paused = taken < length;
        return taken;
    }

    /** Whether bytes were refused by the last {@link #receive}: read no more until the resume listener is called. */
    public final boolean paused() {
        return paused;
    }

    /** Sets what is called, from a task of the loop, when bytes that were refused should be offered again. */
    public final void setResumeListener(Runnable listener) {
        resumeListener = listener;
    }

    /**
     * The peer has taken bytes of the output: {@link ByteStreamOutput#pendingBytes()} fell. Without this call a
     * connection that waits for its output goes on with the next tick only. Never called from inside a call that this
     * connection makes.
     */
    public final void onOutputDrained() {
        if (closeReason == null) {
            try {
                onDrained();
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }
    }

    /** The stream has ended or failed, also when it ended because this connection closed it. */
    public final void onStreamClosed(CloseReason reason) {
        if (closeReason == null) {
            end(reason);
        }
    }

    /** Checks the time limits; called about once in a second, also while the output of an ended connection drains. */
    public final void onTick(long nowNanos) {
        tickNanos = nowNanos;
        if (outputStalled()) {
            end(CloseReason.of(CloseReason.Kind.TIMEOUT, "the peer took no data for too long"));
            output.close(true);
            return;
        }
        if (closeReason != null) {
            return;
        }
        if (paused) {
            pausedNanos = nowNanos;
        }
        if (framer.midPdu() && peerStalled(inputNanos)) {
            close(CloseReason.Kind.TIMEOUT, "the rest of a PDU did not come");
            return;
        }
        String exceeded = timeLimitExceeded();
        if (exceeded != null) {
            close(CloseReason.Kind.TIMEOUT, exceeded);
            return;
        }
        onOutputDrained();
    }

    /** Why this connection ended, or {@code null} while it has not. */
    public final CloseReason closeReason() {
        return closeReason;
    }

    /** Ends the connection: once what is queued has been sent for {@link CloseReason.Kind#LOCAL}, else at once. */
    public final void close(CloseReason reason) {
        if (closeReason == null) {
            end(reason);
            output.close(reason.kind() != CloseReason.Kind.LOCAL);
        }
    }

    /** Whether a PDU may be begun now; otherwise input pauses. */
    abstract boolean mayBeginPdu();

    /**
     * A header has come and passed the framer.
     *
     * @param dataLength bytes of data that follow, 0 if none; then {@link #onDataEnd} is not called
     */
    abstract void onHeader(PduType type, MemorySegment segment, long base, int flags, int dataLength);

    /** Data of the PDU in progress; returns false, having taken nothing, to pause. */
    abstract boolean onData(MemorySegment segment, long offset, int length);

    /** All data of the PDU in progress has come. */
    abstract void onDataEnd(PduType type, boolean dataIntact);

    /** Output fell; what waited for it can go on. */
    abstract void onDrained();

    /** What took longer than it may, or {@code null}. */
    abstract String timeLimitExceeded();

    /** The last call: tells the receiver, if there is one. */
    abstract void onClosed(CloseReason reason);

    final boolean closed() {
        return closeReason != null;
    }

    /** Whether the peer has owed us bytes since that moment for too long; time in which we did not read is ours. */
    final boolean peerStalled(long sinceNanos) {
        return stalled(sinceNanos) && stalled(pausedNanos);
    }

    /** Lets refused bytes be offered again, from a fresh stack. */
    final void requestResume() {
        if (paused && !resumeQueued) {
            resumeQueued = true;
            loop.execute(resume);
        }
    }

    final void close(CloseReason.Kind kind, String message) {
        close(CloseReason.of(kind, message));
    }

    /** The peer's terminate request: it knows already, so nothing more is sent. */
    final void onTermReq(TermReqPdu pdu) {
        FatalErrorStatus status = FatalErrorStatus.ofCode(pdu.status());
        String name = status != null ? status.description() : "Fatal Error Status " + pdu.status();
        close(CloseReason.Kind.TERMINATED_BY_PEER,
                "terminated by the peer: " + name + ", information " + Integer.toUnsignedString(pdu.information()));
    }

    /** A fault of this side, whatever it is, costs this connection only. */
    final void fail(Throwable cause) {
        close(new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "internal error", cause));
    }

    private void terminate(ConnectionException e) {
        if (closeReason != null) {
            return;
        }
        writer.termReq(termReqType, e.status(), e.information(), framer.header(), framer.headerBase(),
                framer.headerKnown());
        output.flush();
        end(CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR, e.getMessage()));
        output.close(false);
    }

    private void end(CloseReason reason) {
        if (closeReason == null) {
            closeReason = reason;
            framer.stop();
            // Later: the receiver may be in the middle of a call to us.
            loop.execute(notifyClosed);
        }
    }

    private void notifyClosed() {
        onClosed(closeReason);
    }

    private void resume() {
        resumeQueued = false;
        if (paused && closeReason == null && resumeListener != null) {
            resumeListener.run();
        }
    }

    private boolean stalled(long sinceNanos) {
        return tickNanos - sinceNanos > stallTimeoutNanos;
    }

    private boolean outputStalled() {
        long pending = output.pendingBytes();
        long drained = writer.writtenBytes() - pending;
        if (pending == 0 || drained != drainedBytes) {
            drainedBytes = drained;
            drainedNanos = tickNanos;
            return false;
        }
        return stalled(drainedNanos);
    }
}
