package io.nvmeof.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.memory.BufferPool.Purpose;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BufferPoolTest {
    private static final int CHUNK = BufferPool.CHUNK_BYTES;

    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
    private final BufferPool pool = new BufferPool(deferred::add, 8L * CHUNK);

    @ParameterizedTest
    @CsvSource({"1, 4096", "4096, 4096", "4097, 8192", "8193, 16384", "65537, 131072", "1048576, 1048576"})
    void givesTheNextSizeClass(int length, int capacity) {
        DataBuffer buffer = pool.take(length, Purpose.TRANSFER);
        assertThat(buffer.capacity()).isEqualTo(capacity);
        assertThat(buffer.segment().address() % 4096).isZero();
        assertThat(buffer.byteBuffer().capacity()).isEqualTo(capacity);
        assertThat(pool.takenBytes()).isEqualTo(capacity);
        buffer.release();
        assertThat(pool.takenBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, CHUNK + 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesLengthsItCannotHave(int length) {
        assertThatThrownBy(() -> pool.take(length, Purpose.TRANSFER)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesASecondRelease() {
        DataBuffer buffer = pool.take(1, Purpose.TRANSFER);
        buffer.release();
        assertThatThrownBy(buffer::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsItsBudgetAndAReserve() {
        List<DataBuffer> taken = takeAll(CHUNK, Purpose.TRANSFER);
        assertThat(taken).hasSize(7);
        assertThat(pool.take(1, Purpose.TRANSFER)).isNull();
        assertThat(takeAll(CHUNK, Purpose.IN_CAPSULE)).hasSize(1);
        assertThat(pool.take(1, Purpose.IN_CAPSULE)).isNull();
        assertThat(pool.heldBytes()).isEqualTo(8L * CHUNK);
    }

    @Test
    void theReserveOutlivesAnyOrderOfSizes() {
        // One 8 KiB buffer stays out of every chunk but one, then the last chunk goes to another size.
        List<DataBuffer> taken = takeAll(8192, Purpose.TRANSFER);
        for (int i = 0; i < taken.size(); i++) {
            if (i % 128 != 0) {
                taken.get(i).release();
            }
        }
        assertThat(pool.takenBytes()).isEqualTo(7 * 8192L);
        assertThat(pool.take(CHUNK, Purpose.TRANSFER)).isNull();
        assertThat(pool.take(4096, Purpose.TRANSFER)).isNull();
        assertThat(takeAll(16_384, Purpose.IN_CAPSULE)).hasSize(64);
    }

    @Test
    void cutsIdleChunksAnew() {
        for (int size = CHUNK; size >= 4096; size /= 2) {
            List<DataBuffer> taken = takeAll(size, Purpose.TRANSFER);
            assertThat(taken).hasSize(7 * (CHUNK / size));
            assertThat(taken.stream().map(buffer -> buffer.segment().address()).distinct().count())
                    .isEqualTo(taken.size());
            taken.forEach(DataBuffer::release);
        }
        assertThat(pool.heldBytes()).isEqualTo(7L * CHUNK);
    }

    @Test
    void waitersAreServedInOrderFromAFreshStack() {
        List<DataBuffer> taken = takeAll(CHUNK, Purpose.TRANSFER);
        List<String> served = new ArrayList<>();
        pool.await(waiter("large", CHUNK, Purpose.TRANSFER, served), Purpose.TRANSFER);
        pool.await(waiter("small", 1, Purpose.TRANSFER, served), Purpose.TRANSFER);
        assertThat(pool.waiterCount()).isEqualTo(2);
        taken.removeFirst().release();
        assertThat(served).isEmpty();
        runDeferred();
        assertThat(served).containsExactly("large");
        assertThat(pool.take(1, Purpose.TRANSFER)).as("behind the one that waits").isNull();
        taken.removeFirst().release();
        assertThat(pool.take(1, Purpose.TRANSFER)).as("behind the one that waits").isNull();
        runDeferred();
        assertThat(served).containsExactly("large", "small");
        assertThat(pool.waiterCount()).isZero();
        assertThat(pool.waitCount()).isEqualTo(2);
    }

    @Test
    void inCapsuleDataTakesTheReserveOnlyWhileTransfersWait() {
        List<DataBuffer> taken = takeAll(CHUNK, Purpose.TRANSFER);
        DataBuffer reserved = takeAll(CHUNK, Purpose.IN_CAPSULE).getFirst();
        List<String> served = new ArrayList<>();
        pool.await(waiter("transfer", CHUNK, Purpose.TRANSFER, served), Purpose.TRANSFER);
        pool.await(waiter("capsule", CHUNK, Purpose.IN_CAPSULE, served), Purpose.IN_CAPSULE);
        reserved.release();
        runDeferred();
        assertThat(served).containsExactly("capsule");
        taken.removeFirst().release();
        runDeferred();
        assertThat(served).containsExactly("capsule", "transfer");
    }

    @Test
    void whoLeavesTheLineLetsTheNextTry() {
        List<DataBuffer> taken = takeAll(CHUNK, Purpose.TRANSFER);
        List<String> served = new ArrayList<>();
        taken.removeFirst().release();
        DataBuffer small = pool.take(1, Purpose.TRANSFER);
        BufferWaiter large = waiter("large", CHUNK, Purpose.TRANSFER, served);
        pool.await(large, Purpose.TRANSFER);
        pool.await(waiter("small", 1, Purpose.TRANSFER, served), Purpose.TRANSFER);
        pool.cancel(large);
        runDeferred();
        assertThat(served).containsExactly("small");
        small.release();
        assertThat(pool.waiterCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nobodyWaitsForEverAndNothingIsLost(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<DataBuffer> out = new ArrayList<>();
        int[] waiting = new int[1];
        for (int i = 0; i < 20_000; i++) {
            Purpose purpose = random.nextInt(4) == 0 ? Purpose.IN_CAPSULE : Purpose.TRANSFER;
            int length = 1 + random.nextInt(purpose == Purpose.IN_CAPSULE ? 16_384 : 1 << random.nextInt(21));
            if (random.nextInt(100) < 52) {
                DataBuffer buffer = pool.take(length, purpose);
                if (buffer != null) {
                    out.add(buffer);
                } else {
                    waiting[0]++;
                    pool.await(() -> {
                        DataBuffer late = pool.take(length, purpose);
                        if (late != null) {
                            out.add(late);
                            waiting[0]--;
                        }
                        return late != null;
                    }, purpose);
                }
            } else if (!out.isEmpty()) {
                out.remove(random.nextInt(out.size())).release();
            }
            runDeferred();
            assertThat(pool.takenBytes()).isEqualTo(out.stream().mapToLong(DataBuffer::capacity).sum());
            assertThat(pool.heldBytes()).isLessThanOrEqualTo(8L * CHUNK);
        }
        while (!out.isEmpty()) {
            out.removeLast().release();
            runDeferred();
        }
        assertThat(waiting[0]).isZero();
        assertThat(pool.takenBytes()).isZero();
    }

    private List<DataBuffer> takeAll(int length, Purpose purpose) {
        List<DataBuffer> taken = new ArrayList<>();
        DataBuffer buffer;
        while ((buffer = pool.take(length, purpose)) != null) {
            taken.add(buffer);
        }
        return taken;
    }

    private BufferWaiter waiter(String name, int length, Purpose purpose, List<String> served) {
        return () -> {
            boolean got = pool.take(length, purpose) != null;
            if (got) {
                served.add(name);
            }
            return got;
        };
    }

    private void runDeferred() {
        Runnable task;
        while ((task = deferred.pollFirst()) != null) {
            task.run();
        }
    }
}
