package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** An I/O command costs no object: the promise behind even latency. */
class AllocationTest {
    private static final int COMMANDS = 20_000;
    private static final int WARM_UP_ROUNDS = 10;
    /** What the measurement itself and the compiler may leave behind, for all commands together. */
    private static final long NOISE_BYTES = 4096;

    @Test
    void readsWritesAndFlushesAllocateNothing() {
        TestTarget target = TestTarget.withMemory(1);
        target.connectAdmin(0);
        ManualLoop loop = target.loops().loop(0);
        FakeCapsuleSender first = target.transport().connect(loop);
        HostQueue queue = new HostQueue(target.loops(), first);
        ConnectData data = TestTarget.connectData(target.newestControllerId());
        success(queue.connect(1, 31, 0, 0, data));
        // From here on the fake's lists and maps would be measured, too.
        QuietSender quiet = new QuietSender(first);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(3 * SubmissionQueueEntry.SIZE);
            SubmissionQueueEntry[] commands = {command(memory, 0, 0x01, 4096), command(memory, 1, 0x02, 4096),
                command(memory, 2, 0x00, 0)};
            int[] lengths = {4096, 4096, 0};
            loop.run(() -> {
                long allocated = Long.MAX_VALUE;
                for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < COMMANDS; i++) {
                        int which = i % commands.length;
                        quiet.receiver.onCommand(0, commands[which], lengths[which], which == 0, null);
                    }
                    allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
                }
                assertThat(allocated).as("bytes for %d commands", COMMANDS).isLessThan(NOISE_BYTES);
            });
            assertThat(quiet.responseCount).isEqualTo(COMMANDS * WARM_UP_ROUNDS);
            assertThat(quiet.failureCount).isZero();
        }
    }

    private static SubmissionQueueEntry command(MemorySegment memory, int index, int opcode, int bytes) {
        SubmissionQueueEntry entry = new SubmissionQueueEntry().wrap(memory, (long) index * SubmissionQueueEntry.SIZE)
                .clear().opcode(opcode).psdt(SubmissionQueueEntry.PSDT_SGL).namespaceId(1).commandId(index);
        if (bytes > 0) {
            entry.commandDword(12, bytes / TestTarget.BLOCK_SIZE - 1);
        }
        return entry;
    }

    /** Takes the place of a connected fake and answers at once, without a trace. */
    private static final class QuietSender implements FakeCapsuleSender.Replacement {
        private final CapsuleReceiver receiver;
        private long responseCount;
        private long failureCount;

        QuietSender(FakeCapsuleSender first) {
            receiver = first.receiver();
            first.replaceWith(this);
        }

        @Override
        public void onReceiveData(int slot, DataBuffer into, int length) {
            receiver.onDataReceived(slot);
        }

        @Override
        public void onRespond(int slot, DataBuffer data, int length, long result, int sqHead, int statusField) {
            responseCount++;
            if (statusField != 0) {
                failureCount++;
            }
            if (data != null) {
                data.release();
            }
        }
    }
}
