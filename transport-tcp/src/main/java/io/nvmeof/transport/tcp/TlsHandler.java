package io.nvmeof.transport.tcp;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportSecurity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a connection secure before the {@link ByteStreamHandler} behind it learns that it exists, opens what it
 * receives, and says goodbye as TLS does. What is sent is sealed by {@link ChannelOutput}.
 *
 * <p>Owned by the channel's loop; only the steps of the handshake run elsewhere, one at a time.
 */
final class TlsHandler extends ChannelDuplexHandler {
    /** How long the last alert may take to leave before the socket closes without it. */
    static final long ALERT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(TlsHandler.class);

    private enum State { NEW, WAITING, HANDSHAKING, OPEN, CLOSED }

    private final TcpEventLoop loop;
    private final TlsHandshakes handshakes;
    private final boolean host;
    private final boolean plainAllowed;
    private final long timeoutNanos;
    private final Consumer<CloseReason> onFailed;
    private final HeldRecords held;
    private State state = State.NEW;
    private ChannelHandlerContext context;
    private TransportAddress peer;
    private TlsHandshake handshake;
    private EventLoop.Timer timer;
    /** A step is being worked on. */
    private boolean busy;
    private boolean counted;
    /** The connection is gone, but the step being worked on may know a better reason: an alert came before the end. */
    private CloseReason gone;
    private TlsPostHandshake messages;
    private TlsRecordReader reader;
    private SealedBatch sealed;
    private TransportSecurity security;
    private int alert = TlsAlert.CLOSE_NOTIFY;
    private boolean closing;

    private TlsHandler(TcpEventLoop loop, TlsHandshakes handshakes, boolean host, boolean plainAllowed,
            long timeoutNanos, Consumer<CloseReason> onFailed) {
        this.loop = loop;
        this.handshakes = handshakes;
        this.host = host;
        this.plainAllowed = plainAllowed;
        this.timeoutNanos = timeoutNanos;
        this.onFailed = onFailed;
        this.held = new HeldRecords(handshakes);
    }

    /**
     * The end of an accepted connection. Why a handshake fails is only logged: nobody has heard of the connection yet.
     *
     * @param plainAllowed whether a connection that does not begin with a ClientHello goes on without TLS
     */
    static TlsHandler controller(TcpEventLoop loop, TlsHandshakes handshakes, boolean plainAllowed) {
        return new TlsHandler(loop, handshakes, false, plainAllowed,
                TimeUnit.MILLISECONDS.toNanos(handshakes.options().handshakeTimeoutMillis()), _ -> { });
    }

    /**
     * A host's end.
     *
     * @param timeoutNanos how long connecting may take, if that is less than a handshake may
     * @param onFailed is told why there is no secure connection; not called if there was one
     */
    static TlsHandler host(TcpEventLoop loop, TlsHandshakes handshakes, long timeoutNanos,
            Consumer<CloseReason> onFailed) {
        return new TlsHandler(loop, handshakes, true, false, Math.min(timeoutNanos,
                TimeUnit.MILLISECONDS.toNanos(handshakes.options().handshakeTimeoutMillis())), onFailed);
    }

    /** What seals this connection's output. */
    SealedBatch sealed() {
        return sealed;
    }

    TransportSecurity security() {
        return security;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        peer = Addresses.of(context.channel().remoteAddress());
        TransportAddress local = Addresses.of(context.channel().localAddress());
        TlsOptions options = handshakes.options();
        handshake = host ? TlsHandshake.host(local, peer, options.offer())
                : TlsHandshake.controller(local, peer, options.lookup());
        state = State.WAITING;
        timer = loop.schedule(timeoutNanos, this::onTimeout);
        if (host && begin()) {
            submit(new byte[0]);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ReceiveBuffer buffer = (ReceiveBuffer) message;
        if (state == State.OPEN && !closing) {
            open(buffer);
        } else if (state == State.WAITING && buffer.getByte(buffer.readerIndex()) != TlsRecord.HANDSHAKE) {
            onPlain(buffer);
        } else if (state == State.HANDSHAKING || state == State.WAITING && begin()) {
            boolean kept = held.add(buffer);
            buffer.release();
            if (kept) {
                pump();
            } else {
                refuse();
            }
        } else {
            buffer.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        if (state == State.OPEN && !closing && messages.takeUpdateRequest() && sealed.isIntact()) {
            sealed.updateKeys();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        State was = state;
        if (was == State.OPEN) {
            state = State.CLOSED;
            if (!reader.isEnded() && !closing) {
                context.fireExceptionCaught(reader.insideRecord()
                        ? TlsFailure.silent(CloseReason.Kind.TRANSPORT_ERROR, "the connection was cut in a TLS record")
                        : TlsFailure.silent(CloseReason.Kind.PEER_CLOSED,
                        "the peer closed the connection without close_notify"));
            }
            reader.close();
        } else if (was == State.WAITING || was == State.HANDSHAKING) {
            onGone(CloseReason.of(CloseReason.Kind.PEER_CLOSED,
                    "the peer closed the connection during the TLS handshake"
                    + (host ? ": is TLS enabled there, with this key?" : "")));
        }
        context.fireChannelInactive();
        if (was == State.OPEN) {
            // Not before: what ends now may still hold what is sealed.
            sealed.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        switch (state) {
            case WAITING, HANDSHAKING -> onGone(cause instanceof IOException ? SocketFailure.reason(cause)
                    : new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "internal error: " + cause, cause));
            case OPEN -> context.fireExceptionCaught(cause);
            case NEW, CLOSED -> LOG.trace("{}: not sent", peer, cause);
        }
    }

    /** An alert leaves before the socket closes, unless the peer takes nothing. */
    @Override
    public void close(ChannelHandlerContext from, ChannelPromise promise) {
        if (isBeginning()) {
            fail(CloseReason.of(CloseReason.Kind.LOCAL, "closed by this side during the TLS handshake"));
        }
        if (state != State.OPEN || closing || !sealed.isIntact() || !context.channel().isActive()
                || alert == TlsFailure.NO_ALERT || alert == TlsAlert.CLOSE_NOTIFY && !nothingPending()) {
            closing = true;
            context.close(promise);
            return;
        }
        closing = true;
        byte level = alert == TlsAlert.CLOSE_NOTIFY ? TlsAlert.WARNING : TlsAlert.FATAL;
        ChannelPromise sent = context.newPromise();
        sealed.control(TlsRecord.ALERT, new byte[] {level, (byte) alert}, sent);
        sealed.letGo();
        context.flush();
        closeAfter(sent, promise);
    }

    private boolean isBeginning() {
        return state == State.WAITING || state == State.HANDSHAKING;
    }

    /** Whether this connection may be one of the handshakes under way. */
    private boolean begin() {
        if (!handshakes.begin()) {
            refuse();
            return false;
        }
        counted = true;
        state = State.HANDSHAKING;
        return true;
    }

    private void refuse() {
        failAndClose(CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR, handshakes.refusal()));
    }

    private void onPlain(ReceiveBuffer buffer) {
        if (plainAllowed) {
            timer.cancel();
            state = State.CLOSED;
            context.pipeline().remove(this);
            context.fireChannelActive();
            context.fireChannelRead(buffer);
            return;
        }
        buffer.release();
        handshakes.onPlainRefused();
        failAndClose(CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR,
                "refused without TLS: this port requires it (connect with --tls)"));
    }

    /** Begins the next step if there is something for it. */
    private void pump() {
        if (!busy) {
            byte[] records = held.takeWhole();
            if (records.length > 0) {
                submit(records);
            }
        }
    }

    private void submit(byte[] records) {
        busy = true;
        context.channel().config().setAutoRead(false);
        TlsHandshake worked = handshake;
        handshakes.execute(() -> {
            TlsHandshake.Step step = worked.advance(records);
            loop.execute(() -> onStep(step, records));
        });
    }

    private void onStep(TlsHandshake.Step step, byte[] records) {
        busy = false;
        if (state != State.HANDSHAKING) {
            if (step.session() != null) {
                step.session().wipe();
            }
            endCounted();
            return;
        }
        if (step.output().length > 0) {
            context.writeAndFlush(Unpooled.wrappedBuffer(step.output()));
        }
        if (step.failure() != null) {
            failAndClose(step.failure());
        } else if (step.session() != null && gone != null) {
            step.session().wipe();
            failAndClose(gone);
        } else if (step.session() != null) {
            onSession(step.session(), held.takeRest(records, step.consumed()));
        } else {
            pump();
            if (!busy && gone != null) {
                failAndClose(gone);
            } else if (!busy && state == State.HANDSHAKING) {
                context.channel().config().setAutoRead(true);
            }
        }
    }

    /** The channel is secure: what came behind the handshake is the first of its records. */
    private void onSession(TlsSession session, byte[] early) {
        timer.cancel();
        messages = new TlsPostHandshake(host);
        try {
            sealed = new SealedBatch(loop, handshakes,
                    TlsTrafficKeys.toSend(session.suite(), session.sendSecret()));
            reader = new TlsRecordReader(TlsTrafficKeys.toReceive(session.suite(), session.receiveSecret()),
                    loop.tlsScratch(), loop.receiveBuffers(), messages, context::fireChannelRead);
        } catch (GeneralSecurityException failure) {
            failAndClose(new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "TLS keys cannot be used", failure));
            return;
        }
        security = new TransportSecurity(session.identity(), session.suite().name());
        state = State.OPEN;
        handshakes.onCompleted();
        held.close();
        handshake = null;
        endCounted();
        LOG.debug("{}: TLS 1.3, {}, identity '{}'", peer, session.suite(), TlsPskPeer.show(session.identity()));
        context.channel().config().setAutoRead(true);
        context.fireChannelActive();
        if (early.length > 0 && state == State.OPEN && !closing) {
            ReceiveBuffer buffer = loop.receiveBuffers().take();
            buffer.writeBytes(early);
            open(buffer);
            channelReadComplete(context);
        }
    }

    private void open(ReceiveBuffer buffer) {
        try {
            reader.receive(buffer);
        } catch (TlsFailure failure) {
            alert = failure.alert();
            context.fireExceptionCaught(failure);
            return;
        }
        if (reader.isEnded()) {
            context.channel().close();
        }
    }

    private void onGone(CloseReason reason) {
        if (!busy) {
            failAndClose(reason);
        } else if (gone == null) {
            gone = reason;
        }
    }

    private void onTimeout() {
        if (isBeginning()) {
            handshakes.onTimedOut();
            failAndClose(CloseReason.of(CloseReason.Kind.TIMEOUT, "no TLS handshake within "
                    + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms"));
        }
    }

    private void failAndClose(CloseReason reason) {
        if (state == State.CLOSED) {
            return;
        }
        fail(reason);
        closing = true;
        // Nothing is read from now on but to be thrown away; unread it would turn the close into a reset.
        context.channel().config().setAutoRead(true);
        ChannelPromise sent = context.newPromise();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER, sent);
        closeAfter(sent, context.newPromise());
    }

    /** There will be no secure connection: says so once. */
    private void fail(CloseReason reason) {
        if (counted || reason.kind() != CloseReason.Kind.PEER_CLOSED) {
            handshakes.onFailed();
        }
        state = State.CLOSED;
        timer.cancel();
        held.close();
        handshake = null;
        if (!busy) {
            endCounted();
        }
        if (!host) {
            handshakes.report(peer, reason);
        }
        onFailed.accept(reason);
    }

    private void endCounted() {
        if (counted) {
            counted = false;
            handshakes.end();
        }
    }

    private void closeAfter(ChannelPromise sent, ChannelPromise closed) {
        boolean[] done = new boolean[1];
        Runnable close = () -> {
            if (!done[0]) {
                done[0] = true;
                context.close(closed);
            }
        };
        EventLoop.Timer limit = loop.schedule(ALERT_TIMEOUT_NANOS, close);
        sent.addListener(_ -> {
            limit.cancel();
            close.run();
        });
    }

    private boolean nothingPending() {
        ChannelOutboundBuffer queue = context.channel().unsafe().outboundBuffer();
        return queue != null && queue.isEmpty() && queue.totalPendingWriteBytes() == 0;
    }
}
