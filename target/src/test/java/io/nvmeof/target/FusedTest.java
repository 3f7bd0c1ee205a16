package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.storage.HeldBackend;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compare and Write as one. Namespace 1 has 8192 blocks of 512 bytes, all zero. */
class FusedTest {
    private static final int COMPARE = NvmOpcode.COMPARE.code();
    private static final int WRITE = NvmOpcode.WRITE.code();
    private static final int FIRST = 0x41;
    private static final int SECOND = 0x42;
    private static final StatusCode OK = GenericStatus.SUCCESSFUL_COMPLETION;
    private static final StatusCode FAILED = GenericStatus.COMMAND_ABORTED_FAILED_FUSED;
    private static final StatusCode MISSING = GenericStatus.COMMAND_ABORTED_MISSING_FUSED;

    private final HeldBackend backend = new HeldBackend(8192 * 512, 512);
    private final TestTarget target = TestTarget.with(2, backend);
    private final HostQueue admin = target.connectAdmin(0);
    private final HostQueue queue = target.connectIo(1, 1);
    private final HostQueue other = target.connectIo(0, 2);

    @AfterEach
    void nothingIsLeft() {
        assertThat(target.loops().loop(0).buffers().takenBytes()).isZero();
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
        assertThat(backend.heldCount()).isZero();
        if (!queue.sender().closed()) {
            write(queue, 0, (byte) 9, 8);
        }
    }

    private int submit(HostQueue on, int opcode, int flags, long block, byte[] data) {
        return on.submit(entry(opcode, entry -> entry.flags(flags).namespaceId(1).commandQword(10, block)
                .commandDword(12, data.length / 512 - 1)), data, data.length);
    }

    private static byte[] blocks(int value, int count) {
        byte[] data = new byte[count * 512];
        Arrays.fill(data, (byte) value);
        return data;
    }

    private void write(HostQueue on, long block, byte value, int count) {
        success(on.poll(submit(on, WRITE, 0x40, block, blocks(value, count))));
    }

    private byte valueAt(long block) {
        return success(other.callForData(0x02, 512, entry -> entry.namespaceId(1).commandQword(10, block))).data()[0];
    }

    private void assertEnds(int first, StatusCode firstStatus, int second, StatusCode secondStatus) {
        target.loops().runTasks();
        Response one = queue.sender().takeResponse(first);
        Response two = queue.sender().takeResponse(second);
        assertThat(one).isNotNull();
        assertThat(two).isNotNull();
        assertThat(one.status()).isEqualTo(firstStatus);
        assertThat(two.status()).isEqualTo(secondStatus);
    }

    @ParameterizedTest(name = "{0} blocks")
    @ValueSource(ints = {1, 2, 16})
    void writesWhatWasAsExpected(int count) {
        write(queue, 10, (byte) 1, count);
        int first = submit(queue, COMPARE, FIRST, 10, blocks(1, count));
        int second = submit(queue, WRITE, SECOND, 10, blocks(2, count));
        assertEnds(first, OK, second, OK);
        assertThat(valueAt(10)).isEqualTo((byte) 2);
        assertThat(valueAt(9 + count)).isEqualTo((byte) 2);
        assertThat(valueAt(10 + count)).isZero();
    }

    @Test
    void writesNothingElse() {
        byte[] expected = blocks(0, 2);
        expected[1023] = 1;
        int first = submit(queue, COMPARE, FIRST, 10, expected);
        int second = submit(queue, WRITE, SECOND, 10, blocks(2, 2));
        assertEnds(first, MediaStatus.COMPARE_FAILURE, second, FAILED);
        assertThat(valueAt(10)).isZero();
    }

    @ParameterizedTest(name = "{0}/{1} at {2} of {3}, then {4}/{5} at {6} of {7} -> {8}, {9}")
    @CsvSource({
        "0x05, 0x41, 5, 1,      0x01, 0x42, 6, 1,      COMMAND_ABORTED_FAILED_FUSED,  INVALID_FIELD_IN_COMMAND",
        "0x05, 0x41, 5, 1,      0x01, 0x42, 5, 2,      COMMAND_ABORTED_FAILED_FUSED,  INVALID_FIELD_IN_COMMAND",
        "0x05, 0x41, 5, 1,      0x05, 0x42, 5, 1,      COMMAND_ABORTED_FAILED_FUSED,  INVALID_FIELD_IN_COMMAND",
        "0x05, 0x41, 5, 1,      0x01, 0x02, 5, 1,      COMMAND_ABORTED_FAILED_FUSED,  INVALID_FIELD_IN_COMMAND",
        "0x05, 0x41, 5, 1,      0x01, 0x40, 5, 1,      COMMAND_ABORTED_MISSING_FUSED, SUCCESSFUL_COMPLETION",
        "0x05, 0x41, 5, 1,      0x01, 0x43, 5, 1,      COMMAND_ABORTED_MISSING_FUSED, INVALID_FIELD_IN_COMMAND",
        "0x05, 0x41, 5, 1,      0x01, 0x42, 8192, 1,   COMMAND_ABORTED_FAILED_FUSED,  LBA_OUT_OF_RANGE",
        "0x05, 0x41, 8192, 1,   0x01, 0x42, 8192, 1,   LBA_OUT_OF_RANGE,              COMMAND_ABORTED_FAILED_FUSED",
        "0x05, 0x41, 5, 17,     0x01, 0x42, 5, 17,     ATOMIC_WRITE_UNIT_EXCEEDED,    COMMAND_ABORTED_FAILED_FUSED",
        "0x01, 0x41, 5, 1,      0x01, 0x42, 5, 1,      INVALID_FIELD_IN_COMMAND,      COMMAND_ABORTED_FAILED_FUSED",
        "0x02, 0x41, 5, 1,      0x01, 0x40, 5, 1,      INVALID_FIELD_IN_COMMAND,      SUCCESSFUL_COMPLETION",
        "0x05, 0x40, 5, 1,      0x01, 0x42, 5, 1,      SUCCESSFUL_COMPLETION,         COMMAND_ABORTED_MISSING_FUSED",
        "0x05, 0x43, 5, 1,      0x01, 0x42, 5, 1,      INVALID_FIELD_IN_COMMAND,      COMMAND_ABORTED_MISSING_FUSED",
        "0x05, 0x01, 5, 1,      0x01, 0x42, 5, 1,      INVALID_FIELD_IN_COMMAND,      COMMAND_ABORTED_FAILED_FUSED",
    })
    void refusesWhatIsNotOne(int opcode1, int flags1, long block1, int count1, int opcode2, int flags2, long block2,
            int count2, GenericStatus status1, GenericStatus status2) {
        int first = submit(queue, opcode1, flags1, block1, blocks(0, count1));
        int second = submit(queue, opcode2, flags2, block2, blocks(0, count2));
        assertEnds(first, status1, second, status2);
    }

    @Test
    void otherNamespacesAreOtherBlocks() {
        int first = submit(queue, COMPARE, FIRST, 0, blocks(0, 1));
        int second = queue.submit(entry(WRITE, entry -> entry.flags(SECOND).namespaceId(2)), blocks(1, 1), 512);
        assertEnds(first, FAILED, second, GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
    }

    @Test
    void twoFirstsAndOneSecond() {
        int lost = submit(queue, COMPARE, FIRST, 0, blocks(0, 1));
        int first = submit(queue, COMPARE, FIRST, 1, blocks(0, 1));
        int second = submit(queue, WRITE, SECOND, 1, blocks(5, 1));
        assertThat(queue.poll(lost).status()).isEqualTo(MISSING);
        assertEnds(first, OK, second, OK);
        int late = submit(queue, WRITE, SECOND, 1, blocks(6, 1));
        assertThat(queue.poll(late).status()).isEqualTo(MISSING);
        assertThat(valueAt(1)).isEqualTo((byte) 5);
    }

    @Test
    void theAdminQueueHasNone() {
        Response response = admin.call(AdminOpcode.KEEP_ALIVE.code(), entry -> entry.flags(FIRST));
        assertThat(response.status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        success(admin.call(AdminOpcode.KEEP_ALIVE.code(), entry -> {}));
    }

    @ParameterizedTest(name = "data of the Write first: {0}")
    @ValueSource(booleans = {true, false})
    void dataMayComeInAnyOrder(boolean writeFirst) {
        queue.sender().holdData(true);
        int first = submit(queue, COMPARE, FIRST, 3, blocks(0, 1));
        int second = submit(queue, WRITE, SECOND, 3, blocks(4, 1));
        queue.sender().deliverData(writeFirst ? 1 : 0);
        assertThat(queue.poll(first)).isNull();
        assertThat(queue.poll(second)).isNull();
        assertThat(valueAt(3)).isZero();
        queue.sender().deliverData(writeFirst ? 0 : 1);
        assertEnds(first, OK, second, OK);
        assertThat(valueAt(3)).isEqualTo((byte) 4);
        queue.sender().holdData(false);
    }

    @ParameterizedTest(name = "damaged data of slot {0}")
    @CsvSource({"0, TRANSIENT_TRANSPORT_ERROR, COMMAND_ABORTED_FAILED_FUSED",
        "1, COMMAND_ABORTED_FAILED_FUSED, TRANSIENT_TRANSPORT_ERROR"})
    void damagedDataEndsBoth(int slot, GenericStatus status1, GenericStatus status2) {
        queue.sender().holdData(true);
        int first = submit(queue, COMPARE, FIRST, 3, blocks(0, 1));
        int second = submit(queue, WRITE, SECOND, 3, blocks(4, 1));
        queue.sender().corruptData(slot);
        queue.sender().deliverData(1 - slot);
        assertEnds(first, status1, second, status2);
        queue.sender().holdData(false);
    }

    @ParameterizedTest(name = "abort of {0} when {1} has its data")
    @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1"})
    void abortOfOneEndsBoth(int aborted, int withData) {
        queue.sender().holdData(true);
        int[] ids = {submit(queue, COMPARE, FIRST, 3, blocks(0, 1)), submit(queue, WRITE, SECOND, 3, blocks(4, 1))};
        queue.sender().deliverData(withData);
        int abort = submitAbort(ids[aborted]);
        target.loops().runTasks();
        queue.sender().deliverData(1 - withData);
        StatusCode wanted = GenericStatus.COMMAND_ABORT_REQUESTED;
        assertEnds(ids[0], aborted == 0 ? wanted : FAILED, ids[1], aborted == 1 ? wanted : FAILED);
        assertThat(success(admin.poll(abort)).result()).isZero();
        queue.sender().holdData(false);
        assertThat(valueAt(3)).isZero();
    }

    @Test
    void abortWhileItWaitsForItsBlocks() {
        backend.hold(true);
        int read = submit(other, 0x02, 0x40, 0, blocks(0, 8));
        target.loops().runTasks();
        int first = submit(queue, COMPARE, FIRST, 3, blocks(0, 1));
        int second = submit(queue, WRITE, SECOND, 3, blocks(4, 1));
        target.loops().runTasks();
        assertThat(success(admin.poll(submitAbort(second))).result()).isZero();
        assertEnds(first, FAILED, second, GenericStatus.COMMAND_ABORT_REQUESTED);
        backend.hold(false);
        backend.releaseAll();
        success(other.poll(read));
    }

    @Test
    void abortOfAFirstThatIsAlone() {
        int first = submit(queue, COMPARE, FIRST, 3, blocks(0, 1));
        target.loops().runTasks();
        assertThat(success(admin.poll(submitAbort(first))).result()).isZero();
        assertThat(queue.poll(first).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        assertThat(queue.poll(submit(queue, WRITE, SECOND, 3, blocks(4, 1))).status()).isEqualTo(FAILED);
    }

    @Test
    void nobodySeesOrChangesTheBlocksMeanwhile() {
        backend.hold(true);
        int before = submit(other, WRITE, 0x40, 4, blocks(0, 8));
        target.loops().runTasks();
        int first = submit(queue, COMPARE, FIRST, 4, blocks(0, 2));
        int second = submit(queue, WRITE, SECOND, 4, blocks(7, 2));
        target.loops().runTasks();
        assertThat(backend.heldCount()).as("waits for what came first").isEqualTo(1);
        int after = submit(other, WRITE, 0x40, 5, blocks(8, 1));
        int beside = submit(other, WRITE, 0x40, 6, blocks(8, 1));
        target.loops().runTasks();
        assertThat(backend.heldRanges()).extracting(HeldBackend.Range::startingBlock).containsExactly(4L, 6L);
        backend.release(0);
        success(other.poll(before));
        assertThat(backend.heldCount()).as("the Compare").isEqualTo(2);
        backend.release(1);
        target.loops().runTasks();
        assertThat(backend.heldCount()).as("the Write").isEqualTo(2);
        assertThat(queue.poll(first)).isNull();
        backend.release(1);
        assertEnds(first, OK, second, OK);
        backend.hold(false);
        backend.releaseAll();
        success(other.poll(after));
        success(other.poll(beside));
        assertThat(valueAt(4)).isEqualTo((byte) 7);
        assertThat(valueAt(5)).isEqualTo((byte) 8);
    }

    @Test
    void failuresOfTheStorage() {
        backend.failWith(MediaStatus.UNRECOVERED_READ_ERROR);
        int first = submit(queue, COMPARE, FIRST, 3, blocks(0, 1));
        int second = submit(queue, WRITE, SECOND, 3, blocks(4, 1));
        assertEnds(first, MediaStatus.UNRECOVERED_READ_ERROR, second, FAILED);
        backend.failWith(null);
        backend.hold(true);
        first = submit(queue, COMPARE, FIRST, 3, blocks(0, 1));
        second = submit(queue, WRITE, SECOND, 3, blocks(4, 1));
        target.loops().runTasks();
        backend.failWith(MediaStatus.WRITE_FAULT);
        backend.hold(false);
        backend.releaseAll();
        assertEnds(first, OK, second, MediaStatus.WRITE_FAULT);
        backend.failWith(null);
    }

    @ParameterizedTest(name = "connection lost at step {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void theHostGoes(int step) {
        if (step > 2) {
            backend.hold(true);
        }
        queue.sender().holdData(step < 3);
        if (step == 3) {
            submit(other, 0x02, 0x40, 3, blocks(0, 1));
        }
        submit(queue, COMPARE, FIRST, 3, blocks(0, 1));
        if (step > 0) {
            submit(queue, WRITE, SECOND, 3, blocks(4, 1));
        }
        if (step == 2) {
            queue.sender().deliverData(0);
        }
        target.loops().runTasks();
        if (step == 5) {
            backend.releaseAll();
            target.loops().runTasks();
        }
        queue.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        target.loops().runTasks();
        backend.hold(false);
        backend.releaseAll();
        target.loops().runTasks();
        write(other, 3, (byte) 6, 1);
        assertThat(valueAt(3)).isEqualTo((byte) 6);
    }

    /** Two hosts count up in one block; no increment is lost. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void countsTogether(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        HostQueue[] hosts = {queue, other};
        int[] seen = new int[2];
        int[][] ids = new int[2][];
        int increments = 0;
        backend.hold(true);
        for (int step = 0; step < 4000; step++) {
            int host = random.nextInt(2);
            if (ids[host] == null) {
                ids[host] = new int[] {submit(hosts[host], COMPARE, FIRST, 3, blocks(seen[host], 1)),
                    submit(hosts[host], WRITE, SECOND, 3, blocks(seen[host] + 1, 1))};
            } else if (random.nextInt(3) == 0 && backend.heldCount() > 0) {
                backend.release(random.nextInt(backend.heldCount()));
            } else {
                target.loops().loop(random.nextInt(2)).runTasks();
            }
            Response second = ids[host] == null ? null : hosts[host].sender().takeResponse(ids[host][1]);
            if (second != null) {
                boolean done = second.status().successful();
                assertThat(hosts[host].sender().takeResponse(ids[host][0]).status())
                        .isEqualTo(done ? OK : MediaStatus.COMPARE_FAILURE);
                increments += done ? 1 : 0;
                seen[host]++;
                ids[host] = null;
            }
        }
        assertThat(increments).isGreaterThan(50);
        backend.hold(false);
        while (backend.heldCount() > 0 || target.loops().runTasks() > 0) {
            backend.releaseAll();
        }
        for (int host = 0; host < 2; host++) {
            Response last = ids[host] == null ? null : hosts[host].sender().takeResponse(ids[host][1]);
            increments += last != null && last.status().successful() ? 1 : 0;
        }
        assertThat(Byte.toUnsignedInt(valueAt(3))).isEqualTo(increments & 0xFF);
    }

    private int submitAbort(int commandId) {
        return admin.submit(entry(AdminOpcode.ABORT.code(),
                entry -> entry.commandDword(10, 1 | commandId << 16)), null, 0);
    }
}
