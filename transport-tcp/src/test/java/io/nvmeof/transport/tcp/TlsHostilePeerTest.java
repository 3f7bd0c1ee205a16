package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What peers may do before and during their handshake, and what it may cost. */
@ParameterizedClass
@EnumSource(value = TcpEngine.class, names = {"IO_URING", "NIO"})
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsHostilePeerTest {
    private static final int DEPTH = 4;
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final TlsOptions REQUIRED = TlsKeys.target(TlsPolicy.REQUIRED, TlsKeys.SHA_256);

    @Parameter
    TcpEngine engine;

    private TcpEventLoops loops;

    @BeforeEach
    void open() {
        loops = Engines.openOrAbort(engine, 2);
    }

    @AfterEach
    void close() throws InterruptedException {
        if (loops != null) {
            Engines.assertAllMemoryHome(loops);
            loops.close();
        }
    }

    @Test
    void forgetsAHandshakeThatIsCutAtAnyByte() throws Exception {
        byte[] hello = RawTlsPeer.clientHello(TlsKeys.SHA_256);
        try (var target = target(REQUIRED); var listener = listen(target)) {
            for (int length = 0; length <= hello.length; length++) {
                try (RawPeer raw = new RawPeer(listener.address())) {
                    raw.send(Arrays.copyOf(hello, length));
                }
            }
            until(() -> target.connectionCount() == 0);
            assertNothingHeld(target);
            assertServes(listener.address());
        }
    }

    @Test
    void takesAHandshakeByteByByte() throws Exception {
        try (var target = target(REQUIRED); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(new RawPeer(listener.address()) {
                    @Override
                    void send(byte[] bytes) throws IOException {
                        for (byte one : bytes) {
                            super.send(new byte[] {one});
                        }
                    }
                }, TlsKeys.SHA_256)) {
            peer.initialize();
            assertThat(target.tlsCounters().completedCount()).isOne();
        }
    }

    @Test
    void takesWhatComesWithTheLastMessageOfTheHandshake() throws Exception {
        byte[][] finished = new byte[1][];
        try (var target = target(REQUIRED); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(new RawPeer(listener.address()) {
                    @Override
                    void send(byte[] bytes) throws IOException {
                        if (bytes.length > 0 && bytes[0] == TlsRecord.APPLICATION_DATA && finished[0] == null) {
                            finished[0] = bytes;
                        } else {
                            super.send(bytes);
                        }
                    }
                }, TlsKeys.SHA_256)) {
            byte[] request = peer.seal(TlsRecord.APPLICATION_DATA, peer.icReq());
            byte[] both = Arrays.copyOf(finished[0], finished[0].length + request.length);
            System.arraycopy(request, 0, both, finished[0].length, request.length);
            peer.socket.send(both);
            assertThat(peer.receive().content()).as("ICResp").hasSize(128);
        }
    }

    @Test
    void endsAHandshakeThatTakesTooLong() throws Exception {
        byte[] hello = RawTlsPeer.clientHello(TlsKeys.SHA_256);
        try (var target = target(REQUIRED.withHandshakeTimeout(1_000)); var listener = listen(target);
                RawPeer silent = new RawPeer(listener.address());
                RawPeer halfHello = new RawPeer(listener.address());
                RawPeer noFinished = new RawPeer(listener.address())) {
            halfHello.send(Arrays.copyOf(hello, 100));
            noFinished.send(hello);
            assertThat(silent.atEnd()).isTrue();
            assertThat(halfHello.atEnd()).isTrue();
            // The target's own messages, if the machine let it come so far, and then the end.
            noFinished.socket.getInputStream().readAllBytes();
            until(() -> target.tlsCounters().timedOutCount() == 3);
            assertNothingHeld(target);
        }
    }

    @Test
    void boundsAThousandHalfOpenHandshakes() throws Exception {
        byte[] hello = RawTlsPeer.clientHello(TlsKeys.SHA_256);
        byte[] half = Arrays.copyOf(hello, hello.length - 1);
        int count = 1000;
        TlsOptions options = REQUIRED.withHandshakeLimits(100, 1 << 20).withHandshakeTimeout(60_000);
        List<RawPeer> peers = new ArrayList<>();
        try (var target = target(options); var listener = listen(target)) {
            try {
                for (int i = 0; i < count; i++) {
                    RawPeer peer = new RawPeer(listener.address());
                    peers.add(peer);
                    peer.send(half);
                }
                until(() -> target.tlsCounters().refusedCount() == count - 100);
                TlsCounters now = target.tlsCounters();
                assertThat(now.handshakeCount()).isEqualTo(100);
                assertThat(now.handshakeBytesPeak()).isBetween(100L * half.length, 1L << 20);
                peers.removeLast().close();
            } finally {
                for (RawPeer peer : peers) {
                    peer.close();
                }
            }
            until(() -> target.connectionCount() == 0);
            assertNothingHeld(target);
            assertServes(listener.address());
        }
    }

    @Test
    void boundsWhatStrangersMakeItHold() throws Exception {
        byte[] start = new byte[TlsRecord.HEADER_BYTES + 8192];
        TlsRecord.encodeHeader(start, TlsRecord.HANDSHAKE, TlsRecord.CONTENT_BYTES_MAX);
        TlsOptions options = REQUIRED.withHandshakeLimits(100, 64 << 10).withHandshakeTimeout(60_000);
        List<RawPeer> peers = new ArrayList<>();
        try (var target = target(options); var listener = listen(target)) {
            try {
                for (int i = 0; i < 20; i++) {
                    RawPeer peer = new RawPeer(listener.address());
                    peers.add(peer);
                    peer.send(start);
                }
                until(() -> target.tlsCounters().refusedCount() >= 16);
                assertThat(target.tlsCounters().handshakeBytesPeak()).isLessThanOrEqualTo(64 << 10);
            } finally {
                for (RawPeer peer : peers) {
                    peer.close();
                }
            }
            until(() -> target.connectionCount() == 0);
            assertNothingHeld(target);
        }
    }

    @Test
    void refusesWhatIsNoHandshake() throws Exception {
        byte[] tooLong = new byte[TlsRecord.HEADER_BYTES];
        TlsRecord.encodeHeader(tooLong, TlsRecord.HANDSHAKE, TlsRecord.SEALED_BYTES_MAX + 1);
        byte[] ssl2 = {TlsRecord.HANDSHAKE, 2, 0, 0, 4, 1, 1, 1, 1};
        byte[] empty = {TlsRecord.HANDSHAKE, 3, 1, 0, 0};
        byte[] noise = {TlsRecord.HANDSHAKE, 3, 1, 0, 8, 1, 0, 0, 4, 3, 3, 3, 3};
        byte[] hello = RawTlsPeer.clientHello(TlsKeys.SHA_256);
        byte[] twice = Arrays.copyOf(hello, 2 * hello.length);
        System.arraycopy(hello, 0, twice, hello.length, hello.length);
        byte[] changed = hello.clone();
        changed[changed.length - 1] ^= 1;
        try (var target = target(REQUIRED); var listener = listen(target)) {
            for (byte[] bytes : List.of(tooLong, ssl2, empty, noise, twice, changed)) {
                try (RawPeer raw = new RawPeer(listener.address())) {
                    raw.send(bytes);
                    byte[] answer = raw.socket.getInputStream().readAllBytes();
                    assertThat(answer).as("answer to " + HexFormat.of().formatHex(bytes))
                            .hasSizeGreaterThanOrEqualTo(7);
                    if (bytes != twice) {
                        assertThat(answer[0]).isEqualTo((byte) TlsRecord.ALERT);
                    }
                }
            }
            until(() -> target.connectionCount() == 0);
            assertNothingHeld(target);
            assertServes(listener.address());
        }
    }

    private void assertServes(TransportAddress address) throws Exception {
        try (var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256))) {
            WorkloadHost queue = new WorkloadHost(DEPTH, 4096, 100, 1);
            EventLoop loop = loops.loop(0);
            host.connect(loop, address, new HostQueueOptions(DEPTH, false, false, WAIT_NANOS), queue);
            queue.connected.get();
            loop.execute(queue::begin);
            queue.done.get();
        }
    }

    private static void assertNothingHeld(TcpTargetTransport target) {
        until(() -> target.tlsCounters().handshakeCount() == 0 && target.tlsCounters().handshakeBytes() == 0);
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("did not happen in time").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private TcpTargetTransport target(TlsOptions tls) {
        return new TcpTargetTransport(loops, TcpOptions.defaults().withTls(tls));
    }

    private static TargetTransport.Listener listen(TcpTargetTransport target) throws IOException {
        return target.listen(TransportAddress.tcp("127.0.0.1", 0),
                sender -> new MemoryController(sender, DEPTH * 4096, DEPTH));
    }
}
