package io.nvmeof.target.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every backend must do. A subclass supplies an empty backend of {@value #SIZE_BYTES} bytes and loops that run by
 * themselves; the operations are given to the loops, as the target does.
 */
public abstract class BackendContract {
    /** The size of the backend to make. */
    protected static final long SIZE_BYTES = 16 << 20;
    private static final int ALIGNMENT_BYTES = 4096;
    private static final long TIMEOUT_SECONDS = 30;

    private Arena arena;
    private EventLoop[] loops;
    private NamespaceBackend backend;
    private BackendChannel[] channels;
    private int blockSize;

    /** Two loops with threads of their own. */
    protected abstract EventLoop[] openLoops() throws Exception;

    protected abstract void closeLoops() throws Exception;

    /** A backend of {@link #SIZE_BYTES} bytes that reads as zeroes. */
    protected abstract NamespaceBackend openBackend() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        arena = Arena.ofShared();
        loops = openLoops();
        backend = openBackend();
        blockSize = backend.blockSizeBytes();
        channels = new BackendChannel[loops.length];
        for (int i = 0; i < loops.length; i++) {
            int index = i;
            channels[i] = onLoop(i, () -> backend.open(loops[index]));
        }
    }

    @AfterEach
    final void close() throws Exception {
        for (int i = 0; i < loops.length; i++) {
            int index = i;
            onLoop(i, () -> {
                channels[index].close();
                return null;
            });
        }
        backend.close();
        closeLoops();
        arena.close();
    }

    @Test
    void saysWhatItIs() {
        assertThat(backend.blockCount() * blockSize).isEqualTo(SIZE_BYTES);
        assertThat(blockSize).isBetween(512, 65_536);
        assertThat(backend.capabilities().optimalWriteBlocks()).isPositive();
        assertThat(backend.describe()).isNotBlank();
    }

    @Test
    void readsZeroesWhereNothingWasWritten() throws Exception {
        assertThat(read(0, blocks(1 << 20))).containsOnly(0);
        assertThat(read(backend.blockCount() - 1, 1)).containsOnly(0);
    }

    @Test
    void readsWhatWasWritten() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int bytes : new int[] {blockSize, 3 * blockSize, 64 << 10, 1 << 20}) {
            int count = blocks(bytes);
            for (long block : new long[] {0, 1, 511, backend.blockCount() / 2 + 1, backend.blockCount() - count}) {
                byte[] data = random(random, count * blockSize);
                write(block, data, random.nextBoolean());
                assertThat(read(block, count)).isEqualTo(data);
            }
        }
    }

    @Test
    void changesNothingBesideARange() throws Exception {
        SplittableRandom random = new SplittableRandom(2);
        byte[] whole = random(random, 64 * blockSize);
        write(100, whole, false);
        byte[] part = random(random, 5 * blockSize);
        write(110, part, false);
        System.arraycopy(part, 0, whole, 10 * blockSize, part.length);
        assertThat(read(100, 64)).isEqualTo(whole);
        zeroes(120, 3, false, false);
        Arrays.fill(whole, 20 * blockSize, 23 * blockSize, (byte) 0);
        assertThat(read(100, 64)).isEqualTo(whole);
        zeroes(130, 7, true, true);
        Arrays.fill(whole, 30 * blockSize, 37 * blockSize, (byte) 0);
        assertThat(read(100, 64)).isEqualTo(whole);
        if (backend.capabilities().deallocate()) {
            deallocate(140, 9);
            Arrays.fill(whole, 40 * blockSize, 49 * blockSize, (byte) 0);
        } else {
            deallocate(140, 9);
        }
        assertThat(read(100, 64)).isEqualTo(whole);
        assertThat(read(99, 1)).containsOnly(0);
        assertThat(read(164, 1)).containsOnly(0);
    }

    @Test
    void deallocatesAndZeroesTheWholeOfIt() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        for (long block = 0; block < backend.blockCount(); block += blocks(1 << 20)) {
            write(block, random(random, 1 << 20), false);
        }
        if (backend.capabilities().deallocate()) {
            deallocate(0, backend.blockCount());
        } else {
            for (long block = 0; block < backend.blockCount(); block += blocks(1 << 20)) {
                zeroes(block, blocks(1 << 20), false, false);
            }
        }
        for (long block = 0; block < backend.blockCount(); block += blocks(1 << 20)) {
            assertThat(read(block, blocks(1 << 20))).containsOnly(0);
        }
        byte[] data = random(random, blockSize);
        write(7, data, true);
        assertThat(read(7, 1)).isEqualTo(data);
    }

    @Test
    void flushes() throws Exception {
        write(3, random(new SplittableRandom(4), blockSize), false);
        assertThat(perform(0, completion -> channels[0].flush(completion)))
                .isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void serializesNothingButEndsEverything() throws Exception {
        int count = 256;
        CountDownLatch done = new CountDownLatch(count);
        AtomicInteger failures = new AtomicInteger();
        MemorySegment memory = arena.allocate((long) count * blockSize, ALIGNMENT_BYTES);
        SplittableRandom random = new SplittableRandom(5);
        byte[] data = random(random, count * blockSize);
        MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, 0, data.length);
        onLoop(0, () -> {
            for (int i = 0; i < count; i++) {
                channels[0].write(1000 + i, 1, memory.asSlice((long) i * blockSize, blockSize), i % 3 == 0, status -> {
                    if (!status.successful()) {
                        failures.incrementAndGet();
                    }
                    done.countDown();
                });
            }
            return null;
        });
        assertThat(done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).hasValue(0);
        assertThat(read(1000, count)).isEqualTo(data);
    }

    @Test
    void oneLoopReadsWhatAnotherWrote() throws Exception {
        byte[] data = random(new SplittableRandom(6), 64 << 10);
        write(77, data, false);
        MemorySegment memory = arena.allocate(64 << 10, ALIGNMENT_BYTES);
        assertThat(perform(1, completion -> channels[1].read(77, blocks(64 << 10), memory, completion)))
                .isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(data);
    }

    /** Taken back, an operation never happens and never completes; otherwise it completes as if nothing had been. */
    @Test
    void anOperationTakenBackNeverHappens() throws Exception {
        MemorySegment memory = arena.allocate(blockSize, ALIGNMENT_BYTES);
        memory.fill((byte) 1);
        AtomicInteger completions = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        BackendCompletion completion = status -> {
            completions.incrementAndGet();
            done.countDown();
        };
        boolean cancelled = onLoop(0, () -> {
            channels[0].write(9, 1, memory, false, completion);
            return channels[0].cancel(completion);
        });
        if (!cancelled) {
            assertThat(done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(onLoop(0, () -> channels[0].cancel(completion))).as("it is over").isFalse();
        assertThat(read(9, 1)).containsOnly(cancelled ? 0 : 1);
        assertThat(completions).hasValue(cancelled ? 0 : 1);
    }

    /** One loop writes two blocks full of one number or another; a block read by the other loop is never a mixture. */
    @Test
    void aBlockIsWrittenWholeOrNotAtAll() throws Exception {
        int rounds = 500;
        MemorySegment written = arena.allocate(2L * blockSize, ALIGNMENT_BYTES);
        MemorySegment seen = arena.allocate(2L * blockSize, ALIGNMENT_BYTES);
        AtomicReference<String> mixture = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(2);
        loops[0].execute(() -> writeRounds(written, rounds, done));
        loops[1].execute(() -> readRounds(seen, rounds, mixture, done));
        assertThat(done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(mixture).hasNullValue();
    }

    /** As above, for as many blocks as the backend promises: what is read of one write is all of it. */
    @Test
    void anAtomicWriteIsSeenWholeOrNotAtAll() throws Exception {
        int count = backend.capabilities().atomicWriteBlocks();
        int boundary = Math.max(1, backend.capabilities().atomicBoundaryBlocks());
        long first = Math.ceilDiv(500, boundary) * (long) boundary;
        int rounds = 300;
        MemorySegment written = arena.allocate((long) count * blockSize, ALIGNMENT_BYTES);
        MemorySegment seen = arena.allocate((long) count * blockSize, ALIGNMENT_BYTES);
        AtomicReference<String> mixture = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(2);
        loops[0].execute(() -> writeAtomically(first, count, written, rounds, done));
        loops[1].execute(() -> readAtomically(first, count, seen, rounds, mixture, done));
        assertThat(done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(mixture).hasNullValue();
    }

    private void writeAtomically(long first, int count, MemorySegment memory, int rounds, CountDownLatch done) {
        if (rounds == 0) {
            done.countDown();
            return;
        }
        memory.fill((byte) rounds);
        channels[0].write(first, count, memory, false,
                status -> loops[0].execute(() -> writeAtomically(first, count, memory, rounds - 1, done)));
    }

    private void readAtomically(long first, int count, MemorySegment memory, int rounds,
            AtomicReference<String> mixture, CountDownLatch done) {
        if (rounds == 0) {
            done.countDown();
            return;
        }
        channels[1].read(first, count, memory, status -> {
            byte value = memory.get(ValueLayout.JAVA_BYTE, 0);
            long difference = memory.mismatch(MemorySegment.ofArray(filled((int) memory.byteSize(), value)));
            if (difference >= 0) {
                mixture.set(value + " and, from byte " + difference + ", something else");
            }
            loops[1].execute(() -> readAtomically(first, count, memory, rounds - 1, mixture, done));
        });
    }

    private static byte[] filled(int length, byte value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private void writeRounds(MemorySegment memory, int rounds, CountDownLatch done) {
        if (rounds == 0) {
            done.countDown();
            return;
        }
        memory.fill((byte) rounds);
        channels[0].write(500, 2, memory, false,
                status -> loops[0].execute(() -> writeRounds(memory, rounds - 1, done)));
    }

    private void readRounds(MemorySegment memory, int rounds, AtomicReference<String> mixture, CountDownLatch done) {
        if (rounds == 0) {
            done.countDown();
            return;
        }
        channels[1].read(500, 2, memory, status -> {
            for (int block = 0; block < 2; block++) {
                MemorySegment one = memory.asSlice((long) block * blockSize, blockSize);
                byte first = one.get(ValueLayout.JAVA_BYTE, 0);
                for (int i = 1; i < blockSize; i++) {
                    if (one.get(ValueLayout.JAVA_BYTE, i) != first) {
                        mixture.set("block " + block + " has " + first + " and at byte " + i + " "
                                + one.get(ValueLayout.JAVA_BYTE, i));
                    }
                }
            }
            loops[1].execute(() -> readRounds(memory, rounds - 1, mixture, done));
        });
    }

    // ---- Operations that wait

    /** Something to do on a loop. */
    @FunctionalInterface
    protected interface Action<T> {
        T run() throws Exception;
    }

    /** An operation that completes. */
    @FunctionalInterface
    protected interface Operation {
        void begin(BackendCompletion completion);
    }

    /** Runs an action on a loop and waits for it. */
    protected final <T> T onLoop(int loop, Action<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(action::run);
        loops[loop].execute(task);
        return task.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Begins an operation on a loop and waits until it completes, which it may do once only. */
    protected final StatusCode perform(int loop, Operation operation)
            throws InterruptedException, ExecutionException, TimeoutException {
        AtomicReference<StatusCode> result = new AtomicReference<>();
        AtomicInteger completions = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        loops[loop].execute(() -> operation.begin(status -> {
            assertThat(loops[loop].inLoop()).isTrue();
            result.set(status);
            completions.incrementAndGet();
            done.countDown();
        }));
        assertThat(done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("the operation completes").isTrue();
        assertThat(completions).hasValue(1);
        return result.get();
    }

    /** Reads through the first loop's channel. */
    protected final byte[] read(long block, int count) throws Exception {
        int length = count * blockSize;
        MemorySegment memory = arena.allocate(length, ALIGNMENT_BYTES).fill((byte) 0xA5);
        assertThat(perform(0, completion -> channels[0].read(block, count, memory, completion)))
                .isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Writes through the first loop's channel. */
    protected final void write(long block, byte[] data, boolean forceUnitAccess) throws Exception {
        MemorySegment memory = arena.allocate(data.length, ALIGNMENT_BYTES);
        MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, 0, data.length);
        assertThat(perform(0, completion ->
                channels[0].write(block, data.length / blockSize, memory, forceUnitAccess, completion)))
                .isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    private void zeroes(long block, int count, boolean deallocate, boolean forceUnitAccess) throws Exception {
        assertThat(perform(0, completion ->
                channels[0].writeZeroes(block, count, deallocate, forceUnitAccess, completion)))
                .isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    private void deallocate(long block, long count) throws Exception {
        assertThat(perform(0, completion -> channels[0].deallocate(block, count, completion)))
                .isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    private int blocks(int bytes) {
        return bytes / blockSize;
    }

    private static byte[] random(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
