package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends over loopback sockets, with every engine. */
@ParameterizedClass
@EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpTransportTest {
    private static final int DEPTH = 16;
    private static final int SLOT_BYTES = 256 * 1024;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Parameter
    TcpEngine engine;

    private final List<MemoryController> controllers = new CopyOnWriteArrayList<>();
    private TcpEventLoops loops;

    @BeforeEach
    void open() {
        loops = Engines.openOrAbort(engine, 2);
    }

    @AfterEach
    void close() {
        if (loops != null) {
            loops.close();
        }
    }

    @ParameterizedTest(name = "{0}, digests {1} {2}")
    @CsvSource({"127.0.0.1, false, false", "::1, false, false", "localhost, true, true", "127.0.0.1, true, false",
        "127.0.0.1, false, true"})
    void movesDataIntact(String address, boolean headerDigest, boolean dataDigest) throws Exception {
        run(TcpOptions.defaults(), address, headerDigest, dataDigest, 3, 400);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(TlsCipherSuite.class)
    void movesDataIntactOverTls(TlsCipherSuite suite) throws Exception {
        TlsPsk key = suite == TlsCipherSuite.TLS_AES_128_GCM_SHA256 ? TlsKeys.SHA_256 : TlsKeys.SHA_384;
        run(TlsKeys.both(TcpOptions.defaults(), key), "127.0.0.1", false, true, 3, 400);
        run(TlsKeys.both(TcpOptions.defaults().withSocketBuffers(4096, 4096), key), "::1", true, false, 2, 100);
    }

    @Test
    void movesDataThroughSmallSocketBuffers() throws Exception {
        run(TcpOptions.defaults().withSocketBuffers(4096, 4096), "127.0.0.1", true, true, 2, 100);
    }

    @Test
    void movesDataWithLittleMemory() throws Exception {
        loops.close();
        loops = TcpEventLoops.open(engine, 1, 4L << 20);
        run(TcpOptions.defaults(), "127.0.0.1", false, false, 4, 200);
    }

    @Test
    void carriesMoreLargeReadsAtOnceThanOneWriteTakes() throws Exception {
        int depth = 1200;
        int size = 20_000;
        TcpOptions options = TcpOptions.defaults().withSocketBuffers(64 * 1024, 64 * 1024)
                .withController(ControllerConnectionOptions.defaults().withOutputBytesMax(1 << 28));
        try (var target = new TcpTargetTransport(loops, options);
                var host = new TcpHostTransport(loops, options);
                var listener = target.listen(TransportAddress.tcp("127.0.0.1", 0),
                        sender -> new MemoryController(sender, depth * size, depth))) {
            WorkloadHost queue = new WorkloadHost(depth, size, 4L * depth, 1, true, true);
            host.connect(loops.loop(0), listener.address(),
                    new HostQueueOptions(depth, false, false, 5 * SECOND_NANOS), queue);
            queue.connected.get();
            loops.loop(0).execute(queue::begin);
            queue.done.get();
        }
        Engines.assertAllMemoryHome(loops);
    }

    @Test
    void servesBothFamiliesOnTheWildcardAddress() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target, "::")) {
            for (String address : List.of("127.0.0.1", "::1")) {
                WorkloadHost queue =
                        connect(host, TransportAddress.tcp(address, listener.address().port()), loops.next());
                queue.connected.get();
                assertThat(controllers.getLast().sender.limits().peer().address()).as("peer")
                        .isEqualTo(address);
                assertThat(controllers.getLast().sender.limits().local().port()).isEqualTo(listener.address().port());
            }
        }
    }

    @Test
    void theWildcardOfOneFamilyIsThatOfOneFamily() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target, "0.0.0.0")) {
            assertThat(listener.address().address()).isEqualTo("0.0.0.0");
            int port = listener.address().port();
            connect(host, TransportAddress.tcp("127.0.0.1", port), loops.next()).connected.get();
            assertThat(controllers.getLast().sender.limits().local())
                    .isEqualTo(TransportAddress.tcp("127.0.0.1", port));
            CloseReason other = connect(host, TransportAddress.tcp("::1", port), loops.next()).closed.get();
            assertThat(other.kind()).isIn(CloseReason.Kind.TRANSPORT_ERROR, CloseReason.Kind.PEER_CLOSED);
            assertThat(controllers).hasSize(1);
        }
    }

    @Test
    void spreadsConnectionsOverTheLoops() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target, "127.0.0.1")) {
            for (int i = 0; i < 4; i++) {
                connect(host, listener.address(), loops.loop(0)).connected.get();
            }
            assertThat(controllers).extracting(c -> c.sender.loop()).containsExactlyInAnyOrder(
                    loops.loop(0), loops.loop(1), loops.loop(0), loops.loop(1));
        }
    }

    @Test
    void tellsWhyAConnectionCannotBeMade() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TcpOptions.defaults())) {
            TransportAddress gone;
            try (var listener = listen(target, "127.0.0.1")) {
                gone = listener.address();
            }
            CloseReason refused = connect(host, gone, loops.next()).closed.get();
            assertThat(refused.kind()).isEqualTo(CloseReason.Kind.TRANSPORT_ERROR);
            assertThat(refused.message()).contains("connection refused");
            CloseReason unknown = connect(host, TransportAddress.tcp("no.such.name.invalid", 4420), loops.next())
                    .closed.get();
            assertThat(unknown.kind()).isEqualTo(CloseReason.Kind.TRANSPORT_ERROR);
            assertThat(unknown.message()).contains("cannot be resolved");
            assertThat(host.connectionCount()).isZero();
        }
    }

    @Test
    void givesUpConnectingInTime() throws Exception {
        List<Socket> queued = new ArrayList<>();
        try (var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // With the queue of connections to accept full, the system answers nobody.
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                queued.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException fullNow) {
                    break;
                }
            }
            WorkloadHost queue = new WorkloadHost(1, 4096, 0, 0);
            long begun = System.nanoTime();
            host.connect(loops.next(), TransportAddress.tcp("127.0.0.1", full.getLocalPort()),
                    new HostQueueOptions(1, false, false, SECOND_NANOS / 2), queue);
            CloseReason reason = queue.closed.get();
            assertThat(System.nanoTime() - begun).isBetween(SECOND_NANOS / 2, 10 * SECOND_NANOS);
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.TRANSPORT_ERROR);
            assertThat(reason.message()).contains("timed out");
        } finally {
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }

    @Test
    void refusesAddressesThatAreInUseOrNotOurs() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var listener = listen(target, "127.0.0.1")) {
            assertThatThrownBy(() -> target.listen(listener.address(), _ -> null)).isInstanceOf(IOException.class)
                    .hasMessageContaining(listener.address().toString()).hasMessageContaining("in use");
            assertThatThrownBy(() -> target.listen(TransportAddress.tcp("192.0.2.1", 0), _ -> null))
                    .isInstanceOf(IOException.class).hasMessageContaining("192.0.2.1");
            assertThatThrownBy(() -> target.listen(TransportAddress.tcp("127.0.0.1", 70_000), _ -> null))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("65535");
        }
    }

    @Test
    void tellsBothEndsWhenTheHostCloses() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target, "127.0.0.1")) {
            WorkloadHost queue = connect(host, listener.address(), loops.next());
            var sender = queue.connected.get();
            sender.loop().execute(() -> sender.close(CloseReason.of(CloseReason.Kind.LOCAL, "done")));
            assertThat(queue.closed.get().kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(controllers.getFirst().closed.get().kind()).isEqualTo(CloseReason.Kind.PEER_CLOSED);
        }
    }

    @Test
    void tellsBothEndsWhenTheTargetCloses() throws Exception {
        try (var host = new TcpHostTransport(loops, TcpOptions.defaults())) {
            var target = new TcpTargetTransport(loops, TcpOptions.defaults());
            TransportAddress address = listen(target, "127.0.0.1").address();
            WorkloadHost queue = connect(host, address, loops.next());
            queue.connected.get();
            target.close();
            assertThat(target.connectionCount()).isZero();
            assertThat(queue.closed.get().kind()).isEqualTo(CloseReason.Kind.PEER_CLOSED);
            assertThat(controllers.getLast().closed.get().kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(connect(host, address, loops.next()).closed.get().message()).contains("refused");
        }
    }

    private void run(TcpOptions options, String address, boolean headerDigest, boolean dataDigest, int queueCount,
            int commandCount) throws Exception {
        try (var target = new TcpTargetTransport(loops, options);
                var host = new TcpHostTransport(loops, options);
                var listener = listen(target, address.equals("localhost") ? "127.0.0.1" : address)) {
            List<WorkloadHost> queues = new ArrayList<>();
            for (int i = 0; i < queueCount; i++) {
                WorkloadHost queue = new WorkloadHost(DEPTH, SLOT_BYTES, commandCount, i);
                queues.add(queue);
                EventLoop loop = loops.next();
                host.connect(loop, TransportAddress.tcp(address, listener.address().port()),
                        new HostQueueOptions(DEPTH, headerDigest, dataDigest, 5 * SECOND_NANOS), queue);
                queue.connected.get();
                loop.execute(queue::begin);
            }
            for (WorkloadHost queue : queues) {
                queue.done.get();
                assertThat(queue.completed).hasValue(commandCount);
            }
        }
        Engines.assertAllMemoryHome(loops);
    }

    private TargetTransport.Listener listen(TcpTargetTransport target, String address) throws IOException {
        return target.listen(TransportAddress.tcp(address, 0), sender -> {
            MemoryController controller = new MemoryController(sender, DEPTH * SLOT_BYTES, DEPTH);
            controllers.add(controller);
            return controller;
        });
    }

    private static WorkloadHost connect(TcpHostTransport host, TransportAddress address, EventLoop loop) {
        WorkloadHost queue = new WorkloadHost(DEPTH, SLOT_BYTES, 0, 0);
        host.connect(loop, address, new HostQueueOptions(DEPTH, false, false, 5 * SECOND_NANOS), queue);
        return queue;
    }
}
