package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.tcp.PduType;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportSecurity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.junit.jupiter.params.provider.EnumSource;

/** Who gets a connection with which key, and what the others are told; with every engine. */
@ParameterizedClass
@EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsConnectionTest {
    private static final int DEPTH = 4;
    private static final int TERM_REQ_BYTES = 24;
    private static final long CONNECT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    @Parameter
    TcpEngine engine;

    private final List<CapsuleSender> accepted = new CopyOnWriteArrayList<>();
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

    @ParameterizedTest(name = "{0}")
    @EnumSource(TlsCipherSuite.class)
    void tellsBothEndsWhoseKeyItWas(TlsCipherSuite suite) throws Exception {
        TlsPsk key = suite == TlsCipherSuite.TLS_AES_128_GCM_SHA256 ? TlsKeys.SHA_256 : TlsKeys.SHA_384;
        try (var target = target(TlsPolicy.REQUIRED, TlsKeys.SHA_256, TlsKeys.SHA_384);
                var host = new TcpHostTransport(loops, TlsKeys.host(key))) {
            CommandSender sender = connect(host, listen(target).address()).connected.get();
            TransportSecurity expected = new TransportSecurity(key.identity(), suite.name());
            assertThat(accepted.getFirst().security()).as("the controller's").contains(expected);
            assertThat(sender.security()).as("the host's").contains(expected);
            assertThat(target.tlsCounters().completedCount()).isOne();
            assertThat(target.tlsCounters().handshakeCount()).isZero();
            assertThat(target.tlsCounters().handshakeBytes()).isZero();
        }
    }

    @Test
    void choosesAmongTheKeysAHostOffers() throws Exception {
        try (var target = target(TlsPolicy.REQUIRED, TlsKeys.SHA_384);
                var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256, TlsKeys.SHA_384))) {
            connect(host, listen(target).address()).connected.get();
            assertThat(accepted.getFirst().security()).contains(
                    new TransportSecurity(TlsKeys.SHA_384.identity(), TlsKeys.SHA_384.suite().name()));
        }
        try (var target = target(TlsPolicy.REQUIRED, TlsKeys.SHA_384, TlsKeys.SHA_256);
                var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256, TlsKeys.SHA_384))) {
            connect(host, listen(target).address()).connected.get();
            assertThat(accepted.getLast().security()).as("the host's first").contains(
                    new TransportSecurity(TlsKeys.SHA_256.identity(), TlsKeys.SHA_256.suite().name()));
        }
    }

    @Test
    void tellsBothEndsOfAWrongKey() throws Exception {
        try (var target = target(TlsPolicy.REQUIRED, TlsKeys.SHA_256);
                var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.wrong(TlsKeys.SHA_256)))) {
            CloseReason reason = connect(host, listen(target).address()).closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.TERMINATED_BY_PEER);
            assertThat(reason.message()).contains("another key", TlsKeys.SHA_256.identity(), "decrypt_error");
            assertThat(target.tlsCounters().failedCount()).isOne();
            assertThat(accepted).isEmpty();
        }
    }

    @Test
    void tellsBothEndsOfAnUnknownIdentity() throws Exception {
        try (var target = target(TlsPolicy.REQUIRED, TlsKeys.SHA_384);
                var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256))) {
            CloseReason reason = connect(host, listen(target).address()).closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.TERMINATED_BY_PEER);
            assertThat(reason.message()).contains("does not know the identity", TlsKeys.SHA_256.identity(),
                    "unknown_psk_identity");
            assertThat(target.tlsCounters().failedCount()).isOne();
            assertThat(accepted).isEmpty();
        }
    }

    @Test
    void tellsBothEndsOfAKeyWithAnotherHash() throws Exception {
        TlsPsk other = TlsPsk.of(TlsKeys.SHA_256.identity(), TlsKeys.SHA_384.secret(),
                TlsCipherSuite.TLS_AES_256_GCM_SHA384);
        try (var target = target(TlsPolicy.REQUIRED, other);
                var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256))) {
            CloseReason reason = connect(host, listen(target).address()).closed.get();
            assertThat(reason.message()).contains("another hash", "handshake_failure");
        }
    }

    @Test
    void endsAHandshakeWhoseKeysCannotBeFound() throws Exception {
        TlsOptions broken = TlsOptions.off().withLookup(TlsPolicy.REQUIRED, _ -> {
            throw new IllegalStateException("the key store is gone");
        });
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults().withTls(broken));
                var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256))) {
            assertThat(connect(host, listen(target).address()).closed.get().message()).contains("internal_error");
        }
        try (var target = target(TlsPolicy.REQUIRED, TlsKeys.SHA_256);
                var host = new TcpHostTransport(loops, TlsKeys.host())) {
            CloseReason reason = connect(host, listen(target).address()).closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.LOCAL);
            assertThat(reason.message()).contains("no TLS key");
        }
    }

    @Test
    void refusesPlainHostsWhereTlsIsRequired() throws Exception {
        try (var target = target(TlsPolicy.REQUIRED, TlsKeys.SHA_256);
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target)) {
            CloseReason reason = connect(host, listener.address()).closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.PEER_CLOSED);
            assertThat(accepted).isEmpty();
            assertThat(target.tlsCounters().plainRefusedCount()).isOne();
            try (RawPeer raw = new RawPeer(listener.address())) {
                raw.send(new byte[] {0});
                assertThat(raw.atEnd()).as("answered with nothing").isTrue();
            }
        }
    }

    @Test
    void servesBothWhereTlsIsAllowed() throws Exception {
        try (var target = target(TlsPolicy.ALLOWED, TlsKeys.SHA_256);
                var plain = new TcpHostTransport(loops, TcpOptions.defaults());
                var secure = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256));
                var listener = listen(target)) {
            connect(plain, listener.address()).connected.get();
            assertThat(accepted.getFirst().security()).isEmpty();
            connect(secure, listener.address()).connected.get();
            assertThat(accepted.getLast().security()).isPresent();
            try (RawPeer raw = new RawPeer(listener.address())) {
                raw.initialize();
            }
        }
    }

    @Test
    void answersTlsWithATerminateRequestWhereItIsOff() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256));
                var listener = listen(target)) {
            CloseReason reason = connect(host, listener.address()).closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.PROTOCOL_ERROR);
            assertThat(reason.message()).contains("not TLS", "enabled at this port");
            try (RawPeer raw = new RawPeer(listener.address())) {
                raw.send(RawTlsPeer.clientHello(TlsKeys.SHA_256));
                assertThat(raw.receive(TERM_REQ_BYTES)[0]).isEqualTo((byte) PduType.C2H_TERM_REQ.code());
            }
            assertThatThrownBy(() -> target.listen(TransportAddress.tcp("127.0.0.1", 0), TlsPolicy.ALLOWED, _ -> null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aListenerMayHaveAPolicyOfItsOwn() throws Exception {
        try (var target = target(TlsPolicy.OFF, TlsKeys.SHA_256);
                var secure = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256));
                var listener = target.listen(TransportAddress.tcp("127.0.0.1", 0), TlsPolicy.REQUIRED, this::accept)) {
            connect(secure, listener.address()).connected.get();
            assertThat(accepted.getFirst().security()).isPresent();
        }
    }

    @Test
    void givesUpOnAControllerThatDoesNotAnswer() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var host = new TcpHostTransport(loops, TcpOptions.defaults().withTls(
                        TlsOptions.off().withOffer(_ -> List.of(TlsKeys.SHA_256)).withHandshakeTimeout(300)))) {
            CloseReason reason =
                    connect(host, TransportAddress.tcp("127.0.0.1", silent.getLocalPort())).closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.TIMEOUT);
            assertThat(reason.message()).contains("no TLS handshake within 300 ms");
        }
        Engines.assertAllMemoryHome(loops);
    }

    @Test
    void aHostThatClosesDuringItsHandshakeIsTold() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.SHA_256));
            WorkloadHost queue = connect(host, TransportAddress.tcp("127.0.0.1", silent.getLocalPort()));
            try (var begun = silent.accept()) {
                assertThat(begun.getInputStream().read()).isEqualTo(TlsRecord.HANDSHAKE);
                host.close();
                assertThat(queue.closed.get().kind()).isEqualTo(CloseReason.Kind.LOCAL);
            }
        }
    }

    private TcpTargetTransport target(TlsPolicy policy, TlsPsk... keys) {
        return new TcpTargetTransport(loops, TcpOptions.defaults().withTls(TlsKeys.target(policy, keys)));
    }

    private TargetTransport.Listener listen(TcpTargetTransport target) throws IOException {
        return target.listen(TransportAddress.tcp("127.0.0.1", 0), this::accept);
    }

    private MemoryController accept(CapsuleSender sender) {
        accepted.add(sender);
        return new MemoryController(sender, 4096, DEPTH);
    }

    private WorkloadHost connect(TcpHostTransport host, TransportAddress address) {
        WorkloadHost queue = new WorkloadHost(DEPTH, 4096, 0, 0);
        host.connect(loops.next(), address, new HostQueueOptions(DEPTH, false, false, CONNECT_TIMEOUT_NANOS), queue);
        return queue;
    }
}
