package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeCapsuleSender.Response;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Many hosts that connect at once, and hosts that claim to be others. */
class ConnectStormTest {
    private static final int HOSTS = 500;
    private static final int AT_ONCE = 256;
    private static final NvmeQualifiedName CLONE = NvmeQualifiedName.of("nqn.2024-01.com.example:clone");

    private static ConnectData host(int n) {
        return new ConnectData(new HostIdentifier(new UUID(1, n + 1)), ConnectData.DYNAMIC_CONTROLLER,
                TestTarget.SUBSYSTEM, NvmeQualifiedName.of("nqn.2024-01.com.example:host-" + n));
    }

    private static int submitConnect(HostQueue queue, ConnectData data) {
        MemorySegment memory = MemorySegment.ofArray(new byte[SubmissionQueueEntry.SIZE]);
        new ConnectCommand().wrap(memory, 0).encode(0, 0, 31, 0, 0);
        byte[] bytes = new byte[ConnectData.SIZE];
        data.encode(MemorySegment.ofArray(bytes), 0);
        return queue.submit(memory, bytes, bytes.length);
    }

    @Test
    void hostsBeyondWhatCanBeDealtWithAreToldToComeBack() {
        TestTarget target = TestTarget.withMemory(2);
        HostQueue known = target.connectAdmin(1);
        List<HostQueue> queues = new ArrayList<>();
        List<Integer> connects = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            HostQueue queue = target.open(1);
            queues.add(queue);
            connects.add(submitConnect(queue, host(i)));
        }
        target.loops().loop(1).runTasks(); // All ask while the control loop is busy with something else.
        int refused = 0;
        List<Integer> again = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            Response response = queues.get(i).sender().takeResponse(connects.get(i));
            if (response != null) {
                assertThat(StatusCode.ofFabricsField(response.statusField()))
                        .isEqualTo(CommandSpecificStatus.CONNECT_CONTROLLER_BUSY);
                assertThat(response.doNotRetry()).isFalse();
                again.add(i);
                refused++;
            }
        }
        assertThat(refused).isEqualTo(HOSTS - AT_ONCE);
        HostQueue io = target.open(1);
        success(io.connect(1, 31, 0, 0, TestTarget.connectData(1)));
        target.loops().runTasks();
        for (int i = 0; i < HOSTS; i++) {
            if (!again.contains(i)) {
                success(queues.get(i).sender().takeResponse(connects.get(i)));
            }
        }
        for (int i : again) {
            success(queues.get(i).connect(0, 31, 0, 0, host(i)));
        }
        assertThat(target.target().controllers()).hasSize(HOSTS + 1);
        assertThat(known.sender().closed()).isFalse();
    }

    @Test
    void aCloneIsRefusedWhereTheOwnerSaysSo() {
        ConnectData clone = new ConnectData(TestTarget.HOST_ID, ConnectData.DYNAMIC_CONTROLLER, TestTarget.SUBSYSTEM,
                CLONE);
        TestTarget lenient = new TestTarget(1,
                builder -> builder.allowAnyHost(true).duplicateHosts(DuplicateHostPolicy.ALLOW));
        lenient.connectAdmin(0);
        success(lenient.open(0).connect(0, 31, 0, 0, clone));

        TestTarget target = new TestTarget(1, builder -> builder.allowAnyHost(true)
                .duplicateHosts(DuplicateHostPolicy.REFUSE_FOREIGN_IDENTIFIER));
        HostQueue first = target.connectAdmin(0);
        HostQueue secondPath = target.connectAdmin(0);
        HostQueue refused = target.open(0);
        Response response = refused.connect(0, 31, 0, 0, clone);
        assertThat(StatusCode.ofFabricsField(response.statusField()))
                .isEqualTo(CommandSpecificStatus.CONNECT_INVALID_HOST);
        assertThat(response.doNotRetry()).isTrue();
        assertThat((int) response.result()).as("the host identifier, in the data")
                .isEqualTo(ConnectCommand.invalidParameterResult(true, ConnectData.HOSTID_OFFSET));
        first.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        assertThat(refused.connect(0, 31, 0, 0, clone).status().successful()).isFalse();
        secondPath.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        success(refused.connect(0, 31, 0, 0, clone));
    }

    @Test
    void withoutFlowControlNoHeadIsEverReported() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue admin = target.open(0);
        success(admin.connect(0, 31, ConnectCommand.CATTR_DISABLE_SQ_FLOW_CONTROL, 0,
                TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER)));
        TestTarget.enable(admin);
        HostQueue io = target.connectIo(0, 1);
        for (int i = 0; i < 300; i++) {
            assertThat(success(io.callForData(0x02, 512, entry -> entry.namespaceId(1))).sqHead()).isEqualTo(0xFFFF);
            assertThat(success(admin.identify(1, 0, 0)).sqHead()).isEqualTo(0xFFFF);
        }
    }
}
