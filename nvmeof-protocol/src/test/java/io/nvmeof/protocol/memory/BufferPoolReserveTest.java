package io.nvmeof.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.memory.BufferPool.Purpose;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferPoolReserveTest {
    private static final int KIB = 1024;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final BufferPool pool = new BufferPool(tasks::addLast, 4L * BufferPool.CHUNK_BYTES);

    @Test
    void aByteOfATransferInEachChunkLeavesTheReserveToCapsules() {
        List<DataBuffer> transfers = new ArrayList<>();
        for (int size = 512 * KIB; size >= 4 * KIB; size /= 2) {
            DataBuffer buffer = pool.take(size, Purpose.TRANSFER);
            if (buffer != null) {
                transfers.add(buffer);
            }
        }
        assertThat(transfers).as("chunks that transfers may cut").hasSize(3);
        DataBuffer small = pool.take(4 * KIB, Purpose.IN_CAPSULE);
        assertThat(small).isNotNull();
        assertThat(pool.take(8 * KIB, Purpose.TRANSFER)).isNull();
        small.release();
        assertThat(pool.take(16 * KIB, Purpose.IN_CAPSULE)).as("the reserve, cut anew").isNotNull();
    }

    @Test
    void capsulesLeaveTheRestToATransferThatWaits() {
        List<DataBuffer> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            held.add(pool.take(512 * KIB, Purpose.TRANSFER));
            held.add(pool.take(512 * KIB, Purpose.TRANSFER));
        }
        List<DataBuffer> served = new ArrayList<>();
        pool.await(() -> {
            DataBuffer buffer = pool.take(1024 * KIB, Purpose.TRANSFER);
            return buffer != null && served.add(buffer);
        }, Purpose.TRANSFER);
        held.removeFirst().release();
        runTasks();
        assertThat(pool.take(512 * KIB, Purpose.IN_CAPSULE)).as("from the reserve").isNotNull();
        assertThat(pool.take(4 * KIB, Purpose.TRANSFER)).as("behind the one that waits").isNull();
        held.removeFirst().release();
        runTasks();
        assertThat(served).hasSize(1);
    }

    private void runTasks() {
        Runnable task;
        while ((task = tasks.pollFirst()) != null) {
            task.run();
        }
    }
}
