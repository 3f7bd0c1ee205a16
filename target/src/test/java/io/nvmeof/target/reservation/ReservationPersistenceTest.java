package io.nvmeof.target.reservation;

import static io.nvmeof.protocol.nvm.ReservationType.EXCLUSIVE_ACCESS;
import static io.nvmeof.protocol.nvm.ReservationType.WRITE_EXCLUSIVE;
import static io.nvmeof.protocol.status.GenericStatus.INTERNAL_ERROR;
import static io.nvmeof.protocol.status.GenericStatus.INVALID_FIELD_IN_COMMAND;
import static io.nvmeof.protocol.status.GenericStatus.RESERVATION_CONFLICT;
import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.TestTarget;
import io.nvmeof.target.reservation.ReservationBench.Host;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reservations that survive the target: saved before they hold, and found again by the next one. */
class ReservationPersistenceTest {
    private static final String KEY = "reservation-" + TestTarget.NAMESPACE_UUID;

    private final HeldStateStore store = new HeldStateStore();
    private final ReservationBench bench = new ReservationBench(Optional.of(store));
    private final Host a = bench.connect('A');
    private final Host b = bench.connect('B');

    /** The next target on the same store; this one just stops being asked, as if it had been killed. */
    private ReservationBench restarted() {
        return new ReservationBench(Optional.of(store));
    }

    @Test
    void nothingIsSavedThatNeedNotSurvive() {
        a.register();
        a.acquire(WRITE_EXCLUSIVE);
        assertThat(store.saveCount()).isZero();
        Host next = restarted().connect('B');
        assertThat(next.write()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(next.report().registrants()).isEmpty();
    }

    @Test
    void aReservationIsFoundAgain() {
        assertThat(a.registerPersistent()).isEqualTo(SUCCESSFUL_COMPLETION);
        b.register();
        assertThat(a.acquire(EXCLUSIVE_ACCESS)).isEqualTo(SUCCESSFUL_COMPLETION);
        ReservationBench next = restarted();
        Host nextB = next.connect('B');
        assertThat(nextB.read()).isEqualTo(RESERVATION_CONFLICT);
        assertThat(nextB.report().persistThroughPowerLoss()).isEqualTo(1);
        assertThat(nextB.report().generation()).isEqualTo(2);
        assertThat(nextB.report().registrants()).hasSize(2);
        Host nextA = next.connect('A');
        assertThat(nextA.write()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(nextA.release(EXCLUSIVE_ACCESS)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(restarted().connect('B').write()).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void persistenceCanBeTakenBack() {
        a.registerPersistent();
        a.acquire(EXCLUSIVE_ACCESS);
        assertThat(a.feature(true, 0x83, 1, 0).status()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(b.read()).as("for now it holds").isEqualTo(RESERVATION_CONFLICT);
        int saves = store.saveCount();
        b.register();
        assertThat(store.saveCount()).as("nothing more to be kept").isEqualTo(saves);
        assertThat(restarted().connect('B').read()).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void theFeatureIsPerNamespace() {
        assertThat(success(a.feature(false, 0x83, 1, 0)).result()).isZero();
        success(b.feature(true, 0x83, 1, 1));
        assertThat(success(a.feature(false, 0x83, 1, 0)).result()).isEqualTo(1);
        assertThat(success(a.feature(false, 0x83, 2, 0)).result()).isZero();
        success(a.feature(true, 0x83, -1, 1));
        assertThat(success(b.feature(false, 0x83, 2, 0)).result()).isEqualTo(1);
        assertThat(a.feature(false, 0x83, -1, 0).status()).isEqualTo(INVALID_FIELD_IN_COMMAND);
        assertThat(a.feature(true, 0x83, 3, 0).status()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        Host without = new ReservationBench(Optional.empty()).connect('A');
        assertThat(without.feature(true, 0x83, 1, 1).status()).isEqualTo(INVALID_FIELD_IN_COMMAND);
        assertThat(without.feature(false, 0x83, 1, 0).status()).isEqualTo(INVALID_FIELD_IN_COMMAND);
    }

    @Test
    void whatIsNotSavedIsNeitherAnsweredNorInEffect() {
        a.registerPersistent();
        store.hold(true);
        int acquire = a.submit(ReservationBench.ACQUIRE, EXCLUSIVE_ACCESS.code() << 8, a.key, 0);
        assertThat(a.io.poll(acquire)).isNull();
        assertThat(store.heldCount()).isEqualTo(1);
        assertThat(b.read()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(restarted().connect('B').read()).as("after a crash now").isEqualTo(SUCCESSFUL_COMPLETION);
        store.release();
        assertThat(ReservationBench.response(a.io, acquire).status()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(b.read()).isEqualTo(RESERVATION_CONFLICT);
    }

    @Test
    void commandsAreSavedOneAfterTheOther() {
        a.registerPersistent();
        b.register();
        store.hold(true);
        int first = a.submit(ReservationBench.ACQUIRE, EXCLUSIVE_ACCESS.code() << 8, a.key, 0);
        bench.target.loops().runTasks();
        int second = b.submit(ReservationBench.ACQUIRE, EXCLUSIVE_ACCESS.code() << 8, b.key, 0);
        bench.target.loops().runTasks();
        assertThat(store.heldCount()).isEqualTo(1);
        assertThat(b.io.poll(second)).as("it depends on the first").isNull();
        store.release();
        assertThat(ReservationBench.response(a.io, first).status()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(ReservationBench.response(b.io, second).status()).isEqualTo(RESERVATION_CONFLICT);
    }

    @Test
    void aSaveThatFailsRefusesTheCommandAndTheNextOneSaves() {
        a.registerPersistent();
        b.register();
        a.acquire(EXCLUSIVE_ACCESS);
        store.hold(true);
        int preempt = b.submit(ReservationBench.ACQUIRE, 1 | EXCLUSIVE_ACCESS.code() << 8, b.key, a.key);
        bench.target.loops().runTasks();
        store.fail(true);
        Response failed = ReservationBench.response(b.io, preempt);
        assertThat(failed.status()).isEqualTo(INTERNAL_ERROR);
        assertThat(failed.doNotRetry()).isFalse();
        store.hold(false);
        assertThat(b.read()).as("it did not happen").isEqualTo(RESERVATION_CONFLICT);
        // To tell the holder that it still holds, the store must say so, too.
        assertThat(a.acquire(EXCLUSIVE_ACCESS)).isEqualTo(SUCCESSFUL_COMPLETION);
        ReservationBench next = restarted();
        assertThat(next.connect('A').read()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(next.connect('B').read()).isEqualTo(RESERVATION_CONFLICT);
    }

    @Test
    void aNamespaceWhoseFenceIsNotKnownIsNotServed() {
        for (byte[] damaged : new byte[][] {{}, {1, 2, 3}}) {
            store.contents().put(KEY, damaged);
            Host host = restarted().connect('A');
            MemorySegment list = MemorySegment.ofArray(success(host.admin.identify(2, 0, 0)).data());
            assertThat(NamespaceList.decode(list, 0).namespaceIds()).containsExactly(2);
            assertThat(host.write()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        }
    }
}
