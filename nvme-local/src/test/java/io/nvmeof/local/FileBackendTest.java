package io.nvmeof.local;

import static io.nvmeof.protocol.status.GenericStatus.LBA_OUT_OF_RANGE;
import static io.nvmeof.protocol.status.GenericStatus.NAMESPACE_IS_WRITE_PROTECTED;
import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static io.nvmeof.protocol.status.MediaStatus.UNRECOVERED_READ_ERROR;
import static io.nvmeof.protocol.status.MediaStatus.WRITE_FAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.nvmeof.local.posix.LinuxSystemCalls;
import io.nvmeof.local.posix.SystemCalls;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to do the I/O, on a real file. */
class FileBackendTest {
    private static final int BLOCK = 4096;
    private static final long BLOCKS = 2048;
    /** What the file system may need to remember where the holes are. */
    private static final long METADATA_BYTES = 16 << 10;
    private static final SystemCalls CALLS = LinuxSystemCalls.instance();

    @TempDir
    Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private Path path;

    @BeforeEach
    void choosePath() {
        path = folder.resolve("namespace.img");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private NettyLoop loop(String engine) {
        NettyLoop loop = engine.equals("IO_URING") ? NettyLoop.ring() : NettyLoop.nio();
        open.add(loop);
        return loop;
    }

    private FileBackendOptions options(String engine, boolean direct) {
        return FileBackendOptions.of(path).withSizeBytes(BLOCKS * BLOCK).withDirect(direct)
                .withEngine(FileEngine.valueOf(engine));
    }

    private FileBackend backend(FileBackendOptions options) throws IOException {
        try {
            FileBackend backend = FileBackend.open(options);
            open.add(backend);
            return backend;
        } catch (IOException e) {
            assumeFalse(e.getMessage().contains("support O_DIRECT"), "not run: " + e.getMessage());
            throw e;
        }
    }

    private BlockingChannel channel(FileBackend backend, NettyLoop loop) {
        BlockingChannel channel = new BlockingChannel(backend, loop);
        open.add(channel);
        return channel;
    }

    private BlockingChannel channel(String engine, boolean direct) throws IOException {
        return channel(backend(options(engine, direct)), loop(engine));
    }

    private long allocatedBytes() {
        int fd = CALLS.open(path.toString(), SystemCalls.O_RDWR, 0);
        try {
            CALLS.synchronize(fd);
            return CALLS.status(fd).allocatedBytes();
        } finally {
            CALLS.close(fd);
        }
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void readsBackWhatWasWritten(String engine, boolean direct) throws IOException {
        BlockingChannel channel = channel(engine, direct);
        assertThat(channel.bytes(0, 4)).containsOnly(0);
        assertThat(channel.write(7, 3, BlockingChannel.filled(3 * BLOCK, 0x5A), false))
                .isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.write(BLOCKS - 1, 1, BlockingChannel.filled(BLOCK, 0x3C), true))
                .isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(6, 1)).containsOnly(0);
        assertThat(channel.bytes(7, 3)).containsOnly(0x5A);
        assertThat(channel.bytes(10, 1)).containsOnly(0);
        assertThat(channel.bytes(BLOCKS - 1, 1)).containsOnly(0x3C);
        assertThat(Files.size(path)).isEqualTo(BLOCKS * BLOCK);
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void takesMemoryAlignedToNothing(String engine, boolean direct) throws IOException {
        BlockingChannel channel = channel(engine, direct);
        MemorySegment odd = Arena.ofAuto().allocate(3 * BLOCK + 1, 4096).asSlice(1).fill((byte) 9);
        assertThat(channel.write(2, 3, odd, true)).isEqualTo(SUCCESSFUL_COMPLETION);
        MemorySegment into = Arena.ofAuto().allocate(3 * BLOCK + 3, 4096).asSlice(3);
        assertThat(channel.read(2, 3, into)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(into.mismatch(odd)).isEqualTo(-1);
        MemorySegment heap = MemorySegment.ofArray(new byte[BLOCK]);
        assertThat(channel.read(3, 1, heap)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(heap.toArray(ValueLayout.JAVA_BYTE)).containsOnly(9);
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void zeroesAndGivesStorageBack(String engine, boolean direct) throws IOException {
        BlockingChannel channel = channel(engine, direct);
        assertThat(channel.write(0, 512, BlockingChannel.filled(512 * BLOCK, 1), true))
                .isEqualTo(SUCCESSFUL_COMPLETION);
        long full = allocatedBytes();
        assertThat(full).isGreaterThanOrEqualTo(512 * BLOCK);
        assertThat(channel.writeZeroes(10, 10, false, true)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(10, 10)).containsOnly(0);
        assertThat(channel.bytes(20, 1)).containsOnly(1);
        assertThat(channel.writeZeroes(100, 100, true, false)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(100, 100)).containsOnly(0);
        assertThat(channel.bytes(99, 1)).containsOnly(1);
        long afterZeroes = allocatedBytes();
        assertThat(afterZeroes).isLessThanOrEqualTo(full - 100 * BLOCK + METADATA_BYTES);
        assertThat(channel.deallocate(200, 300)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(200, 300)).containsOnly(0);
        assertThat(channel.bytes(500, 1)).containsOnly(1);
        assertThat(allocatedBytes()).isLessThanOrEqualTo(afterZeroes - 300 * BLOCK + METADATA_BYTES);
        assertThat(Files.size(path)).isEqualTo(BLOCKS * BLOCK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"IO_URING", "POSITIONAL"})
    void zeroesBlocksSmallerThanTheFileSystemsExactly(String engine) throws IOException {
        FileBackend backend = backend(options(engine, false).withBlockSizeBytes(512));
        BlockingChannel channel = channel(backend, loop(engine));
        assertThat(backend.capabilities().optimalWriteBlocks()).isEqualTo(8);
        assertThat(channel.write(0, 64, BlockingChannel.filled(64 * 512, 7), false)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.deallocate(3, 20)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(0, 3)).containsOnly(7);
        assertThat(channel.bytes(3, 20)).containsOnly(0);
        assertThat(channel.bytes(23, 41)).containsOnly(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"IO_URING", "POSITIONAL"})
    void refusesBlocksThatAreNotThere(String engine) throws IOException {
        BlockingChannel channel = channel(engine, false);
        MemorySegment memory = BlockingChannel.filled(2 * BLOCK, 1);
        assertThat(channel.read(BLOCKS - 1, 2, memory)).isEqualTo(LBA_OUT_OF_RANGE);
        assertThat(channel.write(BLOCKS, 1, memory, false)).isEqualTo(LBA_OUT_OF_RANGE);
        assertThat(channel.write(Long.MAX_VALUE, 2, memory, false)).isEqualTo(LBA_OUT_OF_RANGE);
        assertThat(channel.deallocate(-1, 1)).isEqualTo(LBA_OUT_OF_RANGE);
        assertThat(Files.size(path)).isEqualTo(BLOCKS * BLOCK);
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void aFileCutUnderUsIsAMediaErrorAndNeverZeroes(String engine, boolean direct) throws IOException {
        BlockingChannel channel = channel(engine, direct);
        MemorySegment ones = BlockingChannel.filled(BLOCK, 1);
        for (int block : new int[] {0, 99, 100, 200, 300}) {
            assertThat(channel.write(block, 1, ones, false)).isEqualTo(SUCCESSFUL_COMPLETION);
        }
        try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
            other.setLength(100L * BLOCK + 700);
        }
        assertThat(channel.read(200, 1, ones)).isEqualTo(UNRECOVERED_READ_ERROR);
        assertThat(channel.read(100, 1, ones)).isEqualTo(UNRECOVERED_READ_ERROR);
        assertThat(channel.read(98, 8, BlockingChannel.memory(8 * BLOCK))).isEqualTo(UNRECOVERED_READ_ERROR);
        assertThat(channel.bytes(99, 1)).containsOnly(1);
        assertThat(channel.write(1000, 1, ones, false)).isEqualTo(WRITE_FAULT);
        assertThat(channel.write(50, 1, ones, false)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.flush()).isEqualTo(WRITE_FAULT);
        try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
            other.setLength(BLOCKS * BLOCK);
        }
        assertThat(channel.read(200, 1, ones)).isEqualTo(UNRECOVERED_READ_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"IO_URING", "POSITIONAL"})
    void aFlushNoticesThatTheFileWasCut(String engine) throws IOException {
        BlockingChannel channel = channel(engine, false);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
        try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
            other.setLength(0);
        }
        assertThat(channel.flush()).isEqualTo(WRITE_FAULT);
        assertThat(channel.write(0, 1, BlockingChannel.filled(BLOCK, 1), false)).isEqualTo(WRITE_FAULT);
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void aReadOnlyFileIsReadAndNotWritten(String engine, boolean direct) throws IOException {
        Files.write(path, new byte[(int) BLOCKS * BLOCK]);
        FileBackend backend = backend(options(engine, direct).withReadOnly(true));
        backend(options(engine, direct).withReadOnly(true)); // Readers share.
        BlockingChannel channel = channel(backend, loop(engine));
        assertThat(backend.capabilities().readOnly()).isTrue();
        assertThat(backend.capabilities().volatileWriteCache()).isFalse();
        assertThat(channel.bytes(0, 1)).containsOnly(0);
        MemorySegment memory = BlockingChannel.filled(BLOCK, 1);
        assertThat(channel.write(0, 1, memory, false)).isEqualTo(NAMESPACE_IS_WRITE_PROTECTED);
        assertThat(channel.writeZeroes(0, 1, true, false)).isEqualTo(NAMESPACE_IS_WRITE_PROTECTED);
        assertThat(channel.deallocate(0, 1)).isEqualTo(NAMESPACE_IS_WRITE_PROTECTED);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThatThrownBy(() -> FileBackend.open(options(engine, direct))).hasMessageContaining("locked by");
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void thousandsOfOperationsAtOnceCompleteOnceEach(String engine, boolean direct) throws IOException {
        BlockingChannel channel = channel(engine, direct);
        int count = 5000;
        List<CompletableFuture<StatusCode>> statuses = new ArrayList<>();
        MemorySegment[] memory = new MemorySegment[(int) BLOCKS];
        for (int i = 0; i < count; i++) {
            int block = i % (int) BLOCKS;
            if (i < BLOCKS) {
                memory[block] = BlockingChannel.filled(BLOCK, block);
            }
            boolean forceUnitAccess = i % 1000 == 7;
            statuses.add(channel.start((c, done) -> c.write(block, 1, memory[block], forceUnitAccess, done)));
            if (i % 500 == 3) {
                statuses.add(channel.start(BackendChannel::flush));
            }
        }
        for (CompletableFuture<StatusCode> status : statuses) {
            assertThat(status.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(SUCCESSFUL_COMPLETION);
        }
        for (int block = 0; block < BLOCKS; block += 97) {
            assertThat(channel.bytes(block, 1)).containsOnly(block);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IO_URING", "POSITIONAL"})
    void twoLoopsShareAFile(String engine) throws IOException {
        FileBackend backend = backend(options(engine, false));
        BlockingChannel one = channel(backend, loop(engine));
        BlockingChannel other = channel(backend, loop(engine));
        List<CompletableFuture<StatusCode>> statuses = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int block = i;
            MemorySegment memory = BlockingChannel.filled(BLOCK, i);
            statuses.add((i % 2 == 0 ? one : other).start((c, done) -> c.write(block, 1, memory, false, done)));
            statuses.add((i % 3 == 0 ? one : other).start(BackendChannel::flush));
        }
        statuses.forEach(status -> assertThat(status.orTimeout(60, TimeUnit.SECONDS).join())
                .isEqualTo(SUCCESSFUL_COMPLETION));
        for (int i = 0; i < 500; i += 13) {
            assertThat((i % 2 == 0 ? other : one).bytes(i, 1)).containsOnly(i);
        }
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void aBlockThatEverybodyWantsStarvesNobody(String engine, boolean direct) throws IOException {
        FileBackend backend = backend(options(engine, direct));
        List<BlockingChannel> channels = List.of(channel(backend, loop(engine)), channel(backend, loop(engine)));
        List<CompletableFuture<StatusCode>> statuses = new ArrayList<>();
        MemorySegment written = BlockingChannel.filled(4 * BLOCK, 8);
        MemorySegment seen = BlockingChannel.memory(4 * BLOCK);
        for (int i = 0; i < 2000; i++) {
            int block = i % 3;
            statuses.add(channels.get(i & 1).start(i % 10 == 0 ? (c, done) -> c.write(block, 4, written, false, done)
                    : i % 37 == 0 ? (c, done) -> c.writeZeroes(block, 2, true, false, done)
                    : (c, done) -> c.read(block, 2, seen, done)));
        }
        statuses.forEach(status -> assertThat(status.orTimeout(60, TimeUnit.SECONDS).join())
                .isEqualTo(SUCCESSFUL_COMPLETION));
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void closingWaitsForWhatIsOutstanding(String engine, boolean direct) throws Exception {
        NettyLoop loop = loop(engine);
        FileBackend backend = FileBackend.open(options(engine, direct));
        BlockingChannel channel = new BlockingChannel(backend, loop);
        List<CompletableFuture<StatusCode>> statuses = new ArrayList<>();
        loop.run(() -> {
            for (int i = 0; i < 2000; i++) {
                CompletableFuture<StatusCode> status = new CompletableFuture<>();
                statuses.add(status);
                channel.channel.write(i, 1, BlockingChannel.filled(BLOCK, i), i % 100 == 0, status::complete);
            }
            channel.channel.close();
            backend.close();
        });
        for (CompletableFuture<StatusCode> status : statuses) {
            assertThat(status.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(SUCCESSFUL_COMPLETION);
        }
        loop.run(() -> { }); // The last completion's turn is over: the lock is free.
        BlockingChannel again = channel(backend(options(engine, direct)), loop);
        assertThat(again.bytes(1999, 1)).containsOnly(1999);
    }

    /**
     * Netty does not wait for the kernel when it shuts down, so what was under way may complete or not; never twice.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLoopThatShutsDownTooEarlyCompletesNothingTwice(boolean direct) throws Exception {
        FileBackend backend = backend(options("IO_URING", direct));
        NettyLoop loop = NettyLoop.ring();
        BlockingChannel channel = new BlockingChannel(backend, loop);
        AtomicIntegerArray completions = new AtomicIntegerArray(2000);
        List<StatusCode> statuses = new CopyOnWriteArrayList<>();
        loop.run(() -> {
            for (int i = 0; i < completions.length(); i++) {
                int index = i;
                channel.channel.write(i, 1, BlockingChannel.filled(BLOCK, i), true, status -> {
                    completions.incrementAndGet(index);
                    statuses.add(status);
                });
            }
        });
        loop.close();
        for (int i = 0; i < completions.length(); i++) {
            assertThat(completions.get(i)).isLessThanOrEqualTo(1);
        }
        assertThat(statuses).isSubsetOf(SUCCESSFUL_COMPLETION, PathRelatedStatus.INTERNAL_PATH_ERROR);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void operationsBeforeTheRingIsReadyWaitInOrder(boolean direct) throws IOException {
        NettyLoop loop = loop("IO_URING");
        FileBackend backend = backend(options("IO_URING", direct));
        List<Integer> order = new ArrayList<>();
        CompletableFuture<StatusCode> last = new CompletableFuture<>();
        MemorySegment memory = BlockingChannel.filled(BLOCK, 5);
        BackendChannel channel = loop.call(() -> {
            BackendChannel opened = backend.open(loop);
            opened.write(0, 1, memory, true, status -> order.add(1));
            opened.flush(status -> {
                order.add(2);
                last.complete(status);
            });
            return opened;
        });
        assertThat(last.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(SUCCESSFUL_COMPLETION);
        loop.run(channel::close);
    }

    @ParameterizedTest
    @CsvSource({"AUTO,IO_URING,true", "AUTO,POSITIONAL,false", "IO_URING,IO_URING,true", "POSITIONAL,IO_URING,false"})
    void theLoopsRingIsUsedWhereThereIsOne(String engine, String loopKind, boolean ring) throws IOException {
        BlockingChannel channel = channel(backend(options(engine, false)), loop(loopKind));
        assertThat(channel.channel instanceof UringChannel).isEqualTo(ring);
        assertThat(channel.bytes(0, 1)).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"IO_URING"})
    void insistingOnARingNamesTheWayOut(String engine) throws IOException {
        FileBackend backend = backend(options(engine, false));
        NettyLoop loop = loop("POSITIONAL");
        assertThatThrownBy(() -> loop.call(() -> backend.open(loop))).hasRootCauseInstanceOf(IOException.class)
                .hasRootCauseMessage(path + ": engine IO_URING: this event loop has no io_uring; use engine AUTO or "
                        + "POSITIONAL, or run the loops on io_uring");
    }
}
