package io.nvmeof.local;

import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.BackendCompletion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** 4 KiB at random places, 32 at a time, on one loop: reports, and asserts only how much memory an operation costs. */
@Tag("long")
class ThroughputTest {
    private static final Logger LOGGER = LoggerFactory.getLogger(ThroughputTest.class);
    private static final int BLOCK = 4096;
    private static final int DEPTH = 32;
    private static final int MIB_BLOCKS = (1 << 20) / BLOCK;
    private static final int MIBS = 256;
    /** An io_uring entry is an object of Netty's, of 72 bytes, and a thread's own counter is coarse. */
    private static final int BYTES_PER_OPERATION_MAX = 80;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"read,IO_URING,false", "read,IO_URING,true", "read,POSITIONAL,false", "read,POSITIONAL,true",
        "write,IO_URING,false", "write,IO_URING,true", "write,POSITIONAL,false", "write,POSITIONAL,true"})
    void randomPlaces(String what, FileEngine engine, boolean direct) throws IOException, InterruptedException {
        try (NettyLoop loop = engine == FileEngine.IO_URING ? NettyLoop.ring() : NettyLoop.nio();
                FileBackend backend = FileBackend.open(FileBackendOptions.of(folder.resolve("file"))
                        .withSizeBytes((long) MIBS << 20).withDirect(direct).withEngine(engine));
                BlockingChannel channel = new BlockingChannel(backend, loop)) {
            for (int i = 0; i < MIBS; i++) {
                channel.write((long) i * MIB_BLOCKS, MIB_BLOCKS, BlockingChannel.filled(1 << 20, i), false);
            }
            channel.flush();
            boolean write = what.equals("write");
            measure(loop, channel.channel, write, 1_000_000_000L);
            Result result = measure(loop, channel.channel, write, 3_000_000_000L);
            LOGGER.warn("{} direct {}: {} {}s/s, {} bytes allocated on the loop for each", engine, direct,
                    result.count * 1_000_000_000L / result.nanos, what, (double) result.allocated / result.count);
            if (engine == FileEngine.IO_URING) {
                assertThat((double) result.allocated / result.count).isLessThan(BYTES_PER_OPERATION_MAX);
            }
        }
    }

    private record Result(long count, long nanos, long allocated) {}

    private static Result measure(NettyLoop loop, BackendChannel channel, boolean write, long nanos)
            throws InterruptedException {
        CountDownLatch idle = new CountDownLatch(DEPTH);
        Requester[] requesters = new Requester[DEPTH];
        long start = System.nanoTime();
        long before = allocated(loop);
        loop.run(() -> {
            for (int i = 0; i < DEPTH; i++) {
                requesters[i] = new Requester(channel, write, start + nanos, idle, i);
                requesters[i].next();
            }
        });
        assertThat(idle.await(60, TimeUnit.SECONDS)).isTrue();
        long count = 0;
        for (Requester requester : requesters) {
            count += requester.count;
        }
        return new Result(count, System.nanoTime() - start, allocated(loop) - before);
    }

    private static long allocated(NettyLoop loop) {
        return loop.call(() -> ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes());
    }

    private static final class Requester implements BackendCompletion {
        private final BackendChannel channel;
        private final MemorySegment memory = BlockingChannel.memory(BLOCK);
        private final boolean write;
        private final long until;
        private final CountDownLatch idle;
        private final SplittableRandom random;
        private long count;

        Requester(BackendChannel channel, boolean write, long until, CountDownLatch idle, long seed) {
            this.channel = channel;
            this.write = write;
            this.until = until;
            this.idle = idle;
            this.random = new SplittableRandom(seed);
        }

        void next() {
            long block = random.nextInt(MIBS * MIB_BLOCKS);
            if (write) {
                channel.write(block, 1, memory, false, this);
            } else {
                channel.read(block, 1, memory, this);
            }
        }

        @Override
        public void onBackendComplete(StatusCode status) {
            count++;
            if (status != SUCCESSFUL_COMPLETION || System.nanoTime() >= until) {
                idle.countDown();
            } else {
                next();
            }
        }
    }
}
