package io.nvmeof.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportSecurity;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection between its channel and its protocol. Bytes are handed on where the socket put them; if the protocol
 * cannot take them all, the rest is kept and the socket is not read until it can.
 *
 * <p>Owned by the channel's loop.
 */
final class ByteStreamHandler extends ChannelInboundHandlerAdapter implements TcpEventLoop.Ticking {
    private static final Logger LOG = LoggerFactory.getLogger(ByteStreamHandler.class);

    private final TcpEventLoop loop;
    private final StreamProtocol.Factory factory;
    private final CollapsingLog warnings;
    /** What the protocol could not take yet; a peer that closes its end may force in more than one. */
    private final ArrayDeque<ReceiveBuffer> held = new ArrayDeque<>(1);
    private Channel channel;
    private ChannelOutput output;
    private StreamProtocol protocol;
    private TransportAddress peer;
    private CloseReason failure;
    /** The stream is broken, or the protocol is: nothing more is handed on. */
    private boolean dead;
    private boolean closed;

    ByteStreamHandler(TcpEventLoop loop, StreamProtocol.Factory factory, CollapsingLog warnings) {
        this.loop = loop;
        this.factory = factory;
        this.warnings = warnings;
    }

    TcpEventLoop loop() {
        return loop;
    }

    /** Ends the connection in an orderly way; called on the loop. */
    void close(CloseReason reason) {
        if (protocol != null && !closed) {
            protocol.close(reason);
            output.stopLingering();
        } else if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        TlsHandler tls = context.pipeline().get(TlsHandler.class);
        output = new ChannelOutput(loop, context, tls == null ? null : tls.sealed(), this::onOutputDrained,
                this::lingers);
        peer = Addresses.of(channel.remoteAddress());
        TransportAddress local = Addresses.of(channel.localAddress());
        LOG.debug("{}: connected, local {}", peer, local);
        Optional<TransportSecurity> security = tls == null ? Optional.empty() : Optional.of(tls.security());
        protocol = factory.open(loop, output, new StreamProtocol.Ends(local, peer, security), this::resume);
        loop.addTicking(this);
        protocol.start();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReceiveBuffer buffer = (ReceiveBuffer) message;
        if (closed || dead) {
            buffer.release();
        } else if (!held.isEmpty()) {
            held.addLast(buffer);
        } else {
            output.beginRead();
            try {
                if (!offer(buffer)) {
                    held.addLast(buffer);
                    channel.config().setAutoRead(false);
                }
            } finally {
                output.endRead();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (output != null) {
            output.onReadComplete();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (closed) {
            return;
        }
        closed = true;
        loop.removeTicking(this);
        if (output == null) {
            return;
        }
        CloseReason reason = streamCloseReason();
        output.onChannelClosed();
        releaseHeld();
        if (protocol == null) {
            log(reason);
            return;
        }
        protocol.onStreamClosed(reason);
        log(protocol.closeReason() != null ? protocol.closeReason() : reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            // What was still to be sent when the channel closed; why it closed is known elsewhere.
            case ClosedChannelException _ -> LOG.trace("{}: not sent, the connection is closed", peer);
            case TlsFailure broken -> fail(broken.reason());
            case IOException broken -> fail(SocketFailure.reason(broken));
            default -> failInternally(cause);
        }
    }

    @Override
    public void onTick(long nowNanos) {
        try {
            protocol.onTick(nowNanos);
            output.onTick(nowNanos);
        } catch (RuntimeException | Error bug) {
            failInternally(bug);
        }
    }

    @Override
    public String toString() {
        return "connection with " + peer;
    }

    /** Offers a buffer to the protocol, which takes all of it (then it goes home) or only its beginning. */
    private boolean offer(ReceiveBuffer buffer) {
        int length = buffer.readableBytes();
        int taken;
        try {
            taken = protocol.receive(buffer.segment(), buffer.readerIndex(), length);
        } catch (RuntimeException | Error bug) {
            failInternally(bug);
            taken = length;
        }
        if (taken < length) {
            buffer.skipBytes(taken);
            return false;
        }
        buffer.release();
        return true;
    }

    private void onOutputDrained() {
        if (dead) {
            return;
        }
        try {
            protocol.onOutputDrained();
        } catch (RuntimeException | Error bug) {
            failInternally(bug);
        }
    }

    private void resume() {
        if (held.isEmpty() || closed || dead) {
            return;
        }
        while (!held.isEmpty()) {
            // Stays first in line meanwhile: nothing may overtake it.
            ReceiveBuffer first = held.peekFirst();
            if (!offer(first)) {
                return;
            }
            held.pollFirst();
        }
        channel.config().setAutoRead(true);
    }

    private CloseReason streamCloseReason() {
        if (failure != null) {
            return failure;
        }
        return output.isEnded() ? CloseReason.of(CloseReason.Kind.LOCAL, "closed by this side")
                : CloseReason.of(CloseReason.Kind.PEER_CLOSED, "the peer closed the connection");
    }

    private void fail(CloseReason reason) {
        if (failure == null && !closed && (output == null || !output.isEnded())) {
            failure = reason;
        }
        dead = true;
        channel.close();
    }

    /** A fault of our own costs this connection. */
    private void failInternally(Throwable bug) {
        if (closed || output != null && output.isEnded()) {
            LOG.error("{}: internal error in a connection that is over", peer, bug);
        }
        fail(new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "internal error: " + bug, bug));
    }

    /**
     * After a terminate request the socket stays open for a while, and what comes is thrown away: closed with bytes
     * unread it would be reset, and the request might never be seen.
     */
    private boolean lingers() {
        CloseReason reason = protocol == null ? null : protocol.closeReason();
        if (reason == null || reason.kind() != CloseReason.Kind.PROTOCOL_ERROR) {
            return false;
        }
        releaseHeld();
        channel.config().setAutoRead(true);
        return true;
    }

    private void releaseHeld() {
        while (!held.isEmpty()) {
            held.pollFirst().release();
        }
    }

    private void log(CloseReason reason) {
        String key = reason.kind() + " " + reason.message() + " " + peer.address();
        switch (reason.kind()) {
            case LOCAL, PEER_CLOSED -> LOG.debug("{}: closed: {}", peer, reason.message());
            case TRANSPORT_ERROR -> LOG.info("{}: connection lost: {}", peer, reason.message());
            case PROTOCOL_ERROR, TERMINATED_BY_PEER, TIMEOUT ->
                warnings.warn(key, "connection with " + peer + " ended: " + reason.message());
            case INTERNAL_ERROR -> warnings.error(key, "connection with " + peer + " ended by a fault of ours: "
                    + reason.message(), reason.cause());
        }
    }
}
