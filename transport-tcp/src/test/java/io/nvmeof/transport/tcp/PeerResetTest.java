package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.tcp.IcReqPdu;
import io.nvmeof.protocol.tcp.IcRespPdu;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A peer resets the connection right behind its last bytes, while our loop is busy elsewhere: both are there at once
 * when the loop looks, and the end must not be lost behind the bytes. No time limit of ours may be what ends it.
 */
@ParameterizedClass
@EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerResetTest {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long WAIT_SECONDS = 20;
    private static final int IN_CAPSULE_BYTES = 4096;
    private static final TcpOptions PATIENT = TcpOptions.defaults()
            .withController(ControllerConnectionOptions.defaults().withTimeouts(HOUR_NANOS, HOUR_NANOS));

    @Parameter
    TcpEngine engine;

    private TcpEventLoops loops;

    @BeforeEach
    void open() {
        loops = Engines.openOrAbort(engine, 1);
    }

    @AfterEach
    void close() throws Exception {
        if (loops != null) {
            Engines.assertAllMemoryHome(loops);
            loops.close();
        }
    }

    @Test
    void aControllerNoticesAResetBehindTheLastBytes() throws Exception {
        CompletableFuture<PausingController> made = new CompletableFuture<>();
        try (var target = new TcpTargetTransport(loops, PATIENT);
                var listener = target.listen(TransportAddress.tcp("127.0.0.1", 0), sender -> made(sender, made));
                var peer = new RawPeer(listener.address())) {
            peer.initialize();
            whileTheLoopIsBusy(() -> {
                peer.send(new byte[] {4});
                peer.reset();
            });
            assertEndedByThePeer(made.get().closed);
        }
    }

    @Test
    void aPausedControllerNoticesAResetOnceItGoesOn() throws Exception {
        CompletableFuture<PausingController> made = new CompletableFuture<>();
        try (var target = new TcpTargetTransport(loops, PATIENT);
                var listener = target.listen(TransportAddress.tcp("127.0.0.1", 0), sender -> made(sender, made));
                var peer = new RawPeer(listener.address())) {
            peer.initialize();
            peer.sendInCapsuleWrite(0, IN_CAPSULE_BYTES);
            PausingController controller = made.get();
            controller.paused.get(WAIT_SECONDS, TimeUnit.SECONDS);
            peer.send(new byte[] {4});
            peer.reset();
            // The loop has seen what there is to see without reading, and has gone to sleep.
            Thread.sleep(50);
            loops.loop(0).execute(controller::goOn);
            assertEndedByThePeer(controller.closed);
        }
    }

    @Test
    void aHostNoticesAResetBehindTheLastBytes() throws Exception {
        WorkloadHost queue = new WorkloadHost(8, 4096, 16, 1);
        try (var host = new TcpHostTransport(loops, PATIENT);
                var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TransportAddress address =
                    TransportAddress.tcp(listener.getInetAddress().getHostAddress(), listener.getLocalPort());
            host.connect(loops.loop(0), address, new HostQueueOptions(8, false, false, HOUR_NANOS), queue);
            try (Socket controller = listener.accept()) {
                controller.getInputStream().readNBytes(IcReqPdu.SIZE);
                byte[] response = new byte[IcRespPdu.SIZE];
                new IcRespPdu().wrap(MemorySegment.ofArray(response), 0).encode(0, 0, 1 << 20);
                controller.getOutputStream().write(response);
                queue.connected.get(WAIT_SECONDS, TimeUnit.SECONDS);
                whileTheLoopIsBusy(() -> {
                    controller.getOutputStream().write(5);
                    RawPeer.reset(controller);
                });
                assertEndedByThePeer(queue.closed);
            }
        }
    }

    private void whileTheLoopIsBusy(PeerAction action) throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        EventLoop loop = loops.loop(0);
        loop.execute(() -> {
            busy.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.await();
        try {
            action.run();
        } finally {
            done.countDown();
        }
    }

    private static void assertEndedByThePeer(CompletableFuture<CloseReason> closed) throws Exception {
        assertThat(closed.get(WAIT_SECONDS, TimeUnit.SECONDS).kind())
                .isIn(CloseReason.Kind.TRANSPORT_ERROR, CloseReason.Kind.PEER_CLOSED);
    }

    private static PausingController made(CapsuleSender sender, CompletableFuture<PausingController> made) {
        PausingController controller = new PausingController(sender);
        made.complete(controller);
        return controller;
    }

    private interface PeerAction {
        void run() throws IOException;
    }

    /** Does not take the data of its first command until it is told to, and then answers nothing. */
    private static final class PausingController implements CapsuleReceiver {
        private final CapsuleSender sender;
        private final CompletableFuture<Void> paused = new CompletableFuture<>();
        private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
        private int slot;
        private DataBuffer buffer;

        private PausingController(CapsuleSender sender) {
            this.sender = sender;
            sender.setQueueSize(8, false);
        }

        @Override
        public void onCommand(int slot, SubmissionQueueEntry command, long transferLength, boolean inCapsule,
                StatusCode transferFault) {
            this.slot = slot;
            paused.complete(null);
        }

        private void goOn() {
            if (!closed.isDone()) {
                buffer = sender.loop().buffers().take(IN_CAPSULE_BYTES, BufferPool.Purpose.IN_CAPSULE);
                sender.receiveData(slot, buffer, IN_CAPSULE_BYTES);
            }
        }

        @Override
        public void onDataReceived(int slot) {
            buffer.release();
            buffer = null;
        }

        @Override
        public void onDataCorrupt(int slot) {
            throw new AssertionError("corrupt data");
        }

        @Override
        public void onClosed(CloseReason reason) {
            if (buffer != null) {
                buffer.release();
                buffer = null;
            }
            closed.complete(reason);
        }
    }
}
