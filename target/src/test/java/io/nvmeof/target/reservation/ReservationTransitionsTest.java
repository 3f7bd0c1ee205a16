package io.nvmeof.target.reservation;

import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every rule of the specification's section on reservations, as a short play of hosts A, B, C and D. A step is host,
 * action and arguments; the keys of the hosts are 10, 20, 20 (B and C share theirs) and 40.
 */
class ReservationTransitionsTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', value = {
        // Register
        "A register 10                                  | ok       | A=10 gen 1",
        "A register 10, A register 10                   | ok       | A=10 gen 2",
        "A register 10, A register 11                   | conflict | A=10 gen 1",
        "A register 0                                   | invalid  | gen 0",
        "A register 10, B register 10                   | ok       | A=10 B=10 gen 2",
        // Replace
        "A register 10, A replace 10 11                 | ok       | A=11 gen 2",
        "A register 10, A replace 12 11                 | conflict | A=10 gen 1",
        "A register 10, A replace! 12 11                | ok       | A=11 gen 2",
        "A register 10, A replace 10 0                  | invalid  | A=10 gen 1",
        "A replace 0 11                                 | conflict | gen 0",
        "A replace! 0 11                                | ok       | A=11 gen 1",
        "A register 10, A acquire WE, A replace 10 11   | ok       | A*=11 WE gen 2",
        // Unregister
        "A unregister 0                                 | conflict | gen 0",
        "A unregister! 0                                | conflict | gen 0",
        "A register 10, A unregister 10                 | ok       | gen 2",
        "A register 10, A unregister 11                 | conflict | A=10 gen 1",
        "A register 10, A unregister! 11                | ok       | gen 2",
        "AB, A acquire WE, A unregister 10              | ok       | B=20 gen 3",
        "AB, A acquire WERO, A unregister 10            | ok B:released | B=20 gen 3",
        "AB, A acquire EARO, A unregister 10            | ok B:released | B=20 gen 3",
        "AB, A acquire WERO, B unregister 20            | ok       | A*=10 WERO gen 3",
        "AB, A acquire WEAR, A unregister 10            | ok       | B*=20 WEAR gen 3",
        "A register 10, A acquire EAAR, A unregister 10 | ok       | gen 2",
        // Acquire
        "A acquire WE                                   | conflict | gen 0",
        "A register 10, A acquire WE                    | ok       | A*=10 WE gen 1",
        "A register 10, A acquire WE 11                 | conflict | A=10 gen 1",
        "A register 10, A acquire WE, A acquire WE      | ok       | A*=10 WE gen 1",
        "A register 10, A acquire WE, A acquire EA      | conflict | A*=10 WE gen 1",
        "AB, A acquire WE, B acquire WE                 | conflict | A*=10 B=20 WE gen 2",
        "AB, A acquire WERO, B acquire WERO             | conflict | A*=10 B=20 WERO gen 2",
        "AB, A acquire WEAR, B acquire WEAR             | ok       | A*=10 B*=20 WEAR gen 2",
        "AB, A acquire WEAR, B acquire EAAR             | conflict | A*=10 B*=20 WEAR gen 2",
        // Release
        "A release WE                                   | conflict | gen 0",
        "A register 10, A release WE                    | ok       | A=10 gen 1",
        "AB, A acquire WE, B release WE                 | ok       | A*=10 B=20 WE gen 2",
        "AB, A acquire WE, A release WE                 | ok       | A=10 B=20 gen 2",
        "AB, A acquire WE, A release EA                 | invalid  | A*=10 B=20 WE gen 2",
        "AB, A acquire WE, A release WE 11              | conflict | A*=10 B=20 WE gen 2",
        "AB, A acquire EA, A release EA                 | ok       | A=10 B=20 gen 2",
        "AB, A acquire WERO, A release WERO             | ok B:released | A=10 B=20 gen 2",
        "AB, A acquire EARO, A release EARO             | ok B:released | A=10 B=20 gen 2",
        "AB, A acquire WEAR, B release WEAR             | ok A:released | A=10 B=20 gen 2",
        "AB, A acquire EAAR, A release EAAR             | ok B:released | A=10 B=20 gen 2",
        // Clear
        "A clear                                        | conflict | gen 0",
        "AB, B clear 21                                 | conflict | A=10 B=20 gen 2",
        "AB, B clear                                    | ok A:cleared | gen 3",
        "ABC, A acquire EA, B clear                     | ok A:cleared C:cleared | gen 4",
        // Preempt: nobody holds a reservation
        "A preempt WE 10                                | conflict | gen 0",
        "ABC, A preempt WE 20                           | ok B:preempted C:preempted | A=10 gen 4",
        "ABC, A preempt WE 99                           | conflict | A=10 B=20 C=20 gen 3",
        "ABC, A preempt WE 0                            | conflict | A=10 B=20 C=20 gen 3",
        "ABC, B preempt WE 20                           | ok C:preempted | A=10 gen 4",
        "AB, A preempt WE 20 11                         | conflict | A=10 B=20 gen 2",
        // Preempt: one holds it
        "AB, B acquire WE, A preempt WE 20              | ok B:preempted | A*=10 WE gen 3",
        "ABC, B acquire WE, A preempt WE 20             | ok B:preempted C:preempted | A*=10 WE gen 4",
        "ABD, B acquire WE, A preempt EA 20             | ok B:preempted D:released | A*=10 D=40 EA gen 4",
        "ABD, B acquire WE, A preempt WE 20             | ok B:preempted | A*=10 D=40 WE gen 4",
        "ABC, B acquire WERO, C preempt WE 20           | ok B:preempted A:released | A=10 C*=20 WE gen 4",
        "ABD, B acquire WE, A preempt WE 40             | ok D:preempted | A=10 B*=20 WE gen 4",
        "ABD, B acquire WE, A preempt WE 99             | conflict | A=10 B*=20 D=40 WE gen 3",
        "ABD, B acquire WE, A preempt WE 0              | invalid  | A=10 B*=20 D=40 WE gen 3",
        "ABD, B acquire WE, A preempt EAAR 20           | ok B:preempted D:released | A*=10 D*=40 EAAR gen 4",
        "ABD, B acquire WE, A preempt WE 10             | ok       | B*=20 D=40 WE gen 4",
        "AB, A acquire WE, A preempt EA 10              | ok B:released | A*=10 B=20 EA gen 3",
        "ABC, B acquire WE, B preempt EA 20             | ok C:preempted A:released | A=10 B*=20 EA gen 4",
        "AB, A acquire WE, A preempt WE 20              | ok B:preempted | A*=10 WE gen 3",
        // Preempt: all registrants hold it
        "ABD, B acquire WEAR, A preempt EA 0            | ok B:preempted D:preempted | A*=10 EA gen 4",
        "ABD, B acquire WEAR, A preempt EA 20           | ok B:preempted | A*=10 D*=40 WEAR gen 4",
        "ABD, B acquire WEAR, A preempt EA 99           | conflict | A*=10 B*=20 D*=40 WEAR gen 3",
        "ABD, B acquire WEAR, A preempt EA 10           | ok       | B*=20 D*=40 WEAR gen 4",
        "A register 10, A acquire EAAR, A preempt EA 10 | ok       | gen 2",
        // Preempt and abort is a preempt that names hosts to abort
        "AB, B acquire WE, A abort WE 20                | ok B:preempted !B | A*=10 WE gen 3",
        "ABC, A abort WE 20                             | ok B:preempted C:preempted !B !C | A=10 gen 4",
        "AB, A acquire WE, A abort EA 10                | ok B:released | A*=10 B=20 EA gen 3",
        "AB, A abort WE 99                              | conflict | A=10 B=20 gen 2",
        // Persistence
        "A register 10 +ptpl                            | ok       | A=10 gen 1 persistent",
        "A register 10 +ptpl, B register 20             | ok       | A=10 B=20 gen 2 persistent",
        "A register 10 +ptpl, A register 11 -ptpl       | conflict | A=10 gen 1 persistent",
        "A register 10 +ptpl, A unregister 10 -ptpl     | ok       | gen 2",
        "A register 10 +ptpl, A clear                   | ok       | gen 2 persistent",
        "A persist on, B register 20                    | ok       | B=20 gen 1 persistent",
        "B register 20 +ptpl, A persist off             | ok       | B=20 gen 1",
    })
    void rules(String play, String outcome, String state) {
        ReservationPlay stage = new ReservationPlay();
        stage.play(play);
        assertThat(stage.outcome()).isEqualTo(outcome);
        assertThat(stage.describe()).isEqualTo(state);
    }

    /** Rows: type; columns: what holder, other registrants and strangers may do: r(ead), w(rite, and flush). */
    @ParameterizedTest
    @CsvSource({
        "WRITE_EXCLUSIVE,                   rw, r,  r",
        "EXCLUSIVE_ACCESS,                  rw, -,  -",
        "WRITE_EXCLUSIVE_REGISTRANTS_ONLY,  rw, rw, r",
        "EXCLUSIVE_ACCESS_REGISTRANTS_ONLY, rw, rw, -",
        "WRITE_EXCLUSIVE_ALL_REGISTRANTS,   rw, rw, r",
        "EXCLUSIVE_ACCESS_ALL_REGISTRANTS,  rw, rw, -",
    })
    void whoMayDoWhat(ReservationType type, String holder, String registrant, String stranger) {
        ReservationPlay stage = new ReservationPlay();
        stage.play("AB");
        ReservationState state = stage.state().heldBy(ReservationPlay.host('A'), type);
        assertThat(allowed(state, 'A')).isEqualTo(holder);
        assertThat(allowed(state, 'B')).isEqualTo(registrant);
        assertThat(allowed(state, 'C')).isEqualTo(stranger);
    }

    @Test
    void withoutReservationEverybodyMayEverything() {
        ReservationPlay stage = new ReservationPlay();
        stage.play("AB");
        assertThat(allowed(stage.state(), 'A')).isEqualTo("rw");
        assertThat(allowed(stage.state(), 'C')).isEqualTo("rw");
        assertThat(allowed(ReservationState.EMPTY, 'C')).isEqualTo("rw");
    }

    private static String allowed(ReservationState state, char host) {
        String text = (state.conflicts(ReservationPlay.host(host), true) ? "" : "r")
                + (state.conflicts(ReservationPlay.host(host), false) ? "" : "w");
        return text.isEmpty() ? "-" : text;
    }

    @Test
    void thereAreNoMoreRegistrantsThanAllowed() {
        ReservationState state = ReservationState.EMPTY;
        for (int i = 1; i <= ReservationState.REGISTRANT_COUNT_MAX; i++) {
            ReservationChange change = register(state, i);
            assertThat(change.status()).isEqualTo(SUCCESSFUL_COMPLETION);
            state = change.state();
        }
        assertThat(register(state, 1000).status()).isEqualTo(GenericStatus.INTERNAL_ERROR);
        assertThat(register(state, 1000).state()).isSameAs(state);
        assertThat(register(state, 7).status()).as("known already").isEqualTo(SUCCESSFUL_COMPLETION);
    }

    private static ReservationChange register(ReservationState state, int number) {
        return ReservationTransitions.apply(state, ReservationPlay.register(
                new HostIdentifier(new UUID(5, number)), 0, number));
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void aRecordBringsBackAPersistentState(ReservationType type) {
        ReservationPlay stage = new ReservationPlay();
        stage.play("ABD, A persist on, B acquire " + ReservationPlay.shortName(type));
        byte[] record = ReservationRecord.encode(stage.state());
        assertThat(ReservationRecord.decode(record)).isEqualTo(stage.state());
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThatThrownBy(() -> ReservationRecord.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aRecordOfWhatIsNotPersistentIsEmpty() {
        ReservationPlay stage = new ReservationPlay();
        stage.play("AB, A acquire WE");
        assertThat(ReservationRecord.decode(ReservationRecord.encode(stage.state())))
                .isEqualTo(ReservationState.EMPTY);
    }

    @Test
    void aRecordThatSaysTheImpossibleIsRefused() {
        ReservationPlay stage = new ReservationPlay();
        stage.play("AB, A persist on, B acquire WE");
        for (int[] change : List.of(new int[] {0, 0}, new int[] {5, 2}, new int[] {6, 2}, new int[] {7, 9},
                new int[] {7, 0}, new int[] {7, 5}, new int[] {15, 2}, new int[] {12, -1}, new int[] {19, 3})) {
            byte[] record = ReservationRecord.encode(stage.state());
            record[change[0]] = (byte) change[1];
            assertThatThrownBy(() -> ReservationRecord.decode(record)).as("byte %d is %d", change[0], change[1])
                    .isInstanceOf(IllegalArgumentException.class);
        }
        byte[] twins = ReservationRecord.encode(stage.state());
        System.arraycopy(twins, 24, twins, 48, 16);
        assertThatThrownBy(() -> ReservationRecord.decode(twins)).isInstanceOf(IllegalArgumentException.class);
    }
}
