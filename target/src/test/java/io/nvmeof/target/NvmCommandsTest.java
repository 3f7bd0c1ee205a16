package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.nvm.NvmCommandBits;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.HeldBackend;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The I/O commands: what they do, and what they refuse. Namespace 1 has 8192 blocks of 512 bytes. */
class NvmCommandsTest {
    private static final int ALL = 0xFFFFFFFF;
    private static final int DEALLOCATE = 1 << 2;

    private final HeldBackend backend = new HeldBackend(8192 * 512, 512);
    private final TestTarget target = TestTarget.with(2, backend);
    private final HostQueue admin = target.connectAdmin(0);
    private final HostQueue queue = target.connectIo(1, 1);

    @ParameterizedTest(name = "opcode {0} nsid {1} slba {2} dword 12 {3} with {4} bytes -> {5}")
    @CsvSource({
        // Read: range
        "0x02, 1, 0,     0x00000000, 512,     SUCCESSFUL_COMPLETION",
        "0x02, 1, 8191,  0x00000000, 512,     SUCCESSFUL_COMPLETION",
        "0x02, 1, 8192,  0x00000000, 512,     LBA_OUT_OF_RANGE",
        "0x02, 1, 8191,  0x00000001, 1024,    LBA_OUT_OF_RANGE",
        "0x02, 1, -1,    0x00000000, 512,     LBA_OUT_OF_RANGE",
        "0x02, 1, -1,    0x00000001, 1024,    LBA_OUT_OF_RANGE",
        "0x02, 1, 0,     0x000007FF, 1048576, SUCCESSFUL_COMPLETION",
        "0x02, 1, 0,     0x00000800, 1049088, INVALID_FIELD_IN_COMMAND",
        "0x02, 1, 0,     0x0000FFFF, 512,     LBA_OUT_OF_RANGE",
        // Read: length, namespace, flags
        "0x02, 1, 0,     0x00000001, 512,     DATA_SGL_LENGTH_INVALID",
        "0x02, 1, 0,     0x00000000, 1024,    DATA_SGL_LENGTH_INVALID",
        "0x02, 1, 0,     0x00000000, 0,       DATA_SGL_LENGTH_INVALID",
        "0x02, 0, 0,     0x00000000, 512,     INVALID_NAMESPACE_OR_FORMAT",
        "0x02, 2, 0,     0x00000000, 512,     INVALID_NAMESPACE_OR_FORMAT",
        "0x02, -1, 0,    0x00000000, 512,     INVALID_NAMESPACE_OR_FORMAT",
        "0x02, -2147483648, 0, 0x00000000, 512, INVALID_NAMESPACE_OR_FORMAT",
        "0x02, 1, 0,     0x40000000, 512,     SUCCESSFUL_COMPLETION",
        "0x02, 1, 0,     0x04000000, 512,     INVALID_FIELD_IN_COMMAND",
        "0x02, 1, 0,     0x20000000, 512,     INVALID_FIELD_IN_COMMAND",
        "0x02, 1, 0,     0x01000000, 512,     INVALID_FIELD_IN_COMMAND",
        // Write
        "0x01, 1, 8191,  0x00000000, 512,     SUCCESSFUL_COMPLETION",
        "0x01, 1, 8192,  0x00000000, 512,     LBA_OUT_OF_RANGE",
        "0x01, 1, -1,    0x00000001, 1024,    LBA_OUT_OF_RANGE",
        "0x01, 1, 0,     0x40000000, 512,     SUCCESSFUL_COMPLETION",
        "0x01, 1, 0,     0x00100000, 512,     INVALID_FIELD_IN_COMMAND",
        "0x01, 1, 0,     0x00000001, 512,     DATA_SGL_LENGTH_INVALID",
        "0x01, 7, 0,     0x00000000, 512,     INVALID_NAMESPACE_OR_FORMAT",
        // Flush
        "0x00, 1, 0,     0x00000000, 0,       SUCCESSFUL_COMPLETION",
        "0x00, -1, 0,    0x00000000, 0,       SUCCESSFUL_COMPLETION",
        "0x00, 0, 0,     0x00000000, 0,       INVALID_NAMESPACE_OR_FORMAT",
        "0x00, 2, 0,     0x00000000, 0,       INVALID_NAMESPACE_OR_FORMAT",
        // Write Zeroes: longer than a transfer may be
        "0x08, 1, 0,     0x00001FFF, 0,       SUCCESSFUL_COMPLETION",
        "0x08, 1, 0,     0x02001FFF, 0,       SUCCESSFUL_COMPLETION",
        "0x08, 1, 1,     0x00001FFF, 0,       LBA_OUT_OF_RANGE",
        // Compare of zeroes
        "0x05, 1, 0,     0x000007FF, 1048576, SUCCESSFUL_COMPLETION",
        "0x05, 1, 8192,  0x00000000, 512,     LBA_OUT_OF_RANGE",
        // What there is not
        "0x0D, 1, 0,     0x00000000, 0,       DATA_SGL_LENGTH_INVALID",
        "0x0D, 2, 0,     0x00000000, 0,       INVALID_NAMESPACE_OR_FORMAT",
        "0x18, 1, 0,     0x00000000, 0,       INVALID_OPCODE",
        "0xC0, 1, 0,     0x00000000, 0,       INVALID_OPCODE",
    })
    void answers(int opcode, int nsid, long slba, int dword12, int bytes, GenericStatus expected) {
        MemorySegment command = entry(opcode,
                entry -> entry.namespaceId(nsid).commandQword(10, slba).commandDword(12, dword12));
        Response response = queue.call(command, new byte[bytes], bytes);
        assertThat(response.status()).isEqualTo(expected);
        assertThat(response.doNotRetry()).isEqualTo(expected != GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
    }

    @ParameterizedTest(name = "flags {0} -> {1}")
    @CsvSource({
        "0x40, SUCCESSFUL_COMPLETION",
        "0x41, INVALID_FIELD_IN_COMMAND", // fused, first, which is to be a Compare
        "0x42, COMMAND_ABORTED_MISSING_FUSED", // fused, second
        "0x00, INVALID_FIELD_IN_COMMAND", // PRP
        "0x80, INVALID_FIELD_IN_COMMAND",
        "0xC0, INVALID_FIELD_IN_COMMAND",
    })
    void checksTheFlags(int flags, GenericStatus expected) {
        assertThat(queue.callForData(0x02, 512, entry -> entry.flags(flags).namespaceId(1)).status())
                .isEqualTo(expected);
    }

    @Test
    void writesAndReadsBack() {
        byte[] data = random(1 << 20);
        success(write(4, data, 0));
        assertThat(success(read(4, data.length)).data()).isEqualTo(data);
        assertThat(success(read(0, 2048)).data()).containsOnly(0);
        assertThat(backend.forcedWriteCount()).isZero();
    }

    @Test
    void forceUnitAccessReachesTheBackend() {
        success(write(0, random(512), NvmCommandBits.FORCE_UNIT_ACCESS));
        assertThat(backend.forcedWriteCount()).isEqualTo(1);
        success(queue.call(NvmOpcode.WRITE_ZEROES.code(), entry -> entry.namespaceId(1)
                .commandDword(12, NvmCommandBits.FORCE_UNIT_ACCESS)));
        assertThat(backend.forcedWriteCount()).isEqualTo(2);
        assertThat(backend.flushCount()).isZero();
        success(queue.callForData(NvmOpcode.READ.code(), 512, entry -> entry.namespaceId(1)
                .commandDword(12, NvmCommandBits.FORCE_UNIT_ACCESS)));
        assertThat(backend.flushCount()).as("a forced read commits what is cached first").isEqualTo(1);
    }

    @Test
    void aFlushIsDoneWhenTheBackendSaysSo() {
        backend.hold(true);
        int flush = queue.submit(entry(NvmOpcode.FLUSH.code(), entry -> entry.namespaceId(ALL)), null, 0);
        assertThat(queue.poll(flush)).isNull();
        backend.releaseAll();
        assertThat(queue.poll(flush).status()).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        backend.hold(false);
        backend.failWith(MediaStatus.WRITE_FAULT);
        Response failed = queue.call(NvmOpcode.FLUSH.code(), entry -> entry.namespaceId(ALL));
        assertThat(failed.status()).isEqualTo(MediaStatus.WRITE_FAULT);
        assertThat(failed.doNotRetry()).isFalse();
    }

    @Test
    void backendFailuresReachTheHostAndTheLogs() {
        backend.failWith(MediaStatus.UNRECOVERED_READ_ERROR);
        Response response = read(100, 512);
        assertThat(response.status()).isEqualTo(MediaStatus.UNRECOVERED_READ_ERROR);
        assertThat(response.doNotRetry()).isFalse();
        assertThat(response.data()).isEmpty();
        target.loops().runTasks();
        ByteBuffer log = ByteBuffer.wrap(success(admin.getLogPage(1, 0, 64, 0)).data()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(log.getShort(8)).as("SQID").isEqualTo((short) 1);
        assertThat(log.getLong(16)).as("LBA").isEqualTo(100);
        ByteBuffer smart = ByteBuffer.wrap(success(admin.getLogPage(2, ALL, 512, 0)).data())
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(smart.getLong(160)).as("media errors").isEqualTo(1);
        backend.failWith(null);
        success(read(100, 512));
    }

    @ParameterizedTest(name = "{0} blocks, first difference at byte {1}")
    @CsvSource({"1, -1", "1, 0", "1, 511", "2048, -1", "2048, 0", "2048, 131072", "2048, 131071", "2048, 1048575",
        "257, 131583", "257, 131071"})
    void comparesEveryByte(int blockCount, int difference) {
        byte[] data = random(blockCount * 512);
        success(write(3, data, 0));
        byte[] other = data.clone();
        if (difference >= 0) {
            other[difference] ^= 1;
        }
        Response response = compare(3, other);
        assertThat(response.status()).isEqualTo(
                difference < 0 ? GenericStatus.SUCCESSFUL_COMPLETION : MediaStatus.COMPARE_FAILURE);
        assertThat(response.doNotRetry()).isEqualTo(difference >= 0);
    }

    @Test
    void comparesTakeTurns() {
        byte[] data = random(1 << 20);
        success(write(0, data, 0));
        byte[] other = data.clone();
        other[other.length - 1] ^= 1;
        backend.hold(true);
        int[] ids = new int[4];
        for (int i = 0; i < ids.length; i++) {
            MemorySegment command = entry(NvmOpcode.COMPARE.code(),
                    entry -> entry.namespaceId(1).commandDword(12, 2047));
            ids[i] = queue.submit(command, i % 2 == 0 ? data : other, data.length);
        }
        for (int i = 0; i < 8 * ids.length; i++) {
            target.loops().runTasks();
            assertThat(backend.heldCount()).isLessThanOrEqualTo(1);
            backend.releaseAll();
        }
        for (int i = 0; i < ids.length; i++) {
            StatusCode expected = i % 2 == 0 ? GenericStatus.SUCCESSFUL_COMPLETION : MediaStatus.COMPARE_FAILURE;
            assertThat(queue.poll(ids[i]).status()).isEqualTo(expected);
        }
    }

    @Test
    void deallocatesRangesOnlyWhenAskedTo() {
        byte[] data = random(64 * 512);
        success(write(0, data, 0));
        success(deallocate(0, 64 * 16, range(0, 8), range(16, 8)));
        assertThat(success(read(0, data.length)).data()).isEqualTo(data);
        assertThat(backend.deallocateCount()).isZero();

        // Linux describes 4096 bytes whatever it sends; empty ranges are nothing.
        success(deallocate(DEALLOCATE, 4096, range(0, 8), range(9, 0), range(16, 8)));
        Arrays.fill(data, 0, 8 * 512, (byte) 0);
        Arrays.fill(data, 16 * 512, 24 * 512, (byte) 0);
        assertThat(success(read(0, data.length)).data()).isEqualTo(data);
        assertThat(backend.deallocateCount()).isEqualTo(2);
    }

    @Test
    void deallocatesNothingIfOneRangeIsWrong() {
        byte[] data = random(512);
        success(write(0, data, 0));
        for (long[] wrong : new long[][] {range(8192, 1), range(8191, 2), range(-1, 2), range(1, 0xFFFFFFFFL),
            range(8193, 0)}) {
            Response response = deallocate(DEALLOCATE, 32, range(0, 1), wrong);
            assertThat(response.status()).isEqualTo(GenericStatus.LBA_OUT_OF_RANGE);
        }
        assertThat(deallocate(DEALLOCATE, 16, range(0, 1), range(1, 1)).status())
                .isEqualTo(GenericStatus.DATA_SGL_LENGTH_INVALID);
        assertThat(success(read(0, 512)).data()).isEqualTo(data);
    }

    @Test
    void deallocates256RangesOneAfterTheOther() {
        long[][] ranges = new long[256][];
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = range(i * 2L, 1);
        }
        success(deallocate(DEALLOCATE, 4096, ranges));
        assertThat(backend.deallocateCount()).isEqualTo(256);
        backend.hold(true);
        int id = queue.submit(deallocateEntry(DEALLOCATE, 256), bytes(4096, ranges), 4096);
        for (int i = 0; i < 256; i++) {
            assertThat(queue.poll(id)).isNull();
            assertThat(backend.heldCount()).isEqualTo(1);
            backend.releaseAll();
        }
        assertThat(queue.poll(id).status()).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void aReadOnlyNamespaceIsNotChanged() {
        TestTarget readOnly = TestTarget.with(1, new HeldBackend(1 << 20, 512,
                new BackendCapabilities(false, false, true, 1)));
        HostQueue readOnlyAdmin = readOnly.connectAdmin(0);
        HostQueue io = readOnly.connectIo(0, 1);
        StatusCode expected = GenericStatus.NAMESPACE_IS_WRITE_PROTECTED;
        assertThat(io.callWithData(0x01, new byte[512], entry -> entry.namespaceId(1)).status()).isEqualTo(expected);
        assertThat(io.call(0x08, entry -> entry.namespaceId(1)).status()).isEqualTo(expected);
        assertThat(io.call(deallocateEntry(DEALLOCATE, 1), bytes(16, range(0, 1)), 16).status()).isEqualTo(expected);
        success(io.callForData(0x02, 512, entry -> entry.namespaceId(1)));
        success(io.call(0x00, entry -> entry.namespaceId(1)));
        assertThat(success(readOnlyAdmin.identify(0, 1, 0)).data()[99] & 1).as("NSATTR").isEqualTo(1);
    }

    @Test
    void theTransportsComplaintIsTheAnswer() {
        int id = queue.submit(entry(0x02, entry -> entry.namespaceId(1)), null, 512,
                GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID);
        assertThat(queue.poll(id).status()).isEqualTo(GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID);
        id = queue.submit(entry(0x00, entry -> entry.namespaceId(1)), null, 0,
                GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID);
        assertThat(queue.poll(id).status()).as("it moves no data").isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void damagedDataIsNotWritten() {
        queue.sender().holdData(true);
        int id = queue.submit(entry(0x01, entry -> entry.namespaceId(1)), random(512), 512);
        queue.sender().corruptData(0);
        Response response = queue.poll(id);
        assertThat(response.status()).isEqualTo(GenericStatus.TRANSIENT_TRANSPORT_ERROR);
        assertThat(response.doNotRetry()).isFalse();
        assertThat(success(read(0, 512)).data()).containsOnly(0);
    }

    private Response write(long slba, byte[] data, int flags) {
        return queue.callWithData(NvmOpcode.WRITE.code(), data, range(slba, data.length / 512, flags));
    }

    private Response read(long slba, int bytes) {
        return queue.callForData(NvmOpcode.READ.code(), bytes, range(slba, bytes / 512, 0));
    }

    private Response compare(long slba, byte[] data) {
        return queue.callWithData(NvmOpcode.COMPARE.code(), data, range(slba, data.length / 512, 0));
    }

    private static Consumer<SubmissionQueueEntry> range(long slba, int blockCount, int flags) {
        return entry -> entry.namespaceId(1).commandQword(10, slba).commandDword(12, blockCount - 1 | flags);
    }

    private Response deallocate(int attributes, int transferBytes, long[]... ranges) {
        return queue.call(deallocateEntry(attributes, ranges.length), bytes(transferBytes, ranges), transferBytes);
    }

    private static MemorySegment deallocateEntry(int attributes, int rangeCount) {
        return entry(NvmOpcode.DATASET_MANAGEMENT.code(), entry -> entry.namespaceId(1)
                .commandDword(10, rangeCount - 1).commandDword(11, attributes));
    }

    private static long[] range(long slba, long blocks) {
        return new long[] {slba, blocks};
    }

    private static byte[] bytes(int length, long[]... ranges) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(length, 16 * ranges.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] range : ranges) {
            bytes.putInt(0).putInt((int) range[1]).putLong(range[0]);
        }
        return bytes.array();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
