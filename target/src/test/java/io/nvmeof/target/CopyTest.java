package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.nvm.CopySourceRange;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.HeldBackend;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copy of blocks to blocks. Namespace 1 has 8192 blocks of 512 bytes, random below 4096. */
class CopyTest {
    /** (1 MiB - 8 KiB) / 512. */
    private static final int BLOCKS_MAX = 2032;

    private final HeldBackend backend = new HeldBackend(8192 * 512, 512);
    private final TestTarget target = TestTarget.with(1, backend);
    private final HostQueue admin = target.connectAdmin(0);
    private final HostQueue queue = target.connectIo(0, 1);
    private final byte[] model = new byte[8192 * 512];

    @BeforeEach
    void fill() {
        new SplittableRandom(1).nextBytes(model);
        Arrays.fill(model, 4096 * 512, model.length, (byte) 0);
        for (int block = 0; block < 4096; block += 2048) {
            int first = block;
            success(queue.callWithData(0x01, Arrays.copyOfRange(model, first * 512, (first + 2048) * 512),
                    entry -> entry.namespaceId(1).commandQword(10, first).commandDword(12, 2047)));
        }
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(target.loops().loop(0).buffers().takenBytes()).isZero();
    }

    private static byte[] ranges(long[]... ranges) {
        byte[] bytes = new byte[ranges.length * CopySourceRange.SIZE];
        for (int i = 0; i < ranges.length; i++) {
            CopySourceRange.encode(MemorySegment.ofArray(bytes), (long) i * CopySourceRange.SIZE, ranges[i][0],
                    (int) ranges[i][1]);
        }
        return bytes;
    }

    private static long[] range(long block, long count) {
        return new long[] {block, count};
    }

    private static MemorySegment command(long to, int dword12) {
        return entry(NvmOpcode.COPY.code(),
                entry -> entry.namespaceId(1).commandQword(10, to).commandDword(12, dword12));
    }

    private Response copy(long to, long[]... ranges) {
        byte[] data = ranges(ranges);
        return queue.call(command(to, ranges.length - 1), data, data.length);
    }

    private void copyInModel(int to, int from, int count) {
        System.arraycopy(model, from * 512, model, to * 512, count * 512);
    }

    private void assertLikeModel() {
        for (int first = 0; first < 8192; first += 2048) {
            int block = first;
            assertThat(success(queue.callForData(0x02, 2048 * 512, entry -> entry.namespaceId(1)
                    .commandQword(10, block).commandDword(12, 2047))).data())
                    .isEqualTo(Arrays.copyOfRange(model, block * 512, (block + 2048) * 512));
        }
    }

    @Test
    void copiesOneRangeAndSeveral() {
        success(copy(5000, range(10, 1)));
        copyInModel(5000, 10, 1);
        success(copy(6000, range(0, 7), range(100, 1), range(3, 9), range(4095, 1)));
        copyInModel(6000, 0, 7);
        copyInModel(6007, 100, 1);
        copyInModel(6008, 3, 9);
        copyInModel(6017, 4095, 1);
        success(copy(4096, range(0, BLOCKS_MAX)));
        copyInModel(4096, 0, BLOCKS_MAX);
        assertLikeModel();
    }

    @Test
    void rangesMayOverlapTheDestination() {
        success(copy(105, range(100, 20)));
        copyInModel(105, 100, 20);
        success(copy(200, range(205, 20)));
        copyInModel(200, 205, 20);
        byte[] before = model.clone();
        success(copy(300, range(301, 1), range(300, 1)));
        System.arraycopy(before, 301 * 512, model, 300 * 512, 512);
        System.arraycopy(before, 300 * 512, model, 301 * 512, 512);
        assertLikeModel();
    }

    @Test
    void asManyRangesAsThereMayBe() {
        long[][] ranges = new long[256][];
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = range(2L * i, 1);
            copyInModel(5000 + i, 2 * i, 1);
        }
        success(copy(5000, ranges));
        assertLikeModel();
    }

    @ParameterizedTest(name = "to {0} from {1} with {2} blocks, dword 12 {3}, {4} bytes -> {5}")
    @CsvSource({
        "8191, 0,    1,     0x00000000, 32, SUCCESSFUL_COMPLETION,   0",
        "8191, 0,    1,     0x40000000, 32, SUCCESSFUL_COMPLETION,   0",
        "8192, 0,    1,     0x00000000, 32, LBA_OUT_OF_RANGE,        40",
        "8191, 0,    2,     0x00000000, 32, LBA_OUT_OF_RANGE,        40",
        "-1,   0,    2,     0x00000000, 32, LBA_OUT_OF_RANGE,        40",
        "0,    8192, 1,     0x00000000, 32, LBA_OUT_OF_RANGE,        0",
        "0,    8191, 2,     0x00000000, 32, LBA_OUT_OF_RANGE,        0",
        "0,    -1,   1,     0x00000000, 32, LBA_OUT_OF_RANGE,        0",
        "0,    0,    1,     0x00000001, 32, DATA_SGL_LENGTH_INVALID, 24",
        "0,    0,    1,     0x00000100, 32, INVALID_FIELD_IN_COMMAND, 49",
        "0,    0,    1,     0x00000300, 32, INVALID_FIELD_IN_COMMAND, 49",
        "0,    0,    1,     0x00001000, 32, INVALID_FIELD_IN_COMMAND, 1073",
        "0,    0,    1,     0x00100000, 32, INVALID_FIELD_IN_COMMAND, 1074",
        "0,    0,    1,     0x01000000, 32, INVALID_FIELD_IN_COMMAND, 51",
        "0,    0,    1,     0x02000000, 32, INVALID_FIELD_IN_COMMAND, 307",
        "0,    0,    1,     0x04000000, 32, INVALID_FIELD_IN_COMMAND, 563",
        "0,    0,    1,     0x00000000, 0,  DATA_SGL_LENGTH_INVALID, 24",
    })
    void refuses(long to, long from, int count, int dword12, int bytes, GenericStatus expected, int location) {
        Response response = queue.call(command(to, dword12), ranges(range(from, count)), bytes);
        assertThat(response.status()).isEqualTo(expected);
        assertThat(response.result()).isZero();
        if (expected != GenericStatus.SUCCESSFUL_COMPLETION) {
            assertThat(response.doNotRetry()).isTrue();
            assertThat(location()).isEqualTo(location);
            assertLikeModel();
        }
    }

    private int location() {
        target.loops().runTasks();
        byte[] log = success(admin.getLogPage(1, 0, 64, 0)).data();
        return (log[14] & 0xFF) | (log[15] & 0xFF) << 8;
    }

    @Test
    void sizesAreLimited() {
        assertThat(copy(4096, range(0, BLOCKS_MAX + 1)).status())
                .isEqualTo(CommandSpecificStatus.COMMAND_SIZE_LIMIT_EXCEEDED);
        assertThat(copy(4096, range(0, BLOCKS_MAX), range(0, 1)).status())
                .isEqualTo(CommandSpecificStatus.COMMAND_SIZE_LIMIT_EXCEEDED);
        assertThat(location()).isEqualTo(48);
        assertLikeModel();
    }

    @Test
    void namespacesThatAreNotThereOrReadOnly() {
        byte[] data = ranges(range(0, 1));
        assertThat(queue.call(entry(NvmOpcode.COPY.code(), entry -> entry.namespaceId(2)), data, 32).status())
                .isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        TestTarget readOnly = TestTarget.with(1, new HeldBackend(1 << 20, 512,
                new BackendCapabilities(false, false, true, 1)));
        readOnly.connectAdmin(0);
        HostQueue io = readOnly.connectIo(0, 1);
        assertThat(io.call(command(0, 0), data, 32).status()).isEqualTo(GenericStatus.NAMESPACE_IS_WRITE_PROTECTED);
        assertThat(io.call(entry(NvmOpcode.WRITE_UNCORRECTABLE.code(), entry -> entry.namespaceId(1)), null, 0)
                .status()).isEqualTo(GenericStatus.NAMESPACE_IS_WRITE_PROTECTED);
        success(io.call(entry(NvmOpcode.VERIFY.code(), entry -> entry.namespaceId(1)), null, 0));
    }

    @Test
    void nothingIsWrittenUnlessEverythingWasRead() {
        backend.hold(true);
        byte[] data = ranges(range(0, 1), range(8, 1));
        int id = queue.submit(command(5000, 1), data, data.length);
        target.loops().runTasks();
        backend.failWith(MediaStatus.UNRECOVERED_READ_ERROR);
        backend.releaseAll();
        backend.releaseAll();
        assertThat(queue.poll(id).status()).isEqualTo(MediaStatus.UNRECOVERED_READ_ERROR);
        backend.failWith(null);
        backend.hold(false);
        assertLikeModel();
    }

    @Test
    void forceUnitAccess() {
        success(queue.call(command(5000, 1 << 30), ranges(range(0, 1)), 32));
        assertThat(backend.forcedWriteCount()).isEqualTo(1);
    }

    @ParameterizedTest(name = "connection lost after {0} operations")
    @CsvSource({"0", "1", "2"})
    void theHostGoes(int operations) {
        backend.hold(true);
        byte[] data = ranges(range(0, 1), range(8, 1));
        queue.submit(command(5000, 1), data, data.length);
        target.loops().runTasks();
        for (int i = 0; i < operations; i++) {
            backend.releaseAll();
        }
        queue.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        backend.hold(false);
        backend.releaseAll();
        target.loops().runTasks();
    }

    @Test
    void whatIdentifySaysIsWhatThereIs() {
        byte[] namespace = success(admin.identify(0, 1, 0)).data();
        assertThat(little(namespace, 74, 2)).as("MSSRL").isEqualTo(BLOCKS_MAX);
        assertThat(little(namespace, 76, 4)).as("MCL").isEqualTo(BLOCKS_MAX);
        assertThat(little(namespace, 80, 1)).as("MSRC").isEqualTo(255);
        assertThat(little(namespace, 24, 1) & 2).as("NSFEAT.NSABP").isEqualTo(2);
        assertThat(little(namespace, 34, 2)).as("NAWUN").isZero();
        assertThat(little(namespace, 38, 2)).as("NACWU").isEqualTo(15);
        byte[] controller = success(admin.identify(1, 0, 0)).data();
        assertThat(little(controller, 520, 2) & 0x18F).as("ONCS").isEqualTo(0x18F);
        assertThat(little(controller, 522, 2)).as("FUSES").isEqualTo(1);
        assertThat(little(controller, 526, 2)).as("AWUN").isZero();
        assertThat(little(controller, 528, 2)).as("AWUPF").isZero();
        assertThat(little(controller, 532, 2)).as("ACWU").isEqualTo(15);
        assertThat(little(controller, 534, 2)).as("OCFS").isEqualTo(1);
        byte[] limits = success(admin.identify(6, 0, 0)).data();
        assertThat(limits).startsWith(8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        byte[] effects = success(admin.getLogPage(5, 0, 4096, 0)).data();
        assertThat(little(effects, 1024 + 4 * 0x19, 4) & 0xFFFF).as("Copy").isEqualTo(3);
        assertThat(little(effects, 1024 + 4 * 0x0C, 4) & 0xFFFF).as("Verify").isEqualTo(1);
        assertThat(little(effects, 1024 + 4 * 0x04, 4) & 0xFFFF).as("Write Uncorrectable").isEqualTo(3);
    }

    private static long little(byte[] bytes, int at, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }
}
