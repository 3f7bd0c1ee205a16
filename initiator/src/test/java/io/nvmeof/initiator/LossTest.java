package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands of every kind while the controller answers in any order, late or never, and dies at some moment. */
class LossTest {
    private static final int BLOCK = FakeController.BLOCK_BYTES;

    static LongStream seeds() {
        Long replayed = Long.getLong("loss.seed");
        return replayed != null ? LongStream.of(replayed) : LongStream.range(0, 200);
    }

    /** One command given on the callback path. */
    private static final class Probe implements CommandCallback {
        private int ends;
        private boolean mayEnd;

        @Override
        public void onComplete(StatusCode status, long result) {
            ends++;
        }

        @Override
        public void onConnectionLost(CloseReason reason) {
            assertThat(mayEnd).as("lost before the connection was").isTrue();
            ends++;
        }
    }

    @ParameterizedTest(name = "-Dloss.seed={0}")
    @MethodSource("seeds")
    void everyCommandEndsOnce(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Bench bench = new Bench();
        FakeController fake = bench.controller;
        HostController controller = bench.connect(
                Bench.options().ioQueueCount(2).queueSize(2 + random.nextInt(8)).pendingCommandsMax(16));
        RemoteNamespace namespace = bench.await(controller.namespace(1));
        List<FakeCommand> held = new ArrayList<>();
        fake.script = command -> command.connection.queueId > 0 && held.add(command);
        List<Probe> probes = new ArrayList<>();
        List<int[]> futures = new ArrayList<>();
        int steps = random.nextInt(60);
        for (int i = 0; i < steps; i++) {
            step(random, bench, namespace, held, probes, futures);
        }
        probes.forEach(probe -> probe.mayEnd = true);
        end(random, bench, controller);
        assertThat(probes).as("callbacks").allSatisfy(probe -> assertThat(probe.ends).isEqualTo(1));
        assertThat(futures).as("futures").allSatisfy(ends -> assertThat(ends[0]).isEqualTo(1));
        assertThat(fake.openConnections).isZero();
        assertThat(controller.queue(0).outstanding() + controller.queue(1).outstanding()).isZero();
    }

    private static void step(SplittableRandom random, Bench bench, RemoteNamespace namespace, List<FakeCommand> held,
            List<Probe> probes, List<int[]> futures) {
        MemorySegment memory = Bench.memory(400 * BLOCK);
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                IoQueue queue = namespace.queue(random.nextInt(2));
                Probe probe = new Probe();
                ((ManualLoop) queue.loop()).run(() -> {
                    if (queue.write(namespace, 0, 1, memory, 0, false, probe)) {
                        probes.add(probe);
                    }
                });
            }
            case 2 -> futures.add(count(namespace.read(0, 1 + random.nextInt(400), memory)));
            case 3 -> futures.add(count(namespace.flush()));
            case 4 -> {
                if (!held.isEmpty()) {
                    bench.controller.execute(held.remove(random.nextInt(held.size())));
                }
            }
            default -> bench.loops.runTasks();
        }
    }

    private static int[] count(CompletableFuture<Void> future) {
        int[] ends = {0};
        future.whenComplete((x, failure) -> ends[0]++);
        return ends;
    }

    private static void end(SplittableRandom random, Bench bench, HostController controller) {
        switch (random.nextInt(4)) {
            case 0 -> bench.controller.connections.get(random.nextInt(3)).drop(CloseReason.Kind.TRANSPORT_ERROR, "cut");
            case 1 -> controller.abandon(CloseReason.of(CloseReason.Kind.LOCAL, "enough"));
            case 2 -> { } // Nobody answers: the time limits end it, or nothing is outstanding.
            default -> controller.disconnect();
        }
        bench.advanceMillis(35_000);
        bench.end(controller.disconnect());
    }
}
