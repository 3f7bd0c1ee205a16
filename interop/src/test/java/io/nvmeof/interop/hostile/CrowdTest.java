package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.hostile.RawHost.Stage;
import io.nvmeof.transport.tcp.TcpEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts that are many, slow, silent, or gone: lines L01 on of the table. Others are served meanwhile. */
@ParameterizedClass(name = "{0}")
@EnumSource(value = TcpEngine.class, names = {"AUTO", "NIO"})
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class CrowdTest {
    private static final int CROWD = 1000;
    /** Time limits are looked at once a second; the rest is a slow machine's. */
    private static final int SLACK_MILLIS = 8000;
    private static final int IC_MILLIS = (int) TargetBench.IC_TIMEOUT_MILLIS + SLACK_MILLIS;
    private static final int STALL_MILLIS = (int) TargetBench.STALL_TIMEOUT_MILLIS + SLACK_MILLIS;
    private static final int BLOCK = RawHost.BLOCK;

    private static TargetBench bench;

    CrowdTest(TcpEngine engine) {
        assert engine != null;
    }

    @BeforeParameterizedClassInvocation
    static void start(TcpEngine engine) throws IOException {
        bench = TargetBench.open(engine);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        bench.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        bench.proveUnharmed();
    }

    /** L01. */
    @Test
    void aThousandThatNeverSend() throws IOException {
        crowd(new byte[0]);
    }

    /** L02. */
    @Test
    void aThousandThatSendHalfAnIcReq() throws IOException {
        crowd(Arrays.copyOf(Pdu.icReq(0).bytes, 64));
    }

    private static void crowd(byte[] beginning) throws IOException {
        List<RawSocket> crowd = new ArrayList<>();
        try (RawHost witness = RawHost.open(bench.port(), Stage.IO, Digests.NONE)) {
            try {
                for (int i = 0; i < CROWD; i++) {
                    RawSocket socket = RawHost.socket(bench.port());
                    crowd.add(socket);
                    socket.sendAnyway(beginning);
                }
                witness.proveAlive();
                bench.proveOthersLive();
                long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(IC_MILLIS);
                for (RawSocket socket : crowd) {
                    int left = (int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                    assertThat(socket.closedByPeer(left)).as("closed after the time limit").isTrue();
                }
                witness.proveAlive();
            } finally {
                for (RawSocket socket : crowd) {
                    socket.close();
                }
            }
        }
    }

    /** L03. */
    @Test
    void aHostThatSendsOneByteASecondIsNotWaitedFor() throws IOException {
        try (RawSocket socket = RawHost.socket(bench.port())) {
            byte[] icReq = Pdu.icReq(0).bytes;
            long begin = System.nanoTime();
            int sent = 0;
            while (sent < icReq.length && !socket.closedByPeer(500)) {
                socket.sendAnyway(Arrays.copyOfRange(icReq, sent, ++sent));
            }
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.MILLISECONDS.toNanos(IC_MILLIS));
        }
    }

    /** L04. */
    @Test
    void streamsThatEndAnywhere() throws IOException {
        for (boolean reset : new boolean[] {false, true}) {
            for (Stage stage : Stage.values()) {
                byte[] pdu = stage == Stage.SOCKET ? Pdu.icReq(0).bytes
                        : Pdu.command(Sqe.writeInCapsule(1, 0, 8, BLOCK), new byte[8 * BLOCK], Digests.NONE).bytes;
                for (int cut : new int[] {0, 1, 7, 8, 9, 71, 72, 73, pdu.length - 1, pdu.length}) {
                    cutOff(stage, Arrays.copyOf(pdu, Math.min(cut, pdu.length)), reset);
                }
            }
        }
    }

    private static void cutOff(Stage stage, byte[] beginning, boolean reset) throws IOException {
        try (RawHost host = RawHost.open(bench.port(), stage, Digests.NONE)) {
            host.socket().send(beginning);
            if (reset) {
                host.socket().reset();
            } else {
                host.socket().finish();
                assertThat(host.socket().closedByPeer(SLACK_MILLIS)).isTrue();
            }
        }
    }

    /** L05. */
    @Test
    void resetsWhileDataIsOnItsWay() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (RawHost host = RawHost.open(bench.port(), Stage.IO, Digests.NONE)) {
                Answer r2t = host.beginWrite(1, 0, 16);
                host.send(Pdu.h2cData(1, r2t.tag(), 0, new byte[1024], false, Digests.NONE));
                for (int cid = 2; cid < RawHost.QUEUE_ENTRIES; cid++) {
                    host.send(Sqe.read(cid, 0, 128, BLOCK));
                }
                host.socket().reset();
                if (i % 2 == 0) {
                    host.admin().reset();
                }
            }
        }
    }

    /** L06. */
    @Test
    void aPduThatStopsInTheMiddle() throws IOException {
        byte[] write = Pdu.command(Sqe.writeInCapsule(1, 0, 8, BLOCK), new byte[8 * BLOCK], Digests.NONE).bytes;
        List<RawHost> hosts = new ArrayList<>();
        for (int cut : new int[] {1, 8, 71, 72, 1000, write.length - 1}) {
            RawHost host = RawHost.open(bench.port(), Stage.IO, Digests.NONE);
            hosts.add(host);
            host.socket().send(Arrays.copyOf(write, cut));
        }
        closedWithoutAWord(hosts);
    }

    /** L07. */
    @Test
    void dataAskedForThatNeverComes() throws IOException {
        List<RawHost> hosts = new ArrayList<>();
        for (int sent : new int[] {0, 1024}) {
            RawHost host = RawHost.open(bench.port(), Stage.IO, Digests.NONE);
            hosts.add(host);
            Answer r2t = host.beginWrite(1, 0, 16);
            if (sent > 0) {
                host.send(Pdu.h2cData(1, r2t.tag(), 0, new byte[sent], false, Digests.NONE));
            }
        }
        closedWithoutAWord(hosts);
    }

    private static void closedWithoutAWord(List<RawHost> hosts) throws IOException {
        for (RawHost host : hosts) {
            try (host) {
                assertThat(host.socket().read(STALL_MILLIS)).as("closed, not answered").isNull();
                host.succeed(host.admin(), Sqe.propertyGet(1, RawHost.CSTS, false));
            }
        }
    }

    /** L08. */
    @Test
    void hostsThatAskForDataAndNeverRead() throws IOException {
        List<RawSocket> sockets = new ArrayList<>();
        try (RawHost witness = RawHost.open(bench.port(), Stage.IO, Digests.NONE);
                RawHost host = RawHost.open(bench.port(), Stage.ENABLED, Digests.NONE)) {
            try {
                for (int queue = 1; queue <= TargetBench.IO_QUEUE_COUNT_MAX; queue++) {
                    // A system that takes all the data by itself would hide who does not read.
                    RawSocket socket = host.newNarrowIoSocket(queue, TargetBench.QUEUE_SIZE_MAX);
                    sockets.add(socket);
                    for (int i = 0; i < TargetBench.QUEUE_SIZE_MAX; i++) {
                        socket.sendAnyway(Pdu.command(Sqe.read(i, 0, 128, BLOCK), new byte[0], Digests.NONE).bytes);
                    }
                }
                assertThat(bench.takenBytes()).as("bytes of buffers taken").isLessThanOrEqualTo(16 << 20);
                // They may hold every buffer until their time limit; then the witness must go on.
                witness.proveAlive();
                TargetBench.pause(TargetBench.STALL_TIMEOUT_MILLIS + 2500);
                for (RawSocket socket : sockets) {
                    assertThat(socket.closedByPeer(SLACK_MILLIS)).as("closed after the time limit").isTrue();
                }
            } finally {
                for (RawSocket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    /** L09. */
    @Test
    void aSessionOfSingleBytes() throws IOException {
        try (RawHost host = RawHost.open(bench.port(), Stage.IO, Digests.BOTH)) {
            byte[] data = Bytes.pattern(BLOCK, 5);
            Pdu write = Pdu.command(Sqe.writeInCapsule(1, 9, 1, BLOCK), data, Digests.BOTH);
            Pdu read = Pdu.command(Sqe.read(2, 9, 1, BLOCK), new byte[0], Digests.BOTH);
            for (byte each : Bytes.concat(write.bytes, read.bytes)) {
                host.socket().send(new byte[] {each});
            }
            assertThat(host.response(host.socket(), 1).status()).isZero();
            assertThat(host.expect(Pdu.C2H_DATA).data()).isEqualTo(data);
            assertThat(host.response(host.socket(), 2).status()).isZero();
        }
    }

    /** L10. */
    @Test
    void aFloodOfCommands() throws IOException {
        try (RawHost host = RawHost.open(bench.port(), Stage.IO, Digests.NONE)) {
            for (int batch = 0; batch < 2000; batch++) {
                byte[][] pdus = new byte[RawHost.QUEUE_ENTRIES - 1][];
                for (int i = 0; i < pdus.length; i++) {
                    pdus[i] = Pdu.command(Sqe.of(0x7D, i).nsid(1), new byte[0], Digests.NONE).bytes;
                }
                host.socket().send(Bytes.concat(pdus));
                for (int i = 0; i < pdus.length; i++) {
                    assertThat(host.response(host.socket(), i).status()).isEqualTo(0x001);
                }
            }
            host.proveAlive();
        }
    }

    /** L11. */
    @Test
    void sessionsThatComeAndGoAtOnce() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int n = 0; n < 100; n++) {
                        try (RawHost host = RawHost.open(bench.port(), Stage.values()[n % 5], Digests.NONE)) {
                            host.socket().reset();
                        }
                    }
                } catch (IOException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    /** L12. */
    @Test
    void anIoQueueThatOutlivesItsAdminQueue() throws IOException {
        try (RawHost host = RawHost.open(bench.port(), Stage.IO, Digests.NONE)) {
            host.beginWrite(1, 0, 16);
            host.admin().reset();
            assertThat(host.socket().closedByPeer(SLACK_MILLIS)).as("closed with its controller").isTrue();
        }
    }

    /** L13. */
    @Test
    void aHostThatNeverSendsKeepAlive() throws IOException {
        try (RawHost host = RawHost.open(bench.port(), Stage.INITIALIZED, Digests.NONE)) {
            host.connectAdmin(1);
            host.enable();
            assertThat(host.admin().closedByPeer(SLACK_MILLIS)).as("closed when its time is up").isTrue();
        }
    }

    /** L14. */
    @Test
    void moreSilentConnectionsThanMayWait() throws IOException {
        List<RawSocket> crowd = new ArrayList<>();
        try (RawHost witness = RawHost.open(bench.port(), Stage.IO, Digests.NONE)) {
            try {
                for (int i = 0; i < TargetBench.UNINITIALIZED_COUNT_MAX + 100; i++) {
                    crowd.add(RawHost.socket(bench.port()));
                }
                for (RawSocket late : crowd.subList(TargetBench.UNINITIALIZED_COUNT_MAX, crowd.size())) {
                    assertThat(late.closedByPeer(SLACK_MILLIS)).as("refused").isTrue();
                }
                assertThat(bench.connectionCount()).isLessThanOrEqualTo(TargetBench.UNINITIALIZED_COUNT_MAX + 2);
                witness.proveAlive();
            } finally {
                for (RawSocket socket : crowd) {
                    socket.close();
                }
            }
            witness.proveAlive();
        }
    }
}
