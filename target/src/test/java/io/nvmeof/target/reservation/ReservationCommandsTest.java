package io.nvmeof.target.reservation;

import static io.nvmeof.protocol.nvm.ReservationType.EXCLUSIVE_ACCESS;
import static io.nvmeof.protocol.nvm.ReservationType.WRITE_EXCLUSIVE;
import static io.nvmeof.protocol.nvm.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static io.nvmeof.protocol.status.GenericStatus.RESERVATION_CONFLICT;
import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.nvm.RegistrantStatus;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.HostQueue;
import io.nvmeof.target.reservation.ReservationBench.Host;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reservations as hosts meet them: commands, reports, conflicts, and commands that are under way meanwhile. */
class ReservationCommandsTest {
    private final ReservationBench bench = new ReservationBench(Optional.empty());
    private final Host a = bench.connect('A');
    private final Host b = bench.connect('B');

    @Test
    void aReportTellsOfRegistrantsAndHolder() {
        assertThat(a.report()).isEqualTo(new ReservationStatus(0, 0, 0, List.of()));
        assertThat(a.register()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(b.register()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(b.acquire(WRITE_EXCLUSIVE)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(bench.connect('C').report()).isEqualTo(new ReservationStatus(2, 1, 0, List.of(
                new RegistrantStatus(a.controllerId, 0, ReservationBench.host('A'), 'A'),
                new RegistrantStatus(b.controllerId, 1, ReservationBench.host('B'), 'B'))));
        byte[] part = success(a.io.callForData(0x0E, 72, entry ->
                entry.namespaceId(1).commandDword(10, 17).commandDword(11, 1))).data();
        assertThat(part).hasSize(72);
        assertThat(ReservationStatus.registrantCount(MemorySegment.ofArray(part), 0)).isEqualTo(2);
    }

    @Test
    void identifyTellsOfThem() {
        MemorySegment controller = MemorySegment.ofArray(success(a.admin.identify(1, 0, 0)).data());
        assertThat(IdentifyController.decode(controller, 0).optionalNvmCommands()
                & IdentifyController.ONCS_RESERVATIONS).isNotZero();
        MemorySegment namespace = MemorySegment.ofArray(success(a.admin.identify(0, 1, 0)).data());
        assertThat(IdentifyNamespace.decode(namespace, 0).reservationCapabilities())
                .as("all but persistence: nothing keeps it").isEqualTo(0xFE);
        Host c = new ReservationBench(Optional.of(new HeldStateStore())).connect('C');
        namespace = MemorySegment.ofArray(success(c.admin.identify(0, 1, 0)).data());
        assertThat(IdentifyNamespace.decode(namespace, 0).reservationCapabilities()).isEqualTo(0xFF);
    }

    @ParameterizedTest(name = "opcode {0}, dword 10 {1}: {2}")
    @CsvSource({
        "0x0D, 0x00000003, INVALID_FIELD_IN_COMMAND", // action
        "0x0D, 0x00000007, INVALID_FIELD_IN_COMMAND",
        "0x0D, 0x40000000, INVALID_FIELD_IN_COMMAND", // persistence, reserved
        "0x0D, 0xC0000000, INVALID_FIELD_IN_COMMAND", // persistence without a store
        "0x0D, 0x80000000, SUCCESSFUL_COMPLETION",
        "0x11, 0x00000003, INVALID_FIELD_IN_COMMAND",
        "0x11, 0x00000108, INVALID_FIELD_IN_COMMAND", // ignore existing key
        "0x11, 0x00000000, INVALID_FIELD_IN_COMMAND", // type
        "0x11, 0x00000700, INVALID_FIELD_IN_COMMAND",
        "0x11, 0x00000100, RESERVATION_CONFLICT",
        "0x15, 0x00000002, INVALID_FIELD_IN_COMMAND",
        "0x15, 0x00000109, INVALID_FIELD_IN_COMMAND",
        "0x15, 0x00000000, INVALID_FIELD_IN_COMMAND",
        "0x15, 0x00000100, RESERVATION_CONFLICT",
        "0x15, 0x00000001, RESERVATION_CONFLICT", // clear needs no type
    })
    void refusesWhatIsNoCommand(int opcode, String dword10, GenericStatus expected) {
        Response response = a.reserve(opcode, Integer.parseUnsignedInt(dword10.substring(2), 16), 5, 6);
        assertThat(response.status()).isEqualTo(expected);
        assertThat(response.doNotRetry()).isEqualTo(expected != SUCCESSFUL_COMPLETION);
    }

    @Test
    void refusesShortDataAndShortHostIdentifiers() {
        assertThat(a.io.callWithData(0x0D, new byte[8], entry -> entry.namespaceId(1)).status())
                .isEqualTo(GenericStatus.DATA_SGL_LENGTH_INVALID);
        assertThat(a.io.callWithData(0x15, new byte[8], entry -> entry.namespaceId(1).commandDword(10, 1)).status())
                .as("Release has 8 bytes").isEqualTo(RESERVATION_CONFLICT);
        assertThat(a.io.callForData(0x0E, 64, entry -> entry.namespaceId(1).commandDword(10, 15)).status())
                .isEqualTo(GenericStatus.HOST_IDENTIFIER_INCONSISTENT_FORMAT);
        assertThat(a.io.callForData(0x0E, 64, entry -> entry.namespaceId(1).commandDword(10, 16)
                .commandDword(11, 1)).status()).isEqualTo(GenericStatus.DATA_SGL_LENGTH_INVALID);
        assertThat(a.io.callForData(0x0E, 64, entry -> entry.namespaceId(1).commandDword(10, -1)
                .commandDword(11, 1)).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        assertThat(a.io.callForData(0x0E, 64, entry -> entry.namespaceId(9).commandDword(10, 15)
                .commandDword(11, 1)).status()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void everyCommandIsChecked(ReservationType type) {
        Host stranger = bench.connect('C');
        a.register();
        b.register();
        assertThat(a.acquire(type)).isEqualTo(SUCCESSFUL_COMPLETION);
        check(a, SUCCESSFUL_COMPLETION, SUCCESSFUL_COMPLETION);
        StatusCode reads = type.exclusiveAccess() ? RESERVATION_CONFLICT : SUCCESSFUL_COMPLETION;
        StatusCode all = type.registrantsMayAll() ? SUCCESSFUL_COMPLETION : RESERVATION_CONFLICT;
        check(b, type.registrantsMayAll() ? SUCCESSFUL_COMPLETION : reads, all);
        check(stranger, reads, RESERVATION_CONFLICT);
        assertThat(a.release(type)).isEqualTo(SUCCESSFUL_COMPLETION);
        check(stranger, SUCCESSFUL_COMPLETION, SUCCESSFUL_COMPLETION);
    }

    private static void check(Host host, StatusCode reads, StatusCode writes) {
        assertThat(host.read()).as("Read").isEqualTo(reads);
        assertThat(host.io.callWithData(NvmOpcode.COMPARE.code(), new byte[512], entry -> entry.namespaceId(1))
                .status()).as("Compare").isEqualTo(reads);
        assertThat(host.write()).as("Write").isEqualTo(writes);
        assertThat(host.io.call(NvmOpcode.WRITE_ZEROES.code(), entry -> entry.namespaceId(1)).status())
                .as("Write Zeroes").isEqualTo(writes);
        assertThat(host.io.call(NvmOpcode.FLUSH.code(), entry -> entry.namespaceId(1)).status()).as("Flush")
                .isEqualTo(writes);
        assertThat(host.io.call(NvmOpcode.FLUSH.code(), entry -> entry.namespaceId(-1)).status()).as("Flush of all")
                .isEqualTo(writes);
        for (int attributes : new int[] {0, 1, 4}) {
            assertThat(host.io.callWithData(NvmOpcode.DATASET_MANAGEMENT.code(), new byte[16],
                    entry -> entry.namespaceId(1).commandDword(11, attributes)).status())
                    .as("Dataset Management %d", attributes).isEqualTo(writes);
        }
        assertThat(host.io.callForData(NvmOpcode.READ.code(), 512, entry -> entry.namespaceId(2)).status())
                .as("the other namespace").isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void aHostIsOneOnAllItsControllers() {
        Host again = bench.connect('A');
        a.register();
        assertThat(again.acquire(EXCLUSIVE_ACCESS)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(a.write()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(b.read()).isEqualTo(RESERVATION_CONFLICT);
        a.admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        again.admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        bench.target.loops().runTasks();
        assertThat(b.read()).as("the host is gone, its reservation is not").isEqualTo(RESERVATION_CONFLICT);
        assertThat(b.report().registrants().getFirst().controllerId()).isEqualTo(RegistrantStatus.NO_CONTROLLER);
        assertThat(bench.connect('A').write()).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void aCommandThatWaitedForItsDataIsCheckedAgain() {
        a.register();
        b.io.sender().holdData(true);
        int write = b.submitWrite();
        assertThat(b.io.poll(write)).isNull();
        assertThat(a.acquire(WRITE_EXCLUSIVE)).isEqualTo(SUCCESSFUL_COMPLETION);
        b.io.sender().deliverData(0);
        assertThat(ReservationBench.response(b.io, write).status()).isEqualTo(RESERVATION_CONFLICT);
    }

    @Test
    void preemptAndAbortWaitsForWhatTheStorageHas() {
        a.register();
        b.register();
        b.acquire(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        b.io.sender().holdData(true);
        int waiting = b.submitWrite();
        b.io.sender().holdData(false);
        bench.backend.hold(true);
        int inside = b.submitWrite();
        Host other = bench.connect('C');
        int untouched = other.io.submit(HostQueue.entry(2, entry -> entry.namespaceId(1)), null, 512);
        bench.target.loops().runTasks();
        assertThat(bench.backend.heldCount()).isEqualTo(2);

        int preempt = a.submit(ReservationBench.ACQUIRE, 2 | WRITE_EXCLUSIVE.code() << 8, a.key, b.key);
        assertThat(a.io.poll(preempt)).as("while a write is inside").isNull();
        assertThat(b.io.poll(inside)).isNull();
        bench.backend.hold(false);
        bench.backend.releaseAll();
        assertThat(ReservationBench.response(b.io, inside).status()).as("it was too late for it")
                .isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(ReservationBench.response(a.io, preempt).status()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(ReservationBench.response(other.io, untouched).status()).isEqualTo(SUCCESSFUL_COMPLETION);
        b.io.sender().deliverData(0);
        assertThat(ReservationBench.response(b.io, waiting).status())
                .isEqualTo(GenericStatus.COMMAND_ABORTED_PREEMPT_AND_ABORT);
        assertThat(b.write()).isEqualTo(RESERVATION_CONFLICT);
    }

    @Test
    void preemptAndAbortWaitsForACommandWhoseHostIsGone() {
        a.register();
        b.register();
        bench.backend.hold(true);
        b.submitWrite();
        bench.target.loops().runTasks();
        b.io.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        b.admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        int preempt = a.submit(ReservationBench.ACQUIRE, 2 | WRITE_EXCLUSIVE.code() << 8, a.key, b.key);
        assertThat(a.io.poll(preempt)).as("while the write is inside").isNull();
        bench.backend.hold(false);
        bench.backend.releaseAll();
        assertThat(ReservationBench.response(a.io, preempt).status()).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void hostsThatPreemptEachOtherAtTheSameTimeBothGetAnAnswer() {
        a.register();
        b.register();
        bench.backend.hold(true);
        a.submitWrite();
        b.submitWrite();
        int one = a.submit(ReservationBench.ACQUIRE, 2 | WRITE_EXCLUSIVE.code() << 8, a.key, b.key);
        int two = b.submit(ReservationBench.ACQUIRE, 2 | WRITE_EXCLUSIVE.code() << 8, b.key, a.key);
        bench.target.loops().runTasks();
        bench.backend.hold(false);
        bench.backend.releaseAll();
        assertThat(List.of(ReservationBench.response(a.io, one).status(),
                ReservationBench.response(b.io, two).status()))
                .containsExactlyInAnyOrder(SUCCESSFUL_COMPLETION, RESERVATION_CONFLICT);
    }

    @Test
    void aPlainPreemptDoesNotWait() {
        a.register();
        b.register();
        bench.backend.hold(true);
        int inside = b.submitWrite();
        bench.target.loops().runTasks();
        assertThat(a.reserve(ReservationBench.ACQUIRE, 1 | WRITE_EXCLUSIVE.code() << 8, a.key, b.key).status())
                .isEqualTo(SUCCESSFUL_COMPLETION);
        bench.backend.releaseAll();
        assertThat(ReservationBench.response(b.io, inside).status()).isEqualTo(SUCCESSFUL_COMPLETION);
    }
}
