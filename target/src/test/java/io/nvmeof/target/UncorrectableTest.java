package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.nvm.CopySourceRange;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.storage.HeldBackend;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Write Uncorrectable, Verify, and what other commands make of blocks so marked. Blocks of 512 bytes. */
class UncorrectableTest {
    private static final int ABSENT = 0x04;
    private static final StatusCode OK = GenericStatus.SUCCESSFUL_COMPLETION;
    private static final StatusCode BAD = MediaStatus.UNRECOVERED_READ_ERROR;

    private final HeldBackend backend = new HeldBackend(8192 * 512, 512);
    private final TestTarget target = TestTarget.with(2, backend);
    private final HostQueue admin = target.connectAdmin(0);
    private final HostQueue queue = target.connectIo(0, 1);
    private final HostQueue other = target.connectIo(1, 2);

    private StatusCode call(HostQueue on, int opcode, long block, int count) {
        return call(on, opcode, block, count, 0);
    }

    private StatusCode call(HostQueue on, int opcode, long block, int count, int flags) {
        boolean data = opcode <= 0x05 && opcode != ABSENT;
        return on.call(entry(opcode, entry -> entry.namespaceId(1).commandQword(10, block)
                .commandDword(12, count - 1 | flags)), new byte[count * 512], data ? count * 512L : 0).status();
    }

    private StatusCode mark(long block, int count) {
        return call(queue, NvmOpcode.WRITE_UNCORRECTABLE.code(), block, count);
    }

    private StatusCode read(HostQueue on, long block, int count) {
        return call(on, NvmOpcode.READ.code(), block, count);
    }

    @Test
    void markedBlocksCannotBeReadUntilTheyAreWritten() {
        assertThat(mark(100, 8)).isEqualTo(OK);
        for (HostQueue host : new HostQueue[] {queue, other}) {
            assertThat(read(host, 99, 1)).isEqualTo(OK);
            assertThat(read(host, 99, 2)).isEqualTo(BAD);
            assertThat(read(host, 107, 2)).isEqualTo(BAD);
            assertThat(read(host, 108, 2)).isEqualTo(OK);
            assertThat(call(host, NvmOpcode.COMPARE.code(), 100, 1)).isEqualTo(BAD);
            assertThat(call(host, NvmOpcode.VERIFY.code(), 100, 1)).isEqualTo(BAD);
            assertThat(call(host, NvmOpcode.VERIFY.code(), 108, 1)).isEqualTo(OK);
        }
        assertThat(call(other, NvmOpcode.WRITE.code(), 103, 2)).isEqualTo(OK);
        assertThat(read(queue, 103, 2)).isEqualTo(OK);
        assertThat(read(queue, 102, 1)).isEqualTo(BAD);
        assertThat(read(other, 105, 1)).isEqualTo(BAD);
        assertThat(call(queue, NvmOpcode.WRITE_ZEROES.code(), 100, 64)).isEqualTo(OK);
        assertThat(read(queue, 90, 100)).isEqualTo(OK);
        assertThat(read(other, 90, 100)).isEqualTo(OK);
    }

    @Test
    void copiesAndFusedCommands() {
        assertThat(mark(100, 8)).isEqualTo(OK);
        assertThat(copy(200, 99, 2)).isEqualTo(BAD);
        assertThat(copy(104, 0, 8)).isEqualTo(OK);
        assertThat(read(other, 104, 8)).isEqualTo(OK);
        assertThat(read(other, 103, 1)).isEqualTo(BAD);
        int first = fused(NvmOpcode.COMPARE.code(), 0x41);
        int second = fused(NvmOpcode.WRITE.code(), 0x42);
        assertThat(queue.poll(first).status()).isEqualTo(BAD);
        assertThat(queue.poll(second).status()).isEqualTo(GenericStatus.COMMAND_ABORTED_FAILED_FUSED);
    }

    private int fused(int opcode, int flags) {
        return queue.submit(entry(opcode, entry -> entry.flags(flags).namespaceId(1).commandQword(10, 100)),
                new byte[512], 512);
    }

    private StatusCode copy(long to, long from, int count) {
        byte[] range = new byte[CopySourceRange.SIZE];
        CopySourceRange.encode(MemorySegment.ofArray(range), 0, from, count);
        return queue.call(entry(NvmOpcode.COPY.code(), entry -> entry.namespaceId(1).commandQword(10, to)), range,
                range.length).status();
    }

    @ParameterizedTest(name = "opcode {0} at {1} with dword 12 {2} -> {3}")
    @CsvSource({
        "0x04, 8191, 0x00000000, SUCCESSFUL_COMPLETION",
        "0x04, 0,    0x000007FF, SUCCESSFUL_COMPLETION",
        "0x04, 0,    0x00000800, INVALID_FIELD_IN_COMMAND",
        "0x04, 8192, 0x00000000, LBA_OUT_OF_RANGE",
        "0x04, 8191, 0x00000001, LBA_OUT_OF_RANGE",
        "0x04, -1,   0x00000001, LBA_OUT_OF_RANGE",
        "0x04, 0,    0x00100000, INVALID_FIELD_IN_COMMAND",
        "0x0C, 8191, 0x00000000, SUCCESSFUL_COMPLETION",
        "0x0C, 0,    0x000007FF, SUCCESSFUL_COMPLETION",
        "0x0C, 0,    0x400007FF, SUCCESSFUL_COMPLETION",
        "0x0C, 0,    0x00000800, INVALID_FIELD_IN_COMMAND",
        "0x0C, 8192, 0x00000000, LBA_OUT_OF_RANGE",
        "0x0C, 8191, 0x00000001, LBA_OUT_OF_RANGE",
        "0x0C, 0,    0x04000000, INVALID_FIELD_IN_COMMAND",
        "0x0C, 0,    0x01000000, INVALID_FIELD_IN_COMMAND",
    })
    void refuses(int opcode, long block, int dword12, GenericStatus expected) {
        Response response = queue.call(opcode, entry -> entry.namespaceId(1).commandQword(10, block)
                .commandDword(12, dword12));
        assertThat(response.status()).isEqualTo(expected);
        assertThat(response.doNotRetry()).isEqualTo(expected != OK);
        assertThat(queue.call(opcode, entry -> entry.namespaceId(3)).status())
                .isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
    }

    @Test
    void verifyReadsEverything() {
        backend.hold(true);
        int id = queue.submit(entry(NvmOpcode.VERIFY.code(), entry -> entry.namespaceId(1).commandDword(12, 599)),
                null, 0);
        target.loops().runTasks();
        for (int piece = 0; piece < 3; piece++) {
            assertThat(backend.heldRanges()).containsExactly(
                    new HeldBackend.Range(piece * 256L, Math.min(256, 600 - piece * 256)));
            backend.releaseAll();
        }
        success(queue.poll(id));
        backend.hold(false);
        backend.failWith(BAD);
        assertThat(call(queue, NvmOpcode.VERIFY.code(), 0, 1)).isEqualTo(BAD);
    }

    @Test
    void aReadAtWorkIsNotTroubledAndAWriteIsNotLost() {
        backend.hold(true);
        int read = other.submit(entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null, 512);
        target.loops().runTasks();
        int mark = queue.submit(entry(NvmOpcode.WRITE_UNCORRECTABLE.code(), entry -> entry.namespaceId(1)), null, 0);
        assertThat(queue.poll(mark)).as("the read is at work").isNull();
        int late = other.submit(entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null, 512);
        backend.releaseAll();
        success(other.poll(read));
        success(queue.poll(mark));
        assertThat(other.poll(late).status()).isEqualTo(BAD);

        int write = other.submit(entry(NvmOpcode.WRITE.code(), entry -> entry.namespaceId(1)), new byte[512], 512);
        int after = queue.submit(entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null, 512);
        target.loops().runTasks();
        backend.failWith(MediaStatus.WRITE_FAULT);
        backend.hold(false);
        backend.releaseAll();
        target.loops().runTasks();
        success(other.poll(write));
        assertThat(backend.heldCount()).isZero();
        assertThat(queue.poll(after)).isNotNull();
        backend.failWith(null);
    }

    @Test
    void aWriteThatFailsLeavesTheMark() {
        assertThat(mark(0, 1)).isEqualTo(OK);
        backend.failWith(MediaStatus.WRITE_FAULT);
        assertThat(call(queue, NvmOpcode.WRITE.code(), 0, 1)).isEqualTo(MediaStatus.WRITE_FAULT);
        backend.failWith(null);
        assertThat(read(queue, 0, 1)).isEqualTo(BAD);
        assertThat(call(queue, NvmOpcode.WRITE.code(), 0, 1)).isEqualTo(OK);
        assertThat(read(queue, 0, 1)).isEqualTo(OK);
    }

    @Test
    void deallocationDoesNotEndIt() {
        assertThat(mark(0, 1)).isEqualTo(OK);
        byte[] range = new byte[16];
        range[4] = 1;
        success(queue.call(entry(NvmOpcode.DATASET_MANAGEMENT.code(),
                entry -> entry.namespaceId(1).commandDword(11, 4)), range, 16));
        assertThat(read(queue, 0, 1)).isEqualTo(BAD);
    }

    @Test
    void aHostThatGoesWhileItClears() {
        assertThat(mark(0, 1)).isEqualTo(OK);
        backend.hold(true);
        queue.submit(entry(NvmOpcode.WRITE.code(), entry -> entry.namespaceId(1)), new byte[512], 512);
        target.loops().runTasks();
        queue.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        int waits = other.submit(entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null, 512);
        assertThat(other.poll(waits)).isNull();
        backend.hold(false);
        backend.releaseAll();
        assertThat(other.poll(waits).status()).as("nobody was told that it is written").isEqualTo(BAD);
    }

    @Test
    void tooManyAreRefused() {
        HeldBackend large = new HeldBackend(40_000L * 512, 512);
        TestTarget wide = TestTarget.with(1, large);
        wide.connectAdmin(0);
        HostQueue io = wide.connectIo(0, 1);
        for (int block = 0; block < 32_768; block += 2048) {
            assertThat(call(io, ABSENT, block, 2048)).isEqualTo(OK);
        }
        assertThat(call(io, ABSENT, 0, 2048)).as("they are marked already").isEqualTo(OK);
        assertThat(call(io, ABSENT, 35_000, 1)).isEqualTo(GenericStatus.CAPACITY_EXCEEDED);
        assertThat(read(io, 35_000, 1)).isEqualTo(OK);
        assertThat(call(io, NvmOpcode.WRITE.code(), 7, 1)).isEqualTo(OK);
        assertThat(call(io, ABSENT, 35_000, 1)).isEqualTo(OK);
    }
}
