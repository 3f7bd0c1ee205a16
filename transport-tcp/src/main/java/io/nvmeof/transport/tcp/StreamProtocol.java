package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.tcp.ByteStreamOutput;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportSecurity;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** What the bytes of one connection mean: a host's or a controller's side. Everything is called on its loop. */
interface StreamProtocol {
    /** Makes the protocol of a connection that has just been established. */
    interface Factory {
        /**
         * @param resume to be run when a stream that was paused may be offered again, but not from inside
         *     {@link StreamProtocol#receive}
         */
        StreamProtocol open(TcpEventLoop loop, ByteStreamOutput output, Ends ends, Runnable resume);
    }

    /**
     * The two ends of a connection.
     *
     * @param security what the secure channel between them proved, or empty if it is a plain one
     */
    record Ends(TransportAddress local, TransportAddress peer, Optional<TransportSecurity> security) {}

    /** The first call: begins to talk, if it is this side that begins. */
    void start();

    /** Takes bytes of the stream; fewer than {@code length} only when the stream must pause. */
    int receive(MemorySegment segment, long offset, int length);

    /** The peer has taken some of what was sent; never called from inside another call. */
    void onOutputDrained();

    /** About a second has passed. */
    void onTick(long nowNanos);

    /** Ends the connection from this side. */
    void close(CloseReason reason);

    /** The stream has ended, for whatever reason: the last call. */
    void onStreamClosed(CloseReason reason);

    /** Why the connection ended, or {@code null} while it has not; it may end before its stream does. */
    CloseReason closeReason();
}
