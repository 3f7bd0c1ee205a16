package io.nvmeof.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door itself: who may open it, and what comes through it. */
@Timeout(60)
class ControlDoorTest {
    @TempDir
    Path folder;

    private Path socket;

    @BeforeEach
    void choosePath() {
        socket = folder.resolve("door");
    }

    private static JsonNode echo(ControlRequest request) {
        return JsonNodeFactory.instance.objectNode().put("method", request.method())
                .put("path", String.join("|", request.path())).put("query", request.query().toString())
                .put("body", request.body());
    }

    @Test
    void aRequestArrivesAsItWasSent() throws Exception {
        try (ControlDoor door = ControlDoor.open(socket, ControlDoorTest::echo)) {
            assertThat(door.path()).isEqualTo(socket);
            ControlClient client = new ControlClient(socket);
            String odd = "nqn.2026-01.com.example:a/b c+d%?&ö";
            JsonNode answer = client.ask("PATCH", ControlClient.path("subsystems", odd) + "?x=1%202",
                    JsonNodeFactory.instance.objectNode().put("ä", 1));
            assertThat(answer.get("method").asText()).isEqualTo("PATCH");
            assertThat(answer.get("path").asText()).isEqualTo("subsystems|" + odd);
            assertThat(answer.get("query").asText()).isEqualTo("{x=1 2}");
            assertThat(answer.get("body").asText()).isEqualTo("{\"ä\":1}");
            assertThat(client.ask("GET", ControlClient.path("status"), null).get("body").asText()).isEmpty();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void onlyItsUserMayOpenIt() throws Exception {
        try (ControlDoor door = ControlDoor.open(socket, ControlDoorTest::echo)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(door.path())))
                    .isEqualTo("rw-------");
            assertThat(folder.toFile().list()).containsExactly("door");
        }
    }

    @Test
    void failuresHaveAStatusAndAReason() throws Exception {
        ControlHandler handler = request -> {
            switch (request.path().getFirst()) {
                case "wrong" -> throw new ControlException(ControlException.BAD_REQUEST, "is wrong");
                case "broken" -> throw new IllegalStateException("on purpose, for a test");
                default -> throw new ControlException(ControlException.NOT_FOUND, "is not there");
            }
        };
        try (ControlDoor door = ControlDoor.open(socket, handler)) {
            ControlClient client = new ControlClient(door.path());
            assertThatThrownBy(() -> client.ask("GET", "/v1/wrong", null)).isInstanceOf(ControlException.class)
                    .hasMessage("is wrong").matches(e -> ((ControlException) e).usage());
            assertThatThrownBy(() -> client.ask("GET", "/v1/x", null)).hasMessage("is not there")
                    .matches(e -> ((ControlException) e).status() == ControlException.NOT_FOUND);
            assertThatThrownBy(() -> client.ask("GET", "/v1/broken", null)).hasMessageContaining("on purpose")
                    .matches(e -> !((ControlException) e).usage());
            assertThatThrownBy(() -> client.ask("GET", "/other", null)).hasMessage("paths begin with /v1/");
        }
    }

    /** What is no request, or too much of one, is refused, and the door stays open for others. */
    @Test
    void hostileBytesAreRefused() throws Exception {
        String large = "POST /v1/x HTTP/1.1\r\nContent-Length: " + (ControlDoor.REQUEST_BYTES_MAX + 1) + "\r\n\r\n";
        String longLine = "GET /v1/" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n";
        String manyHeaders = "GET /v1/x HTTP/1.1\r\n" + "a: b\r\n".repeat(10_000) + "\r\n";
        try (ControlDoor door = ControlDoor.open(socket, ControlDoorTest::echo)) {
            for (String bytes : List.of("\0\1\2\3 nonsense\r\n\r\n", longLine, manyHeaders,
                    "GET /v1/%zz HTTP/1.1\r\nConnection: close\r\n\r\n")) {
                assertThat(exchange(bytes)).as(bytes.substring(0, 10)).startsWith("HTTP/1.1 400");
            }
            assertThat(exchange(large)).startsWith("HTTP/1.1 413");
            assertThat(new ControlClient(door.path()).ask("GET", "/v1/a", null).get("path").asText()).isEqualTo("a");
        }
    }

    /** Sends bytes and reads until the other end closes, or has answered. */
    private String exchange(String bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            CompletableFuture.runAsync(() -> {
                try {
                    ByteBuffer out = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
                    while (out.hasRemaining()) {
                        channel.write(out);
                    }
                } catch (IOException e) {
                    // It was refused before it was whole.
                }
            });
            ByteBuffer in = ByteBuffer.allocate(64);
            while (in.position() < 12 && channel.read(in) >= 0) {
                // The status line comes first.
            }
            return new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Requests that come before they are asked for wait, and are answered in their order. */
    @Test
    void requestsOfOneConnectionAreAnsweredInOrder() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ControlHandler handler = request -> {
            if (request.path().getFirst().equals("first")) {
                go.await();
            } else {
                assertThat(go.getCount()).isZero();
            }
            return echo(request);
        };
        try (ControlDoor door = ControlDoor.open(socket, handler);
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(door.path()))) {
            String requests = "GET /v1/first HTTP/1.1\r\n\r\nGET /v1/second HTTP/1.1\r\n\r\n"
                    + "GET /v1/third HTTP/1.1\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(requests.getBytes(StandardCharsets.ISO_8859_1)));
            go.countDown();
            ByteBuffer in = ByteBuffer.allocate(16 << 10);
            while (channel.read(in) >= 0) {
                // Until the other end closes, as the last request asked for.
            }
            assertThat(new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1))
                    .containsSubsequence("\"first\"", "\"second\"", "\"third\"").doesNotContain("500");
        }
    }

    @Test
    void oneConnectionTooManyIsTurnedAway() throws Exception {
        try (ControlDoor door = ControlDoor.open(socket, ControlDoorTest::echo)) {
            List<SocketChannel> open = new ArrayList<>();
            try {
                for (int i = 0; i < ControlDoor.CONNECTIONS_MAX; i++) {
                    open.add(SocketChannel.open(UnixDomainSocketAddress.of(door.path())));
                }
                try (SocketChannel more = SocketChannel.open(UnixDomainSocketAddress.of(door.path()))) {
                    assertThat(more.read(ByteBuffer.allocate(1))).isNegative();
                }
            } finally {
                for (SocketChannel each : open) {
                    each.close();
                }
            }
        }
    }

    /** A request that takes its time keeps nobody else waiting. */
    @Test
    void requestsOfOthersDoNotWait() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ControlHandler handler = request -> {
            if (request.path().getFirst().equals("slow")) {
                begun.countDown();
                go.await();
            }
            return echo(request);
        };
        try (ControlDoor door = ControlDoor.open(socket, handler)) {
            ControlClient client = new ControlClient(door.path());
            CompletableFuture<JsonNode> slow = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.ask("GET", "/v1/slow", null);
                } catch (IOException | ControlException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(client.ask("GET", "/v1/quick", null).get("path").asText()).isEqualTo("quick");
            assertThat(slow).isNotDone();
            go.countDown();
            assertThat(slow.get(30, TimeUnit.SECONDS).get("path").asText()).isEqualTo("slow");
        }
    }

    @Test
    void aSocketThatWasLeftBehindIsReplacedAndNothingElseIs() throws Exception {
        ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        left.bind(UnixDomainSocketAddress.of(socket)).close();
        assertThat(socket).exists();
        try (ControlDoor door = ControlDoor.open(socket, ControlDoorTest::echo)) {
            assertThat(new ControlClient(socket).ask("GET", "/v1/a", null).get("path").asText()).isEqualTo("a");
            assertThatThrownBy(() -> ControlDoor.open(door.path(), ControlDoorTest::echo))
                    .hasMessageContaining("is in use by another target");
            assertThat(new ControlClient(socket).ask("GET", "/v1/b", null).get("path").asText()).isEqualTo("b");
        }
        Files.writeString(socket, "precious");
        assertThatThrownBy(() -> ControlDoor.open(socket, ControlDoorTest::echo))
                .hasMessageContaining("exists and is not a socket");
        assertThat(socket).hasContent("precious");
        assertThatThrownBy(() -> ControlDoor.open(folder.resolve("x".repeat(100)), ControlDoorTest::echo))
                .hasMessageContaining("is too long for a socket; allowed: up to 96 bytes");
    }
}
