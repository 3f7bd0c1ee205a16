package io.nvmeof.target.reservation;

import static io.nvmeof.protocol.nvm.ReservationType.WRITE_EXCLUSIVE;
import static io.nvmeof.protocol.nvm.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.ReservationNotificationLog;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.TestTarget;
import io.nvmeof.target.reservation.ReservationBench.Host;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is told what, and how: events, the log page, masks. */
class ReservationNotificationTest {
    private static final long EVENT =
            Integer.toUnsignedLong(AsynchronousEvent.RESERVATION_LOG_PAGE_AVAILABLE.dword0());
    private static final int MASK = 0x82;

    private final ReservationBench bench = new ReservationBench(Optional.empty());
    private final Host a = bench.connect('A');
    private final Host b = bench.connect('B');
    private final Host secondOfB = bench.connect('B');
    private final Host stranger = bench.connect('C');

    private void registerBoth() {
        assertThat(a.register()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(b.register()).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    private static ReservationNotificationLog page(long count, int type, int more) {
        return new ReservationNotificationLog(count, type, more, 1);
    }

    @Test
    void everyControllerOfTheHostConcernedIsToldAndNobodyElse() {
        registerBoth();
        int eventOfA = a.admin.requestEvent();
        int eventOfB = b.admin.requestEvent();
        int secondEventOfB = secondOfB.admin.requestEvent();
        int strange = stranger.admin.requestEvent();
        a.reserve(ReservationBench.ACQUIRE, 1 | WRITE_EXCLUSIVE.code() << 8, a.key, b.key);
        assertThat(ReservationBench.response(b.admin, eventOfB).result()).isEqualTo(EVENT);
        assertThat(ReservationBench.response(secondOfB.admin, secondEventOfB).result()).isEqualTo(EVENT);
        assertThat(a.admin.poll(eventOfA)).isNull();
        assertThat(stranger.admin.poll(strange)).isNull();
        assertThat(b.notification()).isEqualTo(page(1, 1, 0));
        assertThat(secondOfB.notification()).isEqualTo(page(1, 1, 0));
        assertThat(b.notification()).isEqualTo(ReservationNotificationLog.EMPTY);
        assertThat(a.notification()).isEqualTo(ReservationNotificationLog.EMPTY);
        assertThat(stranger.notification()).isEqualTo(ReservationNotificationLog.EMPTY);
    }

    @Test
    void theKindsOfNotifications() {
        registerBoth();
        a.acquire(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        a.release(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        a.reserve(ReservationBench.RELEASE, 1, a.key, 0);
        registerBoth();
        a.reserve(ReservationBench.ACQUIRE, 1 | WRITE_EXCLUSIVE.code() << 8, a.key, b.key);
        assertThat(b.notification()).isEqualTo(page(1, ReservationNotificationLog.TYPE_RESERVATION_RELEASED, 2));
        assertThat(b.notification()).isEqualTo(page(2, ReservationNotificationLog.TYPE_RESERVATION_PREEMPTED, 1));
        assertThat(b.notification()).isEqualTo(page(3, ReservationNotificationLog.TYPE_REGISTRATION_PREEMPTED, 0));
    }

    @Test
    void aHostThatReadsOnePagePerEventReadsThemAll() {
        registerBoth();
        for (int i = 0; i < 3; i++) {
            a.acquire(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
            a.release(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        }
        for (int i = 1; i <= 3; i++) {
            int event = b.admin.requestEvent();
            assertThat(ReservationBench.response(b.admin, event).result()).isEqualTo(EVENT);
            assertThat(b.notification()).isEqualTo(page(i, 2, 3 - i));
        }
        int event = b.admin.requestEvent();
        assertThat(b.admin.poll(event)).isNull();
    }

    @Test
    void aPageThatIsRetainedStays() {
        registerBoth();
        a.acquire(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        a.release(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        byte[] retained = success(b.admin.getLogPage(0x80, 0, 64, 0, true)).data();
        assertThat(success(b.admin.getLogPage(0x80, 0, 64, 0, true)).data()).isEqualTo(retained);
        assertThat(b.notification()).isEqualTo(page(1, 2, 0));
    }

    @Test
    void masksArePerControllerAndNamespace() {
        registerBoth();
        success(b.feature(true, MASK, 1, 1 << 2));
        assertThat(success(b.feature(false, MASK, 1, 0)).result()).isEqualTo(1 << 2);
        assertThat(success(b.feature(false, MASK, 2, 0)).result()).isZero();
        assertThat(success(secondOfB.feature(false, MASK, 1, 0)).result()).isZero();
        a.acquire(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        a.release(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        assertThat(b.notification()).isEqualTo(ReservationNotificationLog.EMPTY);
        assertThat(secondOfB.notification()).isEqualTo(page(1, 2, 0));
        a.reserve(ReservationBench.RELEASE, 1, a.key, 0);
        assertThat(b.notification().type()).isEqualTo(ReservationNotificationLog.TYPE_RESERVATION_PREEMPTED);
        success(b.feature(true, MASK, -1, -1));
        assertThat(success(b.feature(false, MASK, 2, 0)).result()).isEqualTo(0xE);
        assertThat(b.feature(false, MASK, -1, 0).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        assertThat(b.feature(true, MASK, 7, 0).status()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
    }

    @Test
    void whatIsLostShowsInTheCount() {
        registerBoth();
        for (int i = 0; i < 300; i++) {
            a.acquire(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
            a.release(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        }
        assertThat(b.notification()).isEqualTo(page(1, 2, 254));
        a.acquire(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        a.release(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        for (int i = 2; i <= 255; i++) {
            assertThat(b.notification().count()).isEqualTo(i);
        }
        assertThat(b.notification()).isEqualTo(page(301, 2, 0));
    }

    @Test
    void aResetForgetsAll() {
        registerBoth();
        success(b.feature(true, MASK, 1, 2));
        a.acquire(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        a.release(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        success(b.admin.propertySet(Property.CC, new ControllerConfiguration(0).value()));
        TestTarget.enable(b.admin);
        assertThat(b.notification()).isEqualTo(ReservationNotificationLog.EMPTY);
        assertThat(success(b.feature(false, MASK, 1, 0)).result()).isZero();
        assertThat(a.report().registrants()).as("but not who is registered").hasSize(2);
    }
}
