package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.IoEventLoop;
import io.nvmeof.protocol.loop.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpEventLoopsTest {
    private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @ParameterizedTest
    @EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
    void runsTasksInOrderOnNamedThreads(TcpEngine engine) throws Exception {
        try (TcpEventLoops loops = Engines.openOrAbort(engine, 3)) {
            assertThat(loops.engine()).isEqualTo(engine);
            for (int i = 0; i < loops.count(); i++) {
                EventLoop loop = loops.loop(i);
                List<Integer> order = new ArrayList<>();
                CompletableFuture<String> name = new CompletableFuture<>();
                for (int task = 0; task < 1000; task++) {
                    int number = task;
                    loop.execute(() -> order.add(number));
                }
                loop.execute(() -> name.complete(Thread.currentThread().getName() + " " + loop.inLoop()));
                assertThat(name.get()).isEqualTo("nvmeof-loop-" + i + " true");
                assertThat(order).isEqualTo(IntStream.range(0, 1000).boxed().toList());
                assertThat(loop.inLoop()).isFalse();
                assertThat(loop.unwrap(IoEventLoop.class)).isNotNull();
                assertThat(loop.unwrap(String.class)).isNull();
            }
            assertThat(loops.next()).isNotSameAs(loops.next());
        }
    }

    @ParameterizedTest
    @EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
    void outlivesTasksAndTimersThatThrow(TcpEngine engine) throws Exception {
        try (TcpEventLoops loops = Engines.openOrAbort(engine, 1)) {
            EventLoop loop = loops.loop(0);
            CountDownLatch alive = new CountDownLatch(2);
            loop.execute(() -> {
                throw new IllegalStateException("thrown by a test's task");
            });
            loop.execute(() -> {
                loop.schedule(MILLI_NANOS, () -> {
                    throw new AssertionError("thrown by a test's timer");
                });
                loop.schedule(2 * MILLI_NANOS, alive::countDown);
                alive.countDown();
            });
            assertThat(alive.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(value = TcpEngine.class, names = {"IO_URING", "EPOLL", "NIO"})
    void timersRunOnceAndNotWhenCancelled(TcpEngine engine) throws Exception {
        try (TcpEventLoops loops = Engines.openOrAbort(engine, 1)) {
            EventLoop loop = loops.loop(0);
            AtomicInteger runs = new AtomicInteger();
            AtomicInteger cancelled = new AtomicInteger();
            CompletableFuture<Long> early = new CompletableFuture<>();
            loop.execute(() -> {
                long due = loop.nanoTime() + 20 * MILLI_NANOS;
                EventLoop.Timer timer = loop.schedule(10 * MILLI_NANOS, cancelled::incrementAndGet);
                loop.schedule(20 * MILLI_NANOS, () -> {
                    runs.incrementAndGet();
                    early.complete(due - loop.nanoTime());
                });
                timer.cancel();
                timer.cancel();
            });
            assertThat(early.get()).as("nanoseconds too early").isLessThanOrEqualTo(0);
            Thread.sleep(50);
            assertThat(runs).hasValue(1);
            assertThat(cancelled).hasValue(0);
        }
    }

    @Test
    void ticksWhatIsThereAboutOnceASecondAndNothingElse() throws Exception {
        try (TcpEventLoops loops = TcpEventLoops.open(TcpEngine.AUTO, 1, Engines.BUDGET_BYTES)) {
            TcpEventLoop loop = (TcpEventLoop) loops.loop(0);
            AtomicInteger failing = new AtomicInteger();
            AtomicInteger leaving = new AtomicInteger();
            AtomicInteger staying = new AtomicInteger();
            CountDownLatch threeTicks = new CountDownLatch(3);
            TcpEventLoop.Ticking stays = _ -> {
                staying.incrementAndGet();
                threeTicks.countDown();
            };
            TcpEventLoop.Ticking[] leaves = new TcpEventLoop.Ticking[1];
            leaves[0] = _ -> {
                leaving.incrementAndGet();
                loop.removeTicking(leaves[0]);
            };
            loop.execute(() -> {
                loop.addTicking(_ -> {
                    failing.incrementAndGet();
                    throw new IllegalStateException("thrown by a test's tick");
                });
                loop.addTicking(leaves[0]);
                loop.addTicking(stays);
            });
            assertThat(threeTicks.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(leaving).hasValue(1);
            loop.execute(() -> loop.removeTicking(stays));
            Thread.sleep(1500);
            assertThat(staying).hasValue(3);
            assertThat(failing).hasValueGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void closingRunsWhatIsQueuedAndDropsWhatComesLater() {
        TcpEventLoops loops = TcpEventLoops.open(TcpEngine.AUTO, 2, Engines.BUDGET_BYTES);
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            loops.loop(1).execute(runs::incrementAndGet);
        }
        loops.close();
        assertThat(runs).hasValue(100);
        loops.loop(1).execute(runs::incrementAndGet);
        loops.loop(1).schedule(0, runs::incrementAndGet).cancel();
        loops.close();
        assertThat(runs).hasValue(100);
    }

    @Test
    void aLoopCannotWaitForItself() throws Exception {
        TcpEventLoops loops = TcpEventLoops.open(TcpEngine.AUTO, 1, Engines.BUDGET_BYTES);
        try {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            loops.loop(0).execute(() -> {
                try {
                    loops.close();
                    thrown.complete(null);
                } catch (IllegalStateException e) {
                    thrown.complete(e);
                }
            });
            assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
        } finally {
            loops.close();
        }
    }

    @Test
    void refusesImpossibleCounts() {
        assertThatThrownBy(() -> TcpEventLoops.open(TcpEngine.AUTO, 0, Engines.BUDGET_BYTES))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("from 1 to 1024");
        assertThatThrownBy(() -> TcpEventLoops.open(TcpEngine.AUTO, 1, 1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("buffer budget");
    }

    @Test
    void withoutNativeCodeAutoIsNioAndANamedEngineSaysWhyNot() throws Exception {
        assertThat(inAnotherProcess(TcpEngine.AUTO)).contains("using NIO")
                .contains("Network engine: nio, the best this system offers (io_uring is not available here: ")
                .contains("epoll is not available here: Native transport");
        assertThat(inAnotherProcess(TcpEngine.EPOLL))
                .contains("refused: network engine epoll is not available here: Native transport was explicit"
                        + " disabled");
    }

    private static String inAnotherProcess(TcpEngine engine) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dio.netty.transport.noNative=true", "-cp", System.getProperty("java.class.path"),
                OpenLoops.class.getName(), engine.name()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Opens loops and says what came of it. */
    static final class OpenLoops {
        private OpenLoops() {}

        public static void main(String[] arguments) {
            try (TcpEventLoops loops = TcpEventLoops.open(TcpEngine.valueOf(arguments[0]), 1, Engines.BUDGET_BYTES)) {
                System.out.println("using " + loops.engine());
            } catch (IllegalStateException refused) {
                System.out.println("refused: " + refused.getMessage());
            }
        }
    }
}
