package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The records of a secure channel: changed, cut, out of order, and under ever new keys. */
@ParameterizedClass
@EnumSource(value = TcpEngine.class, names = {"IO_URING", "NIO"})
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsRecordTest {
    private static final int DEPTH = 8;
    private static final int SLOT_BYTES = 128 * 1024;
    private static final long CONNECT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final TlsPsk KEY = TlsKeys.SHA_384;

    @Parameter
    TcpEngine engine;

    private final List<MemoryController> controllers = new CopyOnWriteArrayList<>();
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
    void refusesARecordWithAFlippedBit() throws Exception {
        for (int bit : new int[] {0, 77, 8 * 128, 8 * 144 + 7}) {
            try (var target = target(TcpOptions.defaults()); var listener = listen(target);
                    RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
                byte[] record = peer.seal(TlsRecord.APPLICATION_DATA, peer.icReq());
                record[TlsRecord.HEADER_BYTES + bit / 8] ^= (byte) (1 << bit % 8);
                peer.socket.send(record);
                assertThat(peer.receiveAlert()).isEqualTo(TlsAlert.BAD_RECORD_MAC);
                assertThat(controllers).isEmpty();
            }
        }
    }

    @Test
    void handsOnWhatCameBeforeABadRecord() throws Exception {
        try (var target = target(TcpOptions.defaults()); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
            peer.initialize();
            byte[] record = peer.seal(TlsRecord.APPLICATION_DATA, new byte[8]);
            record[record.length - 1] ^= 1;
            peer.socket.send(record);
            CloseReason reason = controllers.getFirst().closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.PROTOCOL_ERROR);
            assertThat(reason.message()).contains("changed on its way", "bad_record_mac");
            assertThat(peer.receiveAlert()).isEqualTo(TlsAlert.BAD_RECORD_MAC);
        }
    }

    @Test
    void refusesARecordSentAgain() throws Exception {
        try (var target = target(TcpOptions.defaults()); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
            byte[] record = peer.seal(TlsRecord.APPLICATION_DATA, peer.icReq());
            peer.socket.send(record);
            assertThat(peer.receive().type()).isEqualTo(TlsRecord.APPLICATION_DATA);
            peer.socket.send(record);
            assertThat(peer.receiveAlert()).isEqualTo(TlsAlert.BAD_RECORD_MAC);
        }
    }

    @Test
    void refusesWhatDoesNotBelongInTheChannel() throws Exception {
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> peer.socket.send(new byte[] {20, 3, 3, 0, 1, 1}));
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> peer.socket.send(new byte[] {0, 0, 128 - 256, 0, 0}));
        assertRefused(TlsAlert.RECORD_OVERFLOW, peer -> peer.socket.send(new byte[] {23, 3, 3, 0x41, 1}));
        assertRefused(TlsAlert.DECODE_ERROR, peer -> peer.socket.send(new byte[] {23, 3, 3, 0, 0}));
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> peer.send(0));
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> peer.send(TlsRecord.CHANGE_CIPHER_SPEC, (byte) 1));
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> peer.send(TlsRecord.HANDSHAKE));
        // A ticket, from a client; a ClientHello; and KeyUpdates of the wrong length, value, and place.
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> peer.send(TlsRecord.HANDSHAKE, (byte) 4));
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> peer.send(TlsRecord.HANDSHAKE, (byte) 1));
        assertRefused(TlsAlert.DECODE_ERROR, peer -> peer.send(TlsRecord.HANDSHAKE, bytes(24, 0, 0, 2, 0, 0)));
        assertRefused(TlsAlert.ILLEGAL_PARAMETER, peer -> peer.send(TlsRecord.HANDSHAKE, bytes(24, 0, 0, 1, 2)));
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> peer.send(TlsRecord.HANDSHAKE,
                bytes(24, 0, 0, 1, 0, 24, 0, 0, 1, 0)));
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> {
            peer.send(TlsRecord.HANDSHAKE, bytes(24, 0));
            peer.send(TlsRecord.APPLICATION_DATA, peer.icReq());
        });
        assertRefused(TlsAlert.DECODE_ERROR, peer -> peer.send(TlsRecord.ALERT, (byte) 1));
        assertRefused(TlsAlert.UNEXPECTED_MESSAGE, peer -> {
            for (int i = 0; i <= TlsRecordReader.QUIET_RECORDS_MAX; i++) {
                peer.send(TlsRecord.APPLICATION_DATA);
            }
        });
        assertThat(controllers).isEmpty();
    }

    @Test
    void takesRecordsOfEveryShape() throws Exception {
        try (var target = target(TcpOptions.defaults()); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
            byte[] request = peer.icReq();
            peer.send(TlsRecord.APPLICATION_DATA);
            // Padded with zeros behind the type.
            byte[] padded = Arrays.copyOf(new byte[] {request[0], TlsRecord.APPLICATION_DATA}, 16 * 1024);
            peer.send(0, padded);
            for (int i = 1; i < request.length; i++) {
                peer.send(TlsRecord.APPLICATION_DATA, request[i]);
            }
            assertThat(peer.receive().content()).as("ICResp").hasSize(128);
        }
    }

    @Test
    void answersARequestForNewKeys() throws Exception {
        try (var target = target(TcpOptions.defaults()); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
            for (int i = 0; i < 3; i++) {
                peer.sendKeyUpdate(true);
                RawTlsPeer.Received answer = peer.receive();
                assertThat(answer.type()).isEqualTo(TlsRecord.HANDSHAKE);
                assertThat(answer.content()).isEqualTo(TlsPostHandshake.encodeKeyUpdate(false));
                peer.sendKeyUpdate(false);
            }
            peer.initialize();
        }
    }

    @Test
    void changesItsKeysUnderLoad() throws Exception {
        TcpOptions options = TlsKeys.both(TcpOptions.defaults(), KEY);
        options = options.withTls(options.tls().withKeyBytesMax(100_000));
        try (var target = new TcpTargetTransport(loops, options); var listener = listen(target);
                var host = new TcpHostTransport(loops, options)) {
            WorkloadHost queue = new WorkloadHost(DEPTH, SLOT_BYTES, 2_000, 7);
            EventLoop loop = loops.loop(0);
            host.connect(loop, listener.address(),
                    new HostQueueOptions(DEPTH, true, true, CONNECT_TIMEOUT_NANOS), queue);
            queue.connected.get();
            loop.execute(queue::begin);
            queue.done.get();
            assertThat(queue.completed).hasValue(2_000);
            assertThat(target.tlsCounters().keyUpdateCount()).isGreaterThan(100);
        }
    }

    @Test
    void answersCloseNotifyAndSendsItsOwn() throws Exception {
        try (var target = target(TcpOptions.defaults()); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
            peer.initialize();
            peer.send(TlsRecord.ALERT, (byte) 1, (byte) TlsAlert.CLOSE_NOTIFY);
            assertThat(peer.receiveAlert()).isEqualTo(TlsAlert.CLOSE_NOTIFY);
            CloseReason reason = controllers.getLast().closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.PEER_CLOSED);
            assertThat(reason.message()).doesNotContain("without");
            try (RawTlsPeer other = new RawTlsPeer(listener.address(), KEY)) {
                other.initialize();
                MemoryController controller = controllers.getLast();
                controller.sender.loop().execute(
                        () -> controller.sender.close(CloseReason.of(CloseReason.Kind.LOCAL, "done")));
                assertThat(other.receiveAlert()).isEqualTo(TlsAlert.CLOSE_NOTIFY);
            }
        }
    }

    @Test
    void tellsAnOrderlyEndFromATruncation() throws Exception {
        try (var target = target(TcpOptions.defaults()); var listener = listen(target)) {
            try (RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
                peer.initialize();
            }
            CloseReason reason = controllers.getLast().closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.PEER_CLOSED);
            assertThat(reason.message()).contains("without close_notify");
            try (RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
                peer.initialize();
                peer.socket.send(Arrays.copyOf(peer.seal(TlsRecord.APPLICATION_DATA, new byte[100]), 50));
            }
            while (controllers.size() < 2) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            reason = controllers.getLast().closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.TRANSPORT_ERROR);
            assertThat(reason.message()).contains("cut in a TLS record");
        }
    }

    @Test
    void tellsWhyThePeerEndedTheChannel() throws Exception {
        try (var target = target(TcpOptions.defaults()); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
            peer.initialize();
            peer.send(TlsRecord.ALERT, (byte) 2, (byte) TlsAlert.BAD_RECORD_MAC);
            CloseReason reason = controllers.getLast().closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.TERMINATED_BY_PEER);
            assertThat(reason.message()).contains("bad_record_mac");
            assertThat(peer.socket.atEnd()).as("no alert is answered with one").isTrue();
        }
    }

    private void assertRefused(int alert, Act act) throws Exception {
        try (var target = target(TcpOptions.defaults()); var listener = listen(target);
                RawTlsPeer peer = new RawTlsPeer(listener.address(), KEY)) {
            act.on(peer);
            assertThat(peer.receiveAlert()).isEqualTo(alert);
        }
    }

    private interface Act {
        void on(RawTlsPeer peer) throws Exception;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private TcpTargetTransport target(TcpOptions options) {
        return new TcpTargetTransport(loops, options.withTls(TlsKeys.target(TlsPolicy.REQUIRED, KEY)));
    }

    private TargetTransport.Listener listen(TcpTargetTransport target) throws IOException {
        return target.listen(TransportAddress.tcp("127.0.0.1", 0), sender -> {
            MemoryController controller = new MemoryController(sender, DEPTH * SLOT_BYTES, DEPTH);
            controllers.add(controller);
            return controller;
        });
    }
}
