package io.nvmeof.target.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.HostQueue;
import io.nvmeof.target.TestTarget;
import io.nvmeof.target.storage.BackendCompletion;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The edges between the states of a request, and that a command ends once. */
class RequestStateTest {
    private static final Map<RequestState, Set<RequestState>> EDGES = Map.of(
            RequestState.FREE, Set.of(RequestState.PARSING),
            RequestState.PARSING, Set.of(RequestState.AWAITING_BUFFER, RequestState.AWAITING_TURN,
                    RequestState.EXECUTING, RequestState.FREE),
            RequestState.AWAITING_BUFFER, Set.of(RequestState.RECEIVING_DATA, RequestState.AWAITING_TURN,
                    RequestState.EXECUTING, RequestState.FREE),
            RequestState.RECEIVING_DATA,
            Set.of(RequestState.AWAITING_TURN, RequestState.EXECUTING, RequestState.FREE),
            RequestState.AWAITING_TURN,
            Set.of(RequestState.AWAITING_BUFFER, RequestState.EXECUTING, RequestState.FREE),
            RequestState.EXECUTING, Set.of(RequestState.FREE, RequestState.AWAITING_EVENT,
                    RequestState.AWAITING_TURN, RequestState.ABANDONED),
            RequestState.AWAITING_EVENT, Set.of(RequestState.FREE),
            RequestState.ABANDONED, Set.of(RequestState.FREE));

    @ParameterizedTest
    @EnumSource
    void leadsOnlyWhereItMay(RequestState from) {
        for (RequestState to : RequestState.values()) {
            assertThat(from.leadsTo(to)).as("%s to %s", from, to).isEqualTo(EDGES.get(from).contains(to));
        }
    }

    @Test
    void aBackendThatCompletesTwiceIsCaught() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue admin = target.connectAdmin(0);
        QueuePair queue = (QueuePair) admin.sender().receiver();
        assertThat(queue.count(RequestState.FREE)).isEqualTo(32);
        BackendCompletion idle = new Request(queue, 0);
        assertThatThrownBy(() -> idle.onBackendComplete(GenericStatus.SUCCESSFUL_COMPLETION))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("twice");
        assertThatThrownBy(() -> new Request(queue, 0).complete(GenericStatus.SUCCESSFUL_COMPLETION))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("twice");
    }

    @Test
    void statesAreCounted() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue admin = target.connectAdmin(0);
        QueuePair queue = (QueuePair) admin.sender().receiver();
        admin.requestEvent();
        admin.requestEvent();
        assertThat(queue.count(RequestState.AWAITING_EVENT)).isEqualTo(2);
        assertThat(queue.count(RequestState.FREE)).isEqualTo(30);
    }

    @Test
    void aFaultOfOursCostsOneConnection() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue admin = target.connectAdmin(0);
        HostQueue other = target.connectAdmin(0);
        target.loops().loop(0).run(() -> admin.sender().receiver().onDataReceived(3));
        target.loops().runTasks();
        assertThat(admin.sender().closed()).isTrue();
        assertThat(other.sender().closed()).isFalse();
        assertThat(target.target().controllers()).hasSize(1);
    }
}
