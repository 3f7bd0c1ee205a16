package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.initiator.NvmeofException;
import io.nvmeof.interop.hostile.HostBench.Use;
import io.nvmeof.transport.tcp.TcpEngine;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A good controller, but for one field of one PDU it sends, hundreds of times. What our side wanted of it succeeds, or
 * fails in time and says why; no memory beside a command's is touched, and nothing is left.
 *
 * <p>{@code -Dhostile.seed=N} repeats a run; {@code -Dhostile.first=I -Dhostile.sessions=1} one session of it.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class ControllerMutationTest {
    private static final long SEED = Long.getLong("hostile.seed", new SplittableRandom().nextLong() >>> 1);
    private static final int FIRST = Integer.getInteger("hostile.first", 0);
    private static final int SESSIONS = Integer.getInteger("hostile.sessions", 1500);
    private static final int THREADS = 8;
    /** PDUs that a controller sends in most sessions. */
    private static final int PDU_COUNT = 24;
    private static final int COMMAND_MILLIS = 500;

    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger happened = new AtomicInteger();

    @ParameterizedTest(name = "{0}")
    @EnumSource(value = TcpEngine.class, names = {"AUTO", "NIO"})
    void neitherHangNorHarmNorLeak(TcpEngine engine) throws Exception {
        String name = "-Dhostile.seed=" + SEED;
        try (HostBench bench = new HostBench(engine, COMMAND_MILLIS)) {
            AtomicInteger next = new AtomicInteger(FIRST);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int n = next.getAndIncrement(); n < FIRST + SESSIONS; n = next.getAndIncrement()) {
                        runOne(bench, n);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).as(name).isEmpty();
            assertThat(happened.get()).as("changed PDUs that were sent").isGreaterThan(SESSIONS / 3);
            try {
                bench.proveUnharmed();
            } catch (AssertionError e) {
                throw new AssertionError(name, e);
            }
        }
    }

    private void runOne(HostBench bench, int session) {
        SplittableRandom random = new SplittableRandom(SEED + session);
        Digests digests = new Digests(random.nextBoolean(), random.nextBoolean());
        Use use = Use.values()[random.nextInt(Use.values().length)];
        Mutation mutation = new Mutation(random.nextLong(), PDU_COUNT, new BitSet());
        String name = "-Dhostile.seed=" + SEED + " -Dhostile.first=" + session + " -Dhostile.sessions=1, " + use + ", "
                + digests + ", ";
        try (RawController controller = new RawController(new RawController.Misdeeds() {
            @Override
            public UnaryOperator<Pdu> spoiler() {
                return mutation;
            }
        })) {
            Throwable failure = bench.use(controller, use, digests);
            happened.addAndGet(mutation.happened() ? 1 : 0);
            if (!allowed(failure)) {
                failures.add(name + mutation + ": " + failure);
            } else if (failure != null && !mutation.happened()) {
                failures.add(name + "failed although nothing was changed: " + failure);
            }
        } catch (Exception | AssertionError e) {
            failures.add(name + mutation + ": " + e);
        }
    }

    /** Success, a failure of NVMe-oF, or a controller that offers what cannot be used. */
    private static boolean allowed(Throwable failure) {
        return failure == null || failure instanceof NvmeofException || failure instanceof NoSuchElementException
                || failure instanceof UnsupportedOperationException || failure instanceof IllegalStateException;
    }
}
