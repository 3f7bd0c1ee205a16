package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The callback path allocates nothing per command, once the compiler has seen it. */
class AllocationTest {
    private static final int ROUNDS = 20_000;
    private static final int DEPTH = 16;
    private static final int KINDS = 6;

    private final Bench bench = new Bench(1);
    private final HostController controller = bench.connect(Bench.options().ioQueueCount(1));
    private final RemoteNamespace namespace = bench.await(controller.namespace(1));
    private final IoQueue queue = namespace.queue(0);
    private final FakeConnection connection = bench.controller.connections.get(1);
    private final MemorySegment memory = Bench.memory(4096);
    private final Counter counter = new Counter();

    private static final class Counter implements CommandCallback {
        private long count;

        @Override
        public void onComplete(StatusCode status, long result) {
            if (status.successful()) {
                count++;
            }
        }

        @Override
        public void onConnectionLost(CloseReason reason) {
            throw new AssertionError(reason);
        }
    }

    @Test
    void nothingPerCommand() {
        connection.takenCommandIds = new int[queue.depth()];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ManualLoop loop = (ManualLoop) queue.loop();
        long[] least = {Long.MAX_VALUE};
        loop.run(() -> {
            for (int attempt = 0; attempt < 8 && least[0] > 0; attempt++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int round = 0; round < ROUNDS; round++) {
                    round();
                }
                least[0] = Math.min(least[0], threads.getCurrentThreadAllocatedBytes() - before);
            }
        });
        assertThat(counter.count).isGreaterThanOrEqualTo((long) ROUNDS * DEPTH);
        long commands = (long) ROUNDS * DEPTH;
        // The question itself costs a few bytes; one object per thousand commands would be far above this.
        assertThat(least[0]).as("bytes for " + commands + " commands").isLessThan(commands / 1000 * 16);
    }

    private void round() {
        for (int i = 0; i < DEPTH; i++) {
            boolean taken = switch (i % KINDS) {
                case 0, 1 -> queue.read(namespace, i, 8, memory, 0, counter);
                case 2 -> queue.write(namespace, i, 8, memory, 0, true, counter);
                case 3 -> queue.flush(namespace, counter);
                case 4 -> queue.writeZeroes(namespace, i, 8, false, counter);
                default -> queue.deallocate(namespace, i, 8, counter);
            };
            assert taken;
        }
        connection.answerTaken();
    }
}
