package io.nvmeof.cli.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Asks a running target through its control door, one request for each connection. */
public final class ControlClient {
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    private static final int READ_BYTES = 16 << 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path socket;

    /** @param socket the door's path */
    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /** The path of a request, of segments that may have any characters. */
    public static String path(Object... segments) {
        return Arrays.stream(segments)
                .map(segment -> URLEncoder.encode(segment.toString(), StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/", "/v1/", ""));
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param body {@code null} for none
     * @throws IOException if nobody listens, or the connection fails
     * @throws ControlException if the target answers that it could not
     */
    public JsonNode ask(String method, String path, JsonNode body) throws IOException, ControlException {
        EmbeddedChannel codec = new EmbeddedChannel(new HttpClientCodec(), new HttpObjectAggregator(ANSWER_BYTES_MAX));
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            send(codec, channel, request(method, path, body));
            return answer(receive(codec, channel));
        } finally {
            codec.finishAndReleaseAll();
        }
    }

    private static DefaultFullHttpRequest request(String method, String path, JsonNode body) {
        ByteBuf content = body == null ? Unpooled.EMPTY_BUFFER
                : Unpooled.copiedBuffer(body.toString(), StandardCharsets.UTF_8);
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method),
                path, content);
        request.headers().set(HttpHeaderNames.HOST, "nvmeof").set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        return request;
    }

    private static void send(EmbeddedChannel codec, SocketChannel channel, DefaultFullHttpRequest request)
            throws IOException {
        codec.writeOutbound(request);
        for (ByteBuf part = codec.readOutbound(); part != null; part = codec.readOutbound()) {
            ByteBuffer bytes = part.nioBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            part.release();
        }
    }

    private static FullHttpResponse receive(EmbeddedChannel codec, SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        FullHttpResponse response = null;
        while (response == null) {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("the target ended the connection without an answer");
            }
            codec.writeInbound(Unpooled.copiedBuffer(buffer.flip()));
            response = codec.readInbound();
        }
        return response;
    }

    private static JsonNode answer(FullHttpResponse response) throws IOException, ControlException {
        try {
            String text = response.content().toString(StandardCharsets.UTF_8);
            JsonNode json = text.isBlank() ? JSON.nullNode() : JSON.readTree(text);
            if (response.status().code() != 200) {
                throw new ControlException(response.status().code(), json.path("error").asText("the target answered "
                        + response.status()));
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new IOException("the answer is not JSON: " + e.getOriginalMessage(), e);
        } finally {
            response.release();
        }
    }
}
