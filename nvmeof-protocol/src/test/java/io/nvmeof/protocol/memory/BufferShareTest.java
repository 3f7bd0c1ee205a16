package io.nvmeof.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.memory.BufferPool.Purpose;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One connection cannot hold the whole pool, and who waits for a share is in nobody's way. */
class BufferShareTest {
    private static final long BUDGET = 24L << 20;

    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
    private final BufferPool pool = new BufferPool(deferred::addLast, BUDGET);

    /** Wants a buffer of one size of one share, and keeps it. */
    private final class Waiter implements BufferWaiter {
        private final BufferShare share;
        private final int length;
        private DataBuffer buffer;

        private Waiter(BufferShare share, int length) {
            this.share = share;
            this.length = length;
            if (!onBufferAvailable()) {
                pool.await(this, Purpose.TRANSFER);
            }
        }

        @Override
        public boolean onBufferAvailable() {
            buffer = pool.take(length, Purpose.TRANSFER, share);
            return buffer != null;
        }

        @Override
        public BufferShare share() {
            return share;
        }

        private void release() {
            buffer.release();
            buffer = null;
        }
    }

    private void runDeferred() {
        while (!deferred.isEmpty()) {
            deferred.pollFirst().run();
        }
    }

    private List<Waiter> greedy(BufferShare share, int count) {
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waiters.add(new Waiter(share, BufferPool.CHUNK_BYTES));
        }
        return waiters;
    }

    @Test
    void whoHoldsTheirShareWaitsAndOthersGoOn() {
        List<Waiter> greedy = greedy(pool.newShare(), 100);
        assertThat(greedy).filteredOn(waiter -> waiter.buffer != null).hasSize(2);
        assertThat(pool.waiterCount()).isEqualTo(98);
        assertThat(new Waiter(pool.newShare(), BufferPool.CHUNK_BYTES).buffer).isNotNull();
    }

    @Test
    void inCapsuleDataIsNotCounted() {
        BufferShare share = pool.newShare();
        greedy(share, 3);
        assertThat(pool.take(8192, Purpose.IN_CAPSULE, null)).isNotNull();
    }

    @Test
    void whatComesBackGoesToTheNextOfTheShare() {
        List<Waiter> greedy = greedy(pool.newShare(), 4);
        greedy.get(0).release();
        runDeferred();
        assertThat(greedy.get(2).buffer).isNotNull();
        assertThat(greedy.get(3).buffer).isNull();
        assertThat(pool.waiterCount()).isEqualTo(1);
    }

    @Test
    void aCancelledWaiterLeaves() {
        List<Waiter> greedy = greedy(pool.newShare(), 4);
        pool.cancel(greedy.get(2));
        greedy.get(0).release();
        runDeferred();
        assertThat(greedy.get(2).buffer).isNull();
        assertThat(greedy.get(3).buffer).isNotNull();
        assertThat(pool.waiterCount()).isZero();
    }

    @Test
    void everyWaiterIsServedWhateverTheOrder() {
        for (long seed = 0; seed < 300; seed++) {
            serveAll(seed);
        }
    }

    /** More shares than the pool can serve at once, sizes and releases as the seed says. */
    private void serveAll(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<BufferShare> shares = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            shares.add(pool.newShare());
        }
        List<Waiter> waiting = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            waiting.add(new Waiter(shares.get(random.nextInt(20)), 1 << random.nextInt(21)));
        }
        while (!waiting.isEmpty()) {
            List<Waiter> served = waiting.stream().filter(waiter -> waiter.buffer != null).toList();
            assertThat(served).as("seed %d: %d wait for ever", seed, waiting.size()).isNotEmpty();
            Waiter done = served.get(random.nextInt(served.size()));
            done.release();
            waiting.remove(done);
            if (random.nextInt(4) == 0 || served.size() == 1) {
                runDeferred();
            }
        }
        runDeferred();
        assertThat(pool.takenBytes()).isZero();
        assertThat(pool.waiterCount()).isZero();
        assertThat(shares).allMatch(share -> share.heldBytes() == 0);
    }
}
