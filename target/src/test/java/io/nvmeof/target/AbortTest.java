package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.storage.FaultBackend;
import io.nvmeof.target.storage.FaultRule;
import io.nvmeof.target.storage.HeldBackend;
import io.nvmeof.target.storage.MemoryBackend;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Abort of commands that a backend has but has not begun with, and of those that wait for each other. */
class AbortTest {
    private static final long SECOND = 1_000_000_000L;

    private static boolean abort(HostQueue admin, int commandId) {
        return success(admin.call(AdminOpcode.ABORT.code(), entry -> entry.commandDword(10, 1 | commandId << 16)))
                .result() == 0;
    }

    private static int submit(HostQueue on, NvmOpcode opcode, int flags, byte[] data) {
        return on.submit(entry(opcode.code(), entry -> entry.flags(flags).namespaceId(1)
                .commandDword(11, opcode == NvmOpcode.DATASET_MANAGEMENT ? 4 : 0)), data, data.length);
    }

    /** The Abort waits until the command's data is in; its controller must not wait for ever when it never comes. */
    @Test
    void aConnectionThatIsLostEndsTheAbortOfACommandThatAwaitsItsData() {
        TestTarget target = TestTarget.withMemory(2);
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        io.sender().holdData(true);
        int write = submit(io, NvmOpcode.WRITE, 0x40, new byte[512]);
        target.loops().runTasks();
        int abort = admin.submit(entry(AdminOpcode.ABORT.code(), entry -> entry.commandDword(10, 1 | write << 16)),
                null, 0);
        target.loops().runTasks();
        assertThat(admin.poll(abort)).isNull();
        io.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        success(admin.poll(abort));
        admin.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        target.loops().runTasks();
        assertThat(target.target().controllers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"READ", "WRITE", "COMPARE", "FLUSH", "VERIFY", "WRITE_ZEROES", "DATASET_MANAGEMENT", "COPY"})
    void whatADelayHoldsUpNeverHappens(NvmOpcode opcode) {
        MemoryBackend memory = new MemoryBackend(TestTarget.BLOCK_SIZE * TestTarget.BLOCK_COUNT, 512);
        FaultBackend faults = new FaultBackend(memory, 1);
        TestTarget target = TestTarget.with(2, faults);
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        byte[] before = new byte[512];
        Arrays.fill(before, (byte) 7);
        success(io.poll(submit(io, NvmOpcode.WRITE, 0x40, before)));
        faults.setRules(List.of(new FaultRule(EnumSet.allOf(FaultRule.Operation.class), 0, Long.MAX_VALUE, 1,
                10_000_000, GenericStatus.SUCCESSFUL_COMPLETION, 0)));
        byte[] data = switch (opcode) {
            case READ, WRITE, COMPARE -> new byte[512];
            case COPY -> new byte[32];
            case DATASET_MANAGEMENT -> new byte[] {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
            default -> new byte[0];
        };
        int id = submit(io, opcode, 0x40, data);
        int second = submit(io, opcode, 0x40, data);
        target.loops().runTasks();
        assertThat(abort(admin, id)).isTrue();
        assertThat(io.poll(id).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        assertThat(abort(admin, second)).as("it may have waited for the first one").isTrue();
        assertThat(io.poll(second).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        assertThat(abort(admin, second)).isFalse();
        faults.setRules(List.of());
        target.loops().advance(20 * SECOND);
        assertThat(success(io.callForData(0x02, 512, entry -> entry.namespaceId(1))).data()).isEqualTo(before);
        success(io.call(NvmOpcode.VERIFY.code(), entry -> entry.namespaceId(1)));
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
    }

    @Test
    void comparesInLine() {
        HeldBackend backend = new HeldBackend(8192 * 512, 512);
        TestTarget target = TestTarget.with(2, backend);
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        backend.hold(true);
        int first = submit(io, NvmOpcode.COMPARE, 0x40, new byte[512]);
        int second = submit(io, NvmOpcode.COMPARE, 0x40, new byte[512]);
        int third = submit(io, NvmOpcode.COMPARE, 0x40, new byte[512]);
        target.loops().runTasks();
        assertThat(abort(admin, first)).as("the storage is at it").isFalse();
        assertThat(abort(admin, second)).isTrue();
        assertThat(io.poll(second).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        backend.hold(false);
        backend.releaseAll();
        success(io.poll(first));
        success(io.poll(third));
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
    }

    @Test
    void fusedCommandsInADelay() {
        FaultBackend faults = new FaultBackend(new MemoryBackend(1 << 20, 512), 1);
        TestTarget target = TestTarget.with(2, faults);
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        faults.setRules(List.of(new FaultRule(EnumSet.allOf(FaultRule.Operation.class), 0, Long.MAX_VALUE, 1,
                10_000_000, GenericStatus.SUCCESSFUL_COMPLETION, 1)));
        int compare = submit(io, NvmOpcode.COMPARE, 0x41, new byte[512]);
        int write = submit(io, NvmOpcode.WRITE, 0x42, new byte[512]);
        target.loops().runTasks();
        assertThat(abort(admin, write)).as("the Compare is at work").isFalse();
        assertThat(abort(admin, compare)).isTrue();
        assertThat(io.poll(compare).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        assertThat(io.poll(write).status()).isEqualTo(GenericStatus.COMMAND_ABORTED_FAILED_FUSED);
        compare = submit(io, NvmOpcode.COMPARE, 0x41, new byte[512]);
        write = submit(io, NvmOpcode.WRITE, 0x42, new byte[512]);
        success(io.poll(compare));
        success(io.poll(write));
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
    }
}
