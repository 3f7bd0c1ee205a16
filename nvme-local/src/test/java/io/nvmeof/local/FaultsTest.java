package io.nvmeof.local;

import static io.nvmeof.local.posix.Errno.EAGAIN;
import static io.nvmeof.local.posix.Errno.EINTR;
import static io.nvmeof.local.posix.Errno.EIO;
import static io.nvmeof.local.posix.Errno.ENOSPC;
import static io.nvmeof.local.posix.Errno.EOPNOTSUPP;
import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static io.nvmeof.protocol.status.MediaStatus.WRITE_FAULT;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that fails: every error number, short transfers, flushes that fail, file systems that cannot do a thing. */
class FaultsTest {
    private static final int BLOCK = 4096;

    @TempDir
    Path folder;
    private final FailingCalls calls = new FailingCalls();
    private final NettyLoop loop = NettyLoop.nio();
    private FileBackend backend;
    private BlockingChannel channel;

    @BeforeEach
    void open() throws IOException {
        reopen(false);
    }

    private void reopen(boolean direct) throws IOException {
        if (backend != null) {
            channel.close();
            backend.close();
        }
        backend = FileBackend.open(FileBackendOptions.of(folder.resolve("namespace")).withSizeBytes(1 << 20)
                .withDirect(direct), calls);
        channel = new BlockingChannel(backend, loop);
        calls.journal.clear();
    }

    @AfterEach
    void close() {
        channel.close();
        backend.close();
        loop.close();
    }

    @ParameterizedTest
    @CsvSource({
        "READ,  5,   2, 81",   // EIO: Unrecovered Read Error
        "WRITE, 5,   2, 80",   // EIO: Write Fault
        "READ,  61,  2, 81",   // ENODATA: what the block layer calls a medium error
        "WRITE, 61,  2, 80",
        "READ,  84,  2, 81",   // EILSEQ
        "READ,  117, 2, 81",   // EUCLEAN
        "WRITE, 28,  0, 81",   // ENOSPC: Capacity Exceeded
        "WRITE, 122, 0, 81",   // EDQUOT
        "WRITE, 27,  0, 81",   // EFBIG
        "WRITE, 30,  0, 20",   // EROFS: Namespace is Write Protected
        "WRITE, 1,   0, 20",   // EPERM
        "READ,  1,   2, 86",   // Access Denied
        "READ,  19,  3, 0",    // ENODEV: Internal Path Error
        "WRITE, 6,   3, 0",    // ENXIO
        "READ,  116, 3, 0",    // ESTALE
        "WRITE, 110, 3, 0",    // ETIMEDOUT
        "READ,  12,  0, 6",    // ENOMEM: Internal Error, which a host tries again
        "WRITE, 9,   0, 6",    // EBADF
        "WRITE, 9999, 0, 6",
    })
    void everyErrorNumberHasItsStatus(FileFaults.Action action, int errno, int type, String code) {
        StatusCode status = new FileFaults("/x", BLOCK).onError(action, errno, 0, BLOCK);
        assertThat(status.type()).isEqualTo(type);
        assertThat(status.code()).isEqualTo(Integer.parseInt(code, 16));
    }

    @Test
    void aFailedReadOrWriteFailsThatCommandOnly() {
        MemorySegment memory = BlockingChannel.filled(BLOCK, 1);
        calls.reads.add((long) -EIO);
        assertThat(channel.read(0, 1, memory)).isEqualTo(MediaStatus.UNRECOVERED_READ_ERROR);
        assertThat(channel.read(0, 1, memory)).isEqualTo(SUCCESSFUL_COMPLETION);
        calls.writes.add((long) -ENOSPC);
        assertThat(channel.write(0, 1, memory, true)).isEqualTo(GenericStatus.CAPACITY_EXCEEDED);
        assertThat(channel.write(0, 1, memory, true)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void aFailedFlushFailsAllThatFollow() throws IOException {
        calls.synchronizations.add((long) -EIO);
        assertThat(channel.flush()).isEqualTo(WRITE_FAULT);
        assertThat(channel.flush()).isEqualTo(WRITE_FAULT);
        MemorySegment memory = BlockingChannel.filled(BLOCK, 1);
        assertThat(channel.write(0, 1, memory, false)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.write(0, 1, memory, true)).isEqualTo(WRITE_FAULT);
        assertThat(channel.read(0, 1, memory)).isEqualTo(SUCCESSFUL_COMPLETION);
        BlockingChannel other = new BlockingChannel(backend, loop);
        assertThat(other.flush()).isEqualTo(WRITE_FAULT);
        other.close();
        reopen(false);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    /** Those who flush together fail together: the kernel tells a descriptor of a failed write-back only once. */
    @Test
    void aFailedFlushFailsAllThatShareIt() {
        List<CompletableFuture<StatusCode>> statuses = new ArrayList<>();
        calls.synchronizations.addAll(Arrays.asList((long) -EIO, FailingCalls.REALLY));
        loop.run(() -> {
            for (int i = 0; i < 20; i++) {
                CompletableFuture<StatusCode> status = new CompletableFuture<>();
                statuses.add(status);
                channel.channel.flush(status::complete);
            }
        });
        statuses.forEach(status -> assertThat(status.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(WRITE_FAULT));
        assertThat(calls.journal).containsExactly("fdatasync", "fdatasync");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shortTransfersAreContinued(boolean direct) throws IOException {
        reopen(direct);
        MemorySegment memory = BlockingChannel.filled(8 * BLOCK, 3);
        assertThat(channel.write(0, 8, memory, false)).isEqualTo(SUCCESSFUL_COMPLETION);
        // The file holds the right bytes already; the calls claim to have moved a part.
        calls.writes.addAll(Arrays.asList((long) BLOCK, 3L * BLOCK, FailingCalls.REALLY));
        assertThat(channel.write(0, 8, memory, true)).isEqualTo(SUCCESSFUL_COMPLETION);
        int flags = direct ? 2 : 0;
        assertThat(calls.journal).startsWith("write 32768 at 0 flags 0", "write 32768 at 0 flags " + flags,
                "write 28672 at 4096 flags " + flags, "write 16384 at 16384 flags " + flags);
        calls.reads.addAll(Arrays.asList(2L * BLOCK, (long) -EINTR, (long) -EAGAIN, FailingCalls.REALLY));
        MemorySegment into = BlockingChannel.memory(8 * BLOCK);
        assertThat(channel.read(0, 8, into)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(into.asSlice(0, 2L * BLOCK).mismatch(BlockingChannel.filled(2 * BLOCK, 0))).isEqualTo(-1);
        assertThat(into.asSlice(2L * BLOCK).mismatch(BlockingChannel.filled(6 * BLOCK, 3))).isEqualTo(-1);
    }

    @Test
    void aDeviceThatTakesNothingIsAFault() {
        calls.writes.add(0L);
        assertThat(channel.write(0, 1, BlockingChannel.filled(BLOCK, 1), false)).isEqualTo(WRITE_FAULT);
        calls.reads.add(0L); // Yet the file has not been cut.
        assertThat(channel.read(0, 1, BlockingChannel.memory(BLOCK))).isEqualTo(MediaStatus.UNRECOVERED_READ_ERROR);
        assertThat(channel.write(0, 1, BlockingChannel.filled(BLOCK, 1), false)).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void aResourceThatNeverComesEndsInARetryableStatus() {
        for (int i = 0; i < 1001; i++) {
            calls.reads.add((long) -EAGAIN);
        }
        assertThat(channel.read(0, 1, BlockingChannel.memory(BLOCK))).isEqualTo(GenericStatus.COMMAND_INTERRUPTED);
    }

    @Test
    void zeroingFallsBackToWhatTheFileSystemCanDo() {
        assertThat(channel.write(0, 256, BlockingChannel.filled(256 * BLOCK, 1), false))
                .isEqualTo(SUCCESSFUL_COMPLETION);
        calls.journal.clear();
        calls.allocations.addAll(Arrays.asList((long) -EOPNOTSUPP, (long) -EOPNOTSUPP));
        assertThat(channel.writeZeroes(1, 100, true, true)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(calls.journal).containsExactly("fallocate 3", "fallocate 17", "write 262144 at 4096 flags 0",
                "write 147456 at 266240 flags 0", "fdatasync");
        assertThat(channel.bytes(0, 1)).containsOnly(1);
        assertThat(channel.bytes(1, 100)).containsOnly(0);
        assertThat(channel.bytes(101, 1)).containsOnly(1);
        calls.journal.clear();
        assertThat(channel.deallocate(200, 2)).isEqualTo(SUCCESSFUL_COMPLETION); // It was announced, so it zeroes.
        assertThat(calls.journal).containsExactly("write 8192 at 819200 flags 0");
        assertThat(channel.bytes(200, 2)).containsOnly(0);
    }

    @Test
    void aFileSystemWithoutHolesOffersNoDeallocate() throws IOException {
        calls.allocations.add((long) -EOPNOTSUPP);
        channel.close();
        backend.close();
        backend = FileBackend.open(FileBackendOptions.of(folder.resolve("namespace")), calls);
        channel = new BlockingChannel(backend, loop);
        assertThat(backend.capabilities().deallocate()).isFalse();
        assertThat(channel.write(0, 1, BlockingChannel.filled(BLOCK, 1), false)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.deallocate(0, 1)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(0, 1)).containsOnly(1);
        assertThat(channel.writeZeroes(0, 1, true, false)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(0, 1)).containsOnly(0);
    }

    @Test
    void forceUnitAccessIsDurableBeforeItCompletes() throws IOException {
        MemorySegment memory = BlockingChannel.filled(BLOCK, 1);
        channel.write(0, 1, memory, true);
        channel.writeZeroes(0, 1, false, true);
        assertThat(calls.journal).containsExactly("write 4096 at 0 flags 0", "fdatasync", "fallocate 17", "fdatasync");
        reopen(true);
        channel.write(0, 1, memory, true);
        channel.write(0, 1, memory, false);
        channel.writeZeroes(0, 1, true, true);
        channel.writeZeroes(0, 1, true, false);
        assertThat(calls.journal).containsExactly("write 4096 at 0 flags 2", "write 4096 at 0 flags 0", "fallocate 3",
                "fdatasync", "fallocate 3");
    }

    @Test
    void aCompletionThatThrowsHurtsNobodyElse() {
        BiConsumer<BackendChannel, CompletableFuture<StatusCode>> flushTwice = (c, done) -> {
            c.flush(status -> {
                throw new IllegalStateException("a completion's own mistake");
            });
            c.flush(done::complete);
        };
        CompletableFuture<StatusCode> status = new CompletableFuture<>();
        loop.run(() -> flushTwice.accept(channel.channel, status));
        assertThat(status.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void aFakeRingFailsLikeARealDevice() throws Exception {
        FakeRing ring = new FakeRing();
        BackingFile file = new FileOpener(calls, FileBackendOptions.of(folder.resolve("other")).withSizeBytes(1 << 20))
                .open();
        NettyLoop own = NettyLoop.nio();
        List<StatusCode> statuses = new ArrayList<>();
        own.run(() -> {
            UringChannel uring = new UringChannel(file, own, BLOCK, ring::listenedBy);
            MemorySegment memory = BlockingChannel.filled(BLOCK, 1);
            uring.read(0, 1, memory, statuses::add);
            uring.write(1, 1, memory, true, statuses::add);
            uring.flush(statuses::add);
            assertThat(ring.submitted).isEmpty(); // Not ready yet.
            ring.ready();
            assertThat(ring.submitted).containsExactly("22 off 0 len 4096 flags 0", "23 off 4096 len 4096 flags 0",
                    "3 off 0 len 0 flags 1");
            ring.complete(0, -EIO);
            ring.complete(0, BLOCK); // Now the write waits for an fdatasync that begins later than this one did.
            ring.complete(0, -EIO);
            assertThat(ring.submitted).containsExactly("3 off 0 len 0 flags 1");
            assertThat(statuses).containsExactly(MediaStatus.UNRECOVERED_READ_ERROR, WRITE_FAULT);
            ring.complete(0, 0); // The next fdatasync succeeds, yet what the first one lost stays lost.
            assertThat(statuses).containsExactly(MediaStatus.UNRECOVERED_READ_ERROR, WRITE_FAULT, WRITE_FAULT);
            uring.writeZeroes(4, 2, true, false, statuses::add);
            uring.close();
            assertThat(ring.closed).isFalse();
            assertThat(ring.submitted).containsExactly("17 off 16384 len 3 flags 0");
            ring.complete(0, 0);
            assertThat(ring.closed).isTrue();
            file.release();
        });
        assertThat(statuses).hasSize(4).last().isEqualTo(SUCCESSFUL_COMPLETION);
        own.close();
    }

    @Test
    void forceUnitAccessPastThePageCacheIsAFlagOfTheWrite() throws Exception {
        FakeRing ring = new FakeRing();
        BackingFile file = new FileOpener(calls, FileBackendOptions.of(folder.resolve("other")).withSizeBytes(1 << 20)
                .withDirect(true)).open();
        NettyLoop own = NettyLoop.nio();
        List<StatusCode> statuses = new ArrayList<>();
        own.run(() -> {
            UringChannel uring = new UringChannel(file, own, BLOCK, ring::listenedBy);
            ring.ready();
            uring.write(1, 2, BlockingChannel.filled(2 * BLOCK, 1), true, statuses::add);
            assertThat(ring.submitted).containsExactly("23 off 4096 len 8192 flags 2");
            ring.complete(0, BLOCK);
            assertThat(ring.submitted).containsExactly("23 off 8192 len 4096 flags 2");
            ring.complete(0, BLOCK);
            uring.close();
            file.release();
        });
        assertThat(statuses).containsExactly(SUCCESSFUL_COMPLETION);
        own.close();
    }

    @Test
    void aRingThatClosesFailsWhatWaits() throws Exception {
        FakeRing ring = new FakeRing();
        BackingFile file = new FileOpener(calls, FileBackendOptions.of(folder.resolve("other")).withSizeBytes(1 << 20))
                .open();
        NettyLoop own = NettyLoop.nio();
        own.run(() -> {
            List<StatusCode> statuses = new ArrayList<>();
            UringChannel uring = new UringChannel(file, own, BLOCK, ring::listenedBy);
            ring.ready();
            MemorySegment memory = BlockingChannel.filled(BLOCK, 1);
            for (int i = 0; i < 10; i++) { // The ring takes four.
                uring.write(i, 1, memory, false, statuses::add);
            }
            uring.flush(statuses::add);
            ring.listener.onClosed();
            assertThat(statuses).hasSize(7).containsOnly(PathRelatedStatus.INTERNAL_PATH_ERROR);
            uring.read(20, 1, memory, statuses::add);
            assertThat(statuses).hasSize(8);
            for (int i = 0; i < 4; i++) {
                ring.complete(0, BLOCK);
            }
            assertThat(statuses.subList(8, 12)).containsOnly(SUCCESSFUL_COMPLETION);
            uring.close();
            file.release();
        });
        own.close();
    }
}
