package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.RegistrantStatus;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationAcquireData;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationRegisterData;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationReleaseData;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Reservation commands: what reaches the controller, what comes back. */
class ReservationTest {
    private final Bench bench = new Bench();
    private final RemoteNamespace namespace =
            bench.await(bench.connect(Bench.options().ioQueueCount(1)).namespace(1));
    private final List<String> seen = new ArrayList<>();

    @Test
    void registerAcquireAndReleaseSayWhatTheyAreAskedFor() {
        answer(0x0D, data -> ReservationRegisterData.decode(data, 0));
        bench.await(namespace.reservationRegister(ReservationRegisterAction.REPLACE, 1, 2, true,
                ReservationPersistence.ON));
        answer(0x11, data -> ReservationAcquireData.decode(data, 0));
        bench.await(namespace.reservationAcquire(ReservationAcquireAction.PREEMPT_AND_ABORT,
                ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS, 3, 4));
        answer(0x15, data -> ReservationReleaseData.decode(data, 0));
        bench.await(namespace.reservationRelease(ReservationReleaseAction.CLEAR, ReservationType.WRITE_EXCLUSIVE, 5));
        assertThat(seen).containsExactly(
                "c000000a ReservationRegisterData[currentKey=1, newKey=2]",
                "602 ReservationAcquireData[currentKey=3, preemptedKey=4]",
                "101 ReservationReleaseData[currentKey=5]");
    }

    @Test
    void aReportIsReadAgainUntilItIsWhole() {
        List<RegistrantStatus> registrants = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            registrants.add(new RegistrantStatus(i, 0, new HostIdentifier(new UUID(1, i)), i));
        }
        ReservationStatus whole = new ReservationStatus(9, 0, 1, registrants);
        MemorySegment bytes = Arena.ofAuto().allocate(ReservationStatus.size(40, true));
        whole.encode(bytes, 0, true);
        bench.controller.script = command -> {
            if (!command.io(0x0E)) {
                return false;
            }
            assertThat((command.cdw(10) + 1) * 4L).isEqualTo(command.memory.byteSize());
            assertThat(command.cdw(11)).isEqualTo(1);
            seen.add(Long.toString(command.memory.byteSize()));
            MemorySegment.copy(bytes, 0, command.memory, 0, Math.min(bytes.byteSize(), command.memory.byteSize()));
            command.answer(0);
            return true;
        };
        assertThat(bench.await(namespace.reservationReport())).isEqualTo(whole);
        assertThat(seen).containsExactly("2048", "2624");
    }

    @Test
    void aConflictIsAFailureWithThatStatus() {
        bench.controller.script = command -> {
            if (command.io(0x11)) {
                command.fail(GenericStatus.RESERVATION_CONFLICT, true);
                return true;
            }
            return false;
        };
        assertThat(bench.failure(namespace.reservationAcquire(ReservationAcquireAction.ACQUIRE,
                ReservationType.WRITE_EXCLUSIVE, 1, 0))).isInstanceOfSatisfying(CommandException.class, e -> {
                    assertThat(e.status()).isEqualTo(GenericStatus.RESERVATION_CONFLICT);
                    assertThat(e).hasMessageStartingWith("Reservation Acquire, namespace 1 on I/O queue 1");
                });
    }

    private void answer(int opcode, Function<MemorySegment, Object> decoder) {
        bench.controller.script = command -> {
            if (!command.io(opcode)) {
                return false;
            }
            seen.add(Integer.toHexString(command.cdw(10)) + " " + decoder.apply(command.memory));
            command.answer(0);
            return true;
        };
    }
}
