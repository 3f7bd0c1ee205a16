package io.nvmeof.local;

import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.BackendCompletion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hundreds of lanes at once, each with blocks of its own where it writes, zeroes, gives up, reads and flushes at
 * random: every read must show what the lane did last. {@code -Dseed=N} replays a run.
 */
class RandomOperationsTest {
    private static final int LANES = 300;
    private static final int LANE_BLOCKS = 24;
    private static final int STEPS = 60;

    @TempDir
    Path folder;

    static Stream<Arguments> runs() {
        long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);
        return Stream.of(Arguments.of(FileEngine.IO_URING, false, 4096, seed),
                Arguments.of(FileEngine.IO_URING, true, 4096, seed),
                Arguments.of(FileEngine.IO_URING, false, 512, seed),
                Arguments.of(FileEngine.POSITIONAL, false, 512, seed),
                Arguments.of(FileEngine.POSITIONAL, true, 4096, seed));
    }

    @ParameterizedTest(name = "{0}, direct {1}, blocks of {2}, -Dseed={3}")
    @MethodSource("runs")
    void everyReadShowsTheLastWrite(FileEngine engine, boolean direct, int blockSizeBytes, long seed)
            throws IOException, InterruptedException {
        FileBackendOptions options = FileBackendOptions.of(folder.resolve("file")).withEngine(engine).withDirect(direct)
                .withBlockSizeBytes(blockSizeBytes).withSizeBytes((long) LANES * LANE_BLOCKS * blockSizeBytes);
        AtomicReference<String> mistake = new AtomicReference<>();
        try (NettyLoop loop = engine == FileEngine.IO_URING ? NettyLoop.ring() : NettyLoop.nio();
                FileBackend backend = FileBackend.open(options);
                BlockingChannel channel = new BlockingChannel(backend, loop)) {
            CountDownLatch idle = new CountDownLatch(LANES);
            SplittableRandom random = new SplittableRandom(seed);
            loop.run(() -> {
                for (int i = 0; i < LANES; i++) {
                    new Lane(channel.channel, i * LANE_BLOCKS, blockSizeBytes, random.split(), idle, mistake).step();
                }
            });
            assertThat(idle.await(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(mistake.get()).isNull();
    }

    private static final class Lane implements BackendCompletion {
        private final BackendChannel channel;
        private final int firstBlock;
        private final int blockSizeBytes;
        private final SplittableRandom random;
        private final CountDownLatch idle;
        private final AtomicReference<String> mistake;
        private final byte[] expected = new byte[LANE_BLOCKS];
        private final MemorySegment memory;
        private int step;
        private int readFrom;
        private int readCount;

        Lane(BackendChannel channel, int firstBlock, int blockSizeBytes, SplittableRandom random, CountDownLatch idle,
                AtomicReference<String> mistake) {
            this.channel = channel;
            this.firstBlock = firstBlock;
            this.blockSizeBytes = blockSizeBytes;
            this.random = random;
            this.idle = idle;
            this.mistake = mistake;
            this.memory = BlockingChannel.memory(LANE_BLOCKS * blockSizeBytes);
        }

        void step() {
            if (step++ == STEPS) {
                idle.countDown();
                return;
            }
            int from = random.nextInt(LANE_BLOCKS);
            int count = 1 + random.nextInt(LANE_BLOCKS - from);
            readCount = 0;
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    byte value = expect(from, count, (byte) random.nextInt(256));
                    memory.fill(value);
                    channel.write(firstBlock + from, count, memory, random.nextInt(20) == 0, this);
                }
                case 3 -> {
                    expect(from, count, (byte) 0);
                    channel.writeZeroes(firstBlock + from, count, random.nextBoolean(), random.nextInt(20) == 0, this);
                }
                case 4 -> {
                    expect(from, count, (byte) 0);
                    channel.deallocate(firstBlock + from, count, this);
                }
                case 5 -> {
                    if (random.nextInt(5) == 0) {
                        channel.flush(this);
                    } else {
                        read(from, count);
                    }
                }
                default -> read(from, count);
            }
        }

        private void read(int from, int count) {
            readFrom = from;
            readCount = count;
            memory.fill((byte) 0xEE);
            channel.read(firstBlock + from, count, memory, this);
        }

        private byte expect(int from, int count, byte value) {
            for (int i = from; i < from + count; i++) {
                expected[i] = value;
            }
            return value;
        }

        @Override
        public void onBackendComplete(StatusCode status) {
            if (status != SUCCESSFUL_COMPLETION) {
                mistake.compareAndSet(null, "step " + step + " of the lane at block " + firstBlock + ": " + status);
            }
            for (int i = 0; i < readCount; i++) {
                byte first = memory.get(ValueLayout.JAVA_BYTE, (long) i * blockSizeBytes);
                byte last = memory.get(ValueLayout.JAVA_BYTE, (i + 1L) * blockSizeBytes - 1);
                byte wanted = expected[readFrom + i];
                if (first != wanted || last != wanted) {
                    mistake.compareAndSet(null, "step " + step + ": block " + (firstBlock + readFrom + i) + " holds "
                            + first + ".." + last + ", not " + wanted);
                }
            }
            step();
        }
    }
}
