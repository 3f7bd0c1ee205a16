package io.nvmeof.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of the control door: one request at a time, each within a limit of time. */
final class ControlConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** How long a request may take to arrive, and how long a connection may be idle. */
    static final int REQUEST_SECONDS_MAX = 30;
    private static final String ROOT = "/v1/";
    private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);

    private final ControlHandler handler;
    private final ExecutorService handlers;
    private Future<?> deadline;

    ControlConnection(ControlHandler handler, ExecutorService handlers) {
        this.handler = handler;
        this.handlers = handlers;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        startDeadline(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.cancel(false);
    }

    private void startDeadline(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> context.close(), REQUEST_SECONDS_MAX, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        deadline.cancel(false);
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        if (request.decoderResult().isFailure()) {
            answer(context, ControlException.BAD_REQUEST, error("not an HTTP request"), false);
            return;
        }
        ControlRequest asked;
        try {
            asked = asked(request);
        } catch (IllegalArgumentException e) {
            answer(context, ControlException.BAD_REQUEST, error(e.getMessage()), keepAlive);
            return;
        }
        // What a client sends meanwhile waits in its socket.
        context.channel().config().setAutoRead(false);
        try {
            handlers.execute(() -> handle(context, asked, keepAlive));
        } catch (RejectedExecutionException e) {
            answer(context, ControlException.FAILED, error("the target is being stopped"), false);
        }
    }

    private static ControlRequest asked(FullHttpRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        String raw = uri.rawPath();
        if (!raw.startsWith(ROOT)) {
            throw new IllegalArgumentException("paths begin with " + ROOT);
        }
        List<String> path = new ArrayList<>();
        for (String segment : raw.substring(ROOT.length()).split("/", -1)) {
            path.add(QueryStringDecoder.decodeComponent(segment.replace("+", "%2B")));
        }
        Map<String, String> query = new LinkedHashMap<>();
        uri.parameters().forEach((name, values) -> query.put(name, values.getLast()));
        return new ControlRequest(request.method().name(), path, query,
                request.content().toString(StandardCharsets.UTF_8));
    }

    private void handle(ChannelHandlerContext context, ControlRequest asked, boolean keepAlive) {
        int status = HttpResponseStatus.OK.code();
        JsonNode body;
        try {
            body = handler.handle(asked);
        } catch (ControlException e) {
            status = e.status();
            body = error(e.getMessage());
        } catch (InterruptedException e) {
            status = ControlException.FAILED;
            body = error("the target is being stopped");
        } catch (RuntimeException e) {
            LOG.error("control: {} {} failed", asked.method(), asked.path(), e);
            status = ControlException.FAILED;
            body = error("unexpected failure, please report it: " + e);
        }
        int answered = status;
        JsonNode answer = body;
        context.executor().execute(() -> answer(context, answered, answer, keepAlive));
    }

    private void answer(ChannelHandlerContext context, int status, JsonNode body, boolean keepAlive) {
        ByteBuf content = Unpooled.copiedBuffer(body.toPrettyString() + "\n", StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status), content);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        // A client that does not read its answer is given up like one that does not send its request.
        startDeadline(context);
        context.writeAndFlush(response).addListener(keepAlive ? ChannelFutureListener.CLOSE_ON_FAILURE
                : ChannelFutureListener.CLOSE);
        context.channel().config().setAutoRead(true);
    }

    private static JsonNode error(String message) {
        return JsonNodeFactory.instance.objectNode().put("error", message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("control: a connection failed", cause);
        } else {
            LOG.error("control: a connection failed", cause);
        }
        context.close();
    }
}
