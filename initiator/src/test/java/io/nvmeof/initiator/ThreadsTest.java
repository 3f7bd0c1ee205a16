package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.transport.CloseReason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What needs real threads: the documented program, blocking calls, and many callers at once. */
@Timeout(60)
class ThreadsTest {
    private final ThreadLoops loops = new ThreadLoops(2);
    private final FakeController fake = new FakeController();

    ThreadsTest() {
        fake.addNamespace(1, 4096);
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    @Test
    void theDocumentedProgramRuns() throws NvmeofException {
        assertThat(FirstProgram.run(fake, loops, Bench.ADDRESS, Bench.SUBSYSTEM)).isEqualTo("Hello, NVMe");
        assertThat(fake.flushes).isEqualTo(1);
        assertThat(fake.openConnections).isZero();
        assertThat(fake.cc >>> 14 & 3).as("shut down in order").isEqualTo(1);
    }

    @Test
    void theDocumentationShowsThatProgram() throws IOException {
        String documented = Files.readString(Path.of("src/main/java/io/nvmeof/initiator/Initiator.java"));
        String example = documented.substring(documented.indexOf("<pre>{@code") + 11, documented.indexOf("}</pre>"));
        List<String> lines = example.lines().map(line -> line.replaceFirst("^ \\* ?", "").strip())
                .filter(line -> !line.isEmpty()).toList();
        String program = Files.readString(Path.of("src/test/java/io/nvmeof/initiator/FirstProgram.java")).lines()
                .map(String::strip).filter(line -> !line.startsWith("return ")).collect(Collectors.joining("\n"));
        assertThat(lines).hasSizeLessThan(15);
        assertThat(program).contains(String.join("\n", lines));
    }

    @Test
    void waitingOnALoopIsRefused() throws Exception {
        try (Initiator initiator = Initiator.builder(fake, loops).build();
                HostController controller = initiator.connectNow(Bench.options().build())) {
            RemoteNamespace namespace = controller.namespaceNow(1);
            CompletableFuture<Void> onLoop = namespace.flush().thenRunAsync(() -> {
                assertThatThrownBy(namespace::flushNow).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("waiting on an event loop");
                assertThatThrownBy(() -> initiator.connectNow(Bench.options().build()))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> controller.namespaceNow(1)).isInstanceOf(IllegalStateException.class);
            }, loops.loop(1)::execute);
            onLoop.get();
        }
        assertThat(fake.flushes).isEqualTo(1);
    }

    @Test
    void aBlockingCallFailsWithTheReasonAndTheCallersStack() throws NvmeofException {
        try (Initiator initiator = Initiator.builder(fake, loops).build();
                HostController controller = initiator.connectNow(Bench.options().build())) {
            RemoteNamespace namespace = controller.namespaceNow(1);
            MemorySegment memory = Bench.pattern(512, 1);
            assertThatThrownBy(() -> namespace.compareNow(0, 1, memory)).isInstanceOfSatisfying(CommandException.class,
                    e -> assertThat(e.status()).isEqualTo(MediaStatus.COMPARE_FAILURE))
                    .satisfies(e -> assertThat(e.getStackTrace()).anyMatch(
                            frame -> frame.getClassName().startsWith(ThreadsTest.class.getName())));
            assertThatThrownBy(() -> namespace.readNow(5000, 1, memory)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anInterruptDoesNotLeaveTheMemoryBehind() throws Exception {
        try (Initiator initiator = Initiator.builder(fake, loops).build();
                HostController controller = initiator.connectNow(Bench.options().build())) {
            RemoteNamespace namespace = controller.namespaceNow(1);
            CompletableFuture<FakeCommand> held = new CompletableFuture<>();
            fake.script = command -> command.io(0x02) && held.complete(command);
            CompletableFuture<Boolean> interruptedAfterwards = new CompletableFuture<>();
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    namespace.readNow(0, 1, Bench.memory(512));
                    interruptedAfterwards.complete(Thread.currentThread().isInterrupted());
                } catch (NvmeofException e) {
                    interruptedAfterwards.completeExceptionally(e);
                }
            });
            FakeCommand command = held.get();
            reader.interrupt();
            Thread.sleep(50);
            assertThat(interruptedAfterwards).isNotDone();
            command.answer(0);
            assertThat(interruptedAfterwards.get()).isTrue();
        }
    }

    @Test
    void manyThreadsShareTheQueues() throws Exception {
        try (Initiator initiator = Initiator.builder(fake, loops).build();
                HostController controller = initiator.connectNow(
                        Bench.options().ioQueueCount(3).queueSize(8).build())) {
            RemoteNamespace namespace = controller.namespaceNow(1);
            List<Thread> threads = IntStream.range(0, 8).mapToObj(n -> Thread.ofPlatform().unstarted(() -> {
                for (int i = 0; i < 200; i++) {
                    writeAndCheck(namespace, n * 512L + i % 500, n * 1000 + i);
                }
            })).toList();
            AtomicInteger failures = new AtomicInteger();
            threads.forEach(thread -> thread.setUncaughtExceptionHandler((t, e) -> failures.incrementAndGet()));
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).hasValue(0);
        }
        assertThat(fake.openConnections).isZero();
    }

    private static void writeAndCheck(RemoteNamespace namespace, long block, int seed) {
        MemorySegment data = Bench.pattern(512, seed);
        MemorySegment back = Bench.memory(512);
        namespace.write(block, 1, data).thenCompose(x -> namespace.read(block, 1, back)).join();
        assertThat(back.mismatch(data)).isEqualTo(-1);
    }

    @Test
    void lossDuringTrafficOfManyThreadsFailsEveryFutureOnce() throws Exception {
        try (Initiator initiator = Initiator.builder(fake, loops).build()) {
            HostController controller = initiator.connectNow(Bench.options().ioQueueCount(2).queueSize(4).build());
            RemoteNamespace namespace = controller.namespaceNow(1);
            AtomicInteger given = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            List<Thread> threads = IntStream.range(0, 4).mapToObj(n -> Thread.ofPlatform().start(() -> {
                while (controller.isOpen()) {
                    given.incrementAndGet();
                    namespace.read(0, 200, Bench.memory(200 * 512)).handle((x, failure) -> ended.incrementAndGet())
                            .join();
                }
            })).toList();
            Thread.sleep(100);
            fake.connections.get(1).drop(CloseReason.Kind.TRANSPORT_ERROR, "cable cut");
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(ended).hasValue(given.get());
            assertThat(given.get()).isGreaterThan(4);
            CompletableFuture<CloseReason> reason = new CompletableFuture<>();
            controller.onClosed(reason::complete);
            assertThat(reason.get().message()).contains("cable cut");
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
