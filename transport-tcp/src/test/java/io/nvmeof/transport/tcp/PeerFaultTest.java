package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.tcp.PduType;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that are slow, silent, too many, or gone: each costs its own connection, and nothing for long. */
@ParameterizedClass
@EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerFaultTest {
    private static final int DEPTH = 64;
    private static final int STORAGE_BYTES = 1 << 20;
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
    void close() throws Exception {
        if (loops != null) {
            Engines.assertAllMemoryHome(loops);
            loops.close();
        }
    }

    @Test
    void aPeerThatDoesNotReadHoldsALimitedAmountAndIsDropped() throws Exception {
        ControllerConnectionOptions options = ControllerConnectionOptions.defaults().withOutputBytesMax(1 << 20)
                .withTimeouts(5 * SECOND_NANOS, 2 * SECOND_NANOS);
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults().withController(options));
                var listener = listen(target);
                var peer = new RawPeer(listener.address(), 4096)) {
            peer.initialize();
            for (int i = 0; i < DEPTH; i++) {
                peer.sendRead(i, STORAGE_BYTES);
            }
            MemoryController controller = controllers.getFirst();
            assertThat(controller.closed.get().kind()).isEqualTo(CloseReason.Kind.TIMEOUT);
            // What is allowed, one command more, and what the chunks it is cut from round it up to.
            assertThat(controller.sender.loop().buffers().heldBytes()).isLessThanOrEqualTo(8L << 20);
            await(() -> target.connectionCount() == 0);
        }
    }

    @Test
    void aResetInTheMiddleCostsOneConnection() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target)) {
            WorkloadHost other = new WorkloadHost(4, 64 * 1024, 2000, 1);
            connect(host, listener.address(), other);
            for (int round = 0; round < 20; round++) {
                RawPeer peer = new RawPeer(listener.address());
                peer.initialize();
                for (int i = 0; i < DEPTH; i++) {
                    peer.sendRead(i, STORAGE_BYTES);
                }
                peer.receive(100_000 * round);
                peer.reset();
            }
            other.done.get();
            await(() -> target.connectionCount() == 1);
            assertThat(controllers.subList(1, 21)).allSatisfy(controller ->
                    assertThat(controller.closed.get().kind()).isIn(
                            CloseReason.Kind.TRANSPORT_ERROR, CloseReason.Kind.PEER_CLOSED));
        }
    }

    @Test
    void aTerminateRequestArrivesThoughThePeerIsStillSending() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var listener = listen(target);
                var executor = Executors.newVirtualThreadPerTaskExecutor();
                var peer = new RawPeer(listener.address())) {
            peer.initialize();
            byte[] nonsense = new byte[4 << 20];
            nonsense[0] = 0x66;
            Future<Void> sending = executor.submit(() -> {
                peer.send(nonsense);
                return null;
            });
            byte[] header = peer.receive(24);
            assertThat((int) header[0]).isEqualTo(PduType.C2H_TERM_REQ.code());
            sending.get();
            peer.socket.close();
            await(() -> target.connectionCount() == 0);
        }
    }

    @Test
    void aPeerThatStaysAfterATerminateRequestIsClosed() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var listener = listen(target);
                var peer = new RawPeer(listener.address())) {
            peer.initialize();
            peer.send(new byte[] {0x66, 0, 0, 0, 0, 0, 0, 0});
            assertThat((int) peer.receive(24)[0]).isEqualTo(PduType.C2H_TERM_REQ.code());
            peer.receive(8);
            assertThat(peer.atEnd()).isTrue();
            await(() -> target.connectionCount() == 0);
        }
    }

    @Test
    void closingTheTransportWaitsForNoPeerThatWasTerminated() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults());
                var listener = listen(target);
                var peer = new RawPeer(listener.address())) {
            peer.initialize();
            peer.send(new byte[] {0x66, 0, 0, 0, 0, 0, 0, 0});
            peer.receive(32);
            long begun = System.nanoTime();
            new Thread(target::close).start();
            assertThat(peer.atEnd()).isTrue();
            assertThat(System.nanoTime() - begun).isLessThan(TcpOptions.LINGER_TIMEOUT_NANOS);
        }
    }

    @Test
    void aThousandSilentConnectionsCostNothingButTheirSockets() throws Exception {
        ControllerConnectionOptions options =
                ControllerConnectionOptions.defaults().withTimeouts(3 * SECOND_NANOS, 30 * SECOND_NANOS);
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults().withController(options));
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target)) {
            List<RawPeer> silent = new ArrayList<>();
            try {
                for (int i = 0; i < 1000; i++) {
                    silent.add(new RawPeer(listener.address()));
                }
                await(() -> target.uninitializedCount() == 1000);
                Engines.assertAllMemoryHome(loops);
                WorkloadHost queue = new WorkloadHost(4, 4096, 1000, 1);
                connect(host, listener.address(), queue);
                queue.done.get();
                await(() -> target.uninitializedCount() == 0);
                assertThat(target.connectionCount()).isEqualTo(1);
                assertThat(silent.getFirst().atEnd()).isTrue();
                assertThat(silent.getLast().atEnd()).isTrue();
            } finally {
                for (RawPeer peer : silent) {
                    peer.close();
                }
            }
        }
    }

    @Test
    void moreConnectionsThanAllowedAreClosedAtOnce() throws Exception {
        try (var target = new TcpTargetTransport(loops, TcpOptions.defaults().withConnectionCounts(11, 10));
                var host = new TcpHostTransport(loops, TcpOptions.defaults());
                var listener = listen(target)) {
            WorkloadHost first = new WorkloadHost(4, 4096, 20_000, 1);
            connect(host, listener.address(), first);
            List<RawPeer> storm = new ArrayList<>();
            try {
                for (int i = 0; i < 300; i++) {
                    storm.add(new RawPeer(listener.address()));
                    assertThat(target.uninitializedCount()).isLessThanOrEqualTo(10);
                }
                for (RawPeer refused : storm.subList(10, 300)) {
                    assertThat(refused.atEnd()).isTrue();
                }
                assertThat(target.connectionCount()).isEqualTo(11);
                storm.get(0).initialize();
                storm.get(1).initialize();
                try (RawPeer beyondTheTotal = new RawPeer(listener.address())) {
                    assertThat(beyondTheTotal.atEnd()).isTrue();
                }
            } finally {
                for (RawPeer peer : storm) {
                    peer.close();
                }
            }
            first.done.get();
            await(() -> target.connectionCount() == 1);
            WorkloadHost late = new WorkloadHost(4, 4096, 100, 1);
            connect(host, listener.address(), late);
            late.done.get();
        }
    }

    private void connect(TcpHostTransport host, TransportAddress address, WorkloadHost queue) throws Exception {
        host.connect(loops.loop(0), address, new HostQueueOptions(DEPTH, false, false, 5 * SECOND_NANOS), queue);
        queue.connected.get();
        loops.loop(0).execute(queue::begin);
    }

    private TargetTransport.Listener listen(TcpTargetTransport target) throws IOException {
        return target.listen(TransportAddress.tcp("127.0.0.1", 0), sender -> {
            MemoryController controller = new MemoryController(sender, STORAGE_BYTES, DEPTH);
            controllers.add(controller);
            return controller;
        });
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 20 * SECOND_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time until " + condition).isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}
