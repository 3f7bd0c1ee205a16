package io.nvmeof.protocol.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands through both ends, back to back, cost no garbage. */
class AllocationTest {
    private static final int COMMANDS = 120_000;
    private static final int DEPTH = 32;
    private static final int LARGE_BYTES = 32 << 10;
    private static final int SMALL_BYTES = 4 << 10;
    /** What the virtual machine may allocate on its own account in all that time. */
    private static final double BYTES_PER_COMMAND_MAX = 0.5;

    @ParameterizedTest(name = "header digest {0}, data digest {1}, flow control disabled {2}")
    @CsvSource({"false, false, true", "false, false, false", "true, true, true"})
    void commandsAllocateNothing(boolean headerDigest, boolean dataDigest, boolean flowControlDisabled) {
        ManualLoop loop = new ManualLoop();
        TestStream toController = new TestStream();
        TestStream toHost = new TestStream();
        TransportAddress address = TransportAddress.tcp("127.0.0.1", 4420);
        ControllerConnection controller = new ControllerConnection(loop, ControllerConnectionOptions.defaults(), toHost,
                address, address, sender -> new Storage(sender, flowControlDisabled));
        Load load = new Load();
        HostConnection host = new HostConnection(loop, new HostQueueOptions(DEPTH, headerDigest, dataDigest, 1),
                HostConnectionOptions.defaults(), toController, address, load);
        loop.run(() -> {
            host.start();
            exchange(toController, controller, toHost, host);
            load.sendOne(0);
            exchange(toController, controller, toHost, host);
            // Warm-up: the compiler decides what becomes of slices and views.
            measure(load, toController, controller, toHost, host);
            long bytes = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 4 && bytes > COMMANDS * BYTES_PER_COMMAND_MAX; attempt++) {
                bytes = measure(load, toController, controller, toHost, host);
            }
            assertThat(load.failures).isZero();
            assertThat((double) bytes / COMMANDS).isLessThanOrEqualTo(BYTES_PER_COMMAND_MAX);
        });
    }

    private static long measure(Load load, TestStream toController, ControllerConnection controller,
            TestStream toHost, HostConnection host) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        load.remaining = COMMANDS;
        while (load.remaining > 0) {
            for (int i = 0; i < DEPTH; i++) {
                load.sendOne(i);
            }
            exchange(toController, controller, toHost, host);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void exchange(TestStream toController, ControllerConnection controller, TestStream toHost,
            HostConnection host) {
        int moved;
        do {
            moved = toController.deliver(controller, Integer.MAX_VALUE) + toHost.deliver(host, Integer.MAX_VALUE);
        } while (moved > 0);
        if (controller.closeReason() != null || host.closeReason() != null) {
            throw new AssertionError(controller.closeReason() + " " + host.closeReason());
        }
    }

    /** Writes, by R2T and in the capsule, and reads. */
    private static final class Load implements HostQueueReceiver {
        private final MemorySegment memory = Arena.ofAuto().allocate((long) DEPTH * LARGE_BYTES);
        private final SubmissionQueueEntry entry = new SubmissionQueueEntry().wrap(Arena.ofAuto().allocate(64, 8), 0);
        private CommandSender sender;
        private int failures;
        private int remaining;

        void sendOne(int commandId) {
            boolean write = commandId % 2 == 0;
            int length = commandId % 8 == 6 ? LARGE_BYTES : SMALL_BYTES;
            entry.clear().opcode(write ? 1 : 2).commandId(commandId);
            sender.send(entry, write ? Direction.HOST_TO_CONTROLLER : Direction.CONTROLLER_TO_HOST, memory,
                    (long) commandId * LARGE_BYTES, length);
        }

        @Override
        public void onConnected(CommandSender sender) {
            this.sender = sender;
        }

        @Override
        public void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact) {
            remaining--;
            if (!dataIntact || completion.statusField() != 0) {
                failures++;
            }
        }

        @Override
        public void onClosed(CloseReason reason) {
            failures++;
        }
    }

    /** Takes and gives data without looking at it. */
    private static final class Storage implements CapsuleReceiver {
        private final CapsuleSender sender;
        private final DataBuffer[] lent = new DataBuffer[DEPTH];

        private Storage(CapsuleSender sender, boolean flowControlDisabled) {
            this.sender = sender;
            sender.setQueueSize(DEPTH, flowControlDisabled);
        }

        @Override
        public void onCommand(int slot, SubmissionQueueEntry command, long transferLength, boolean inCapsule,
                StatusCode transferFault) {
            DataBuffer buffer = sender.loop().buffers().take((int) transferLength, BufferPool.Purpose.TRANSFER);
            if (command.opcode() == 1) {
                lent[slot] = buffer;
                sender.receiveData(slot, buffer, (int) transferLength);
            } else {
                sender.respond(slot, buffer, (int) transferLength, 0, 0, 0);
            }
        }

        @Override
        public void onDataReceived(int slot) {
            lent[slot].release();
            sender.respond(slot, null, 0, 0, 0, 0);
        }

        @Override
        public void onDataCorrupt(int slot) {
            throw new AssertionError("corrupt");
        }

        @Override
        public void onClosed(CloseReason reason) {
            throw new AssertionError(reason);
        }
    }
}
