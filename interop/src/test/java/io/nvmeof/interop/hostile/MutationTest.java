package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.hostile.RawHost.Stage;
import io.nvmeof.transport.tcp.TcpEngine;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Legal sessions with one field of one PDU changed, thousands of them. Each ends in a terminate request, a status or
 * the end of the stream; never in an internal error, a hang, a leak, or a block changed that nobody asked to change.
 *
 * <p>{@code -Dhostile.seed=N} repeats a run; {@code -Dhostile.first=I -Dhostile.sessions=1} one session of it.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class MutationTest {
    private static final long SEED = Long.getLong("hostile.seed", new SplittableRandom().nextLong() >>> 1);
    private static final int FIRST = Integer.getInteger("hostile.first", 0);
    private static final int SESSIONS = Integer.getInteger("hostile.sessions", 4000);
    private static final int BATCH = 250;
    private static final int THREADS = 6;
    private static final int BLOCKS_PER_THREAD = 64;
    /** PDUs that the longest session sends. */
    private static final int PDU_COUNT = 22;
    /** After the change an answer may never come: then the session ends early. */
    private static final int AFTER_MILLIS = 40;
    private static final int CLOSE_MILLIS = 15_000;
    private static final int INTERNAL_ERROR = 0x006;

    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger happened = new AtomicInteger();
    private TargetBench bench;

    @ParameterizedTest(name = "{0}")
    @EnumSource(value = TcpEngine.class, names = {"AUTO", "NIO"})
    void neitherHangNorHarmNorLeak(TcpEngine engine) throws Exception {
        try (TargetBench opened = TargetBench.open(engine)) {
            bench = opened;
            bench.fill((int) SEED);
            int end = FIRST + SESSIONS;
            for (int first = FIRST; first < end; first += BATCH) {
                batch(first, Math.min(end, first + BATCH));
            }
            assertThat(happened.get()).as("changed PDUs that were sent").isGreaterThan(SESSIONS / 2);
        }
    }

    private void batch(int first, int end) throws Exception {
        String name = "-Dhostile.seed=" + SEED + " -Dhostile.first=" + first + " -Dhostile.sessions=" + (end - first);
        byte[] before = bench.contents();
        List<Thread> threads = new ArrayList<>();
        List<BitSet> mayChange = new ArrayList<>();
        AtomicInteger next = new AtomicInteger(first);
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            BitSet own = new BitSet();
            own.set(thread * BLOCKS_PER_THREAD, (thread + 1) * BLOCKS_PER_THREAD);
            mayChange.add(own);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int session = next.getAndIncrement(); session < end; session = next.getAndIncrement()) {
                    runOne(session, thread * BLOCKS_PER_THREAD, own);
                }
            }));
        }
        BitSet all = new BitSet();
        for (int i = 0; i < THREADS; i++) {
            threads.get(i).join();
            all.or(mayChange.get(i));
        }
        assertThat(failures).as(name).isEmpty();
        assertThat(Mutation.wronglyChanged(before, bench.contents(), all)).as("blocks changed by nobody, " + name)
                .isEqualTo(new BitSet());
        try {
            bench.proveUnharmed();
        } catch (AssertionError e) {
            throw new AssertionError(name, e);
        }
    }

    private void runOne(int session, long block, BitSet mayChange) {
        SplittableRandom random = new SplittableRandom(SEED + session);
        Digests digests = new Digests(random.nextBoolean(), random.nextBoolean());
        Mutation mutation = new Mutation(random.nextLong(), PDU_COUNT, mayChange);
        String name = "-Dhostile.seed=" + SEED + " -Dhostile.first=" + session + " -Dhostile.sessions=1, " + digests;
        try (RawHost host = RawHost.unopened(bench.port(), digests, mutation)) {
            mutation.whenDone(() -> host.waitFor(AFTER_MILLIS));
            try {
                session(host, block);
            } catch (IOException | AssertionError e) {
                if (!mutation.happened()) {
                    failures.add(name + ": before " + mutation + ": " + e);
                }
            }
            happened.addAndGet(mutation.happened() ? 1 : 0);
            end(host.socket(), name + ", " + mutation);
            end(host.admin(), name + ", " + mutation);
        } catch (IOException e) {
            failures.add(name + ", " + mutation + ": " + e);
        }
    }

    /** After our end the target must end too, and may not have sent nonsense. */
    private void end(RawSocket socket, String name) throws IOException {
        if (socket.socket().isClosed()) {
            return;
        }
        try {
            socket.finish();
        } catch (IOException e) {
            return; // Closed by the target, or reset.
        }
        try {
            if (!socket.closedByPeer(CLOSE_MILLIS)) {
                failures.add(name + ": not closed");
            }
        } catch (SocketTimeoutException e) {
            failures.add(name + ": not closed");
        }
    }

    private void session(RawHost host, long block) throws IOException {
        host.advance(Stage.INITIALIZED);
        host.connectAdmin(0);
        host.enable();
        command(host.admin(), Sqe.identify(1, 1, 0));
        command(host.admin(), Sqe.logPage(2, 2, 512, 0));
        command(host.admin(), Sqe.setFeatures(3, 7, 0x00030003));
        command(host.admin(), Sqe.getFeatures(4, 0x0F));
        host.admin().send(Pdu.command(Sqe.of(0x0C, 5), new byte[0], host.digests()));
        host.connectIo();
        RawSocket io = host.socket();
        byte[] data = Bytes.pattern(8 * RawHost.BLOCK, (int) block);
        host.writeInCapsule(io, block, data);
        host.writeByR2t(io, block + 16, data);
        host.read(io, block, 8);
        command(io, Sqe.io(0x08, 6, block + 2, 3));
        deallocate(io, block + 40);
        command(io, Sqe.io(0x00, 8, 0, 1));
        compare(io, block + 16, data);
        host.writeByR2t(io, block + 24, data);
        command(host.admin(), Sqe.abort(9, 1, 77));
    }

    private void command(RawSocket socket, Sqe sqe) throws IOException {
        socket.send(Pdu.command(sqe, new byte[0], socket.digests()));
        respond(socket, sqe.cid());
    }

    private void deallocate(RawSocket socket, long block) throws IOException {
        byte[] range = new byte[16];
        Bytes.of(range).putInt(4, 2).putLong(8, block);
        socket.send(Pdu.command(Sqe.of(0x09, 7).nsid(1).u32(44, 4).sgl(Sqe.IN_CAPSULE, 0, 16), range,
                socket.digests()));
        respond(socket, 7);
    }

    private void compare(RawSocket socket, long block, byte[] data) throws IOException {
        socket.send(Pdu.command(Sqe.io(0x05, 10, block, 8).sgl(Sqe.IN_CAPSULE, 0, data.length), data,
                socket.digests()));
        respond(socket, 10);
    }

    private void respond(RawSocket socket, int cid) throws IOException {
        while (true) {
            Answer answer = socket.read();
            if (answer == null || answer.is(Pdu.C2H_TERM)) {
                throw new IOException("ended");
            }
            if (answer.is(Pdu.RESPONSE)) {
                if (answer.status() == INTERNAL_ERROR) {
                    failures.add("-Dhostile.seed=" + SEED + ": status Internal Error");
                }
                assertThat(answer.cid()).isEqualTo(cid);
                return;
            }
        }
    }
}
