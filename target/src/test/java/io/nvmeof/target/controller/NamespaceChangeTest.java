package io.nvmeof.target.controller;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.HostQueue;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.TargetManagement;
import io.nvmeof.target.TestTarget;
import io.nvmeof.target.storage.HeldBackend;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Namespaces that come and go while hosts are connected, and the events that tell them. */
class NamespaceChangeTest {
    private final HeldBackend first = new HeldBackend(1 << 20, 512);
    private final HeldBackend second = new HeldBackend(1 << 20, 4096);
    private final NamespaceConfiguration one = new NamespaceConfiguration(1, new UUID(1, 1), first);
    private final NamespaceConfiguration again =
            new NamespaceConfiguration(1, new UUID(1, 1), new HeldBackend(1 << 20, 512));
    private final NamespaceConfiguration seven = new NamespaceConfiguration(7, new UUID(7, 7), second);
    private final TestTarget target =
            new TestTarget(2, builder -> builder.allowAnyHost(true).namespace(one));
    private final TargetManagement management = target.target().management();
    private final HostQueue admin = connectAdmin();
    private final HostQueue io = connectIo();

    private HostQueue connectAdmin() {
        HostQueue queue = target.connectAdmin(0);
        success(queue.setFeature(0x0B, AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE));
        return queue;
    }

    private HostQueue connectIo() {
        return target.connectIo(1, 1, 31);
    }

    private void change(NamespaceConfiguration... namespaces) {
        List<NamespaceConfiguration> next = List.of(namespaces);
        List<NamespaceConfiguration> former = management.configuration().subsystems().getFirst().namespaces();
        former.stream().filter(namespace -> !next.contains(namespace))
                .forEach(namespace -> management.removeNamespace(TestTarget.SUBSYSTEM, namespace.id()));
        next.stream().filter(namespace -> !former.contains(namespace))
                .forEach(namespace -> management.addNamespace(TestTarget.SUBSYSTEM, namespace));
        target.loops().runTasks();
    }

    @Test
    void theHostIsToldOnceUntilItHasReadWhatChanged() {
        int event = admin.requestEvent();
        assertThat(admin.poll(event)).isNull();
        change(one, seven);
        assertThat(success(admin.poll(event)).result())
                .isEqualTo(AsynchronousEvent.ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED.dword0());

        int next = admin.requestEvent();
        change(seven);
        assertThat(admin.poll(next)).as("masked until the log page has been read").isNull();
        assertThat(changed(true)).containsExactly(1, 7);
        change(again, seven);
        assertThat(admin.poll(next)).as("that read retained the event").isNull();
        assertThat(changed(false)).containsExactly(1, 7);
        assertThat(changed(false)).isEmpty();
        change(again);
        assertThat(success(admin.poll(next)).result() >>> 16).isEqualTo(4);
        assertThat(changed(false)).containsExactly(7);
    }

    @Test
    void anEventWaitsForARequest() {
        change(one, seven);
        assertThat(success(admin.poll(admin.requestEvent())).result())
                .isEqualTo(AsynchronousEvent.ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED.dword0());
    }

    @Test
    void aHostThatDidNotAskIsNotTold() {
        success(admin.setFeature(0x0B, 0));
        int event = admin.requestEvent();
        change(one, seven);
        assertThat(admin.poll(event)).isNull();
        assertThat(changed(false)).containsExactly(7);
    }

    @Test
    void ioQueuesUseTheNewNamespaces() {
        assertThat(read(7, 4096)).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        change(one, seven);
        assertThat(read(7, 4096)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(read(1, 512)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        change(seven);
        assertThat(read(1, 512)).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        assertThat(NamespaceList.decode(MemorySegment.ofArray(success(admin.identify(2, 0, 0)).data()), 0)
                .namespaceIds()).containsExactly(7);
    }

    @Test
    void aNamespaceThatGoesFinishesItsCommandsFirst() {
        first.hold(true);
        int read = io.submit(entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null, 512);
        target.loops().runTasks();
        change();
        assertThat(first.openChannelCount()).isEqualTo(1);
        assertThat(first.closed()).isFalse();
        first.hold(false);
        first.releaseAll();
        success(io.poll(read));
        assertThat(first.openChannelCount()).isZero();
        assertThat(first.flushCount()).isEqualTo(1);
        assertThat(first.closed()).isTrue();
    }

    @Test
    void anotherBackendUnderTheSameIdentifierIsAnotherNamespace() {
        change(new NamespaceConfiguration(1, new UUID(1, 1), second));
        assertThat(read(1, 4096)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(first.openChannelCount()).isZero();
        assertThat(second.openChannelCount()).isEqualTo(1);
        assertThat(changed(false)).containsExactly(1);
    }

    @Test
    void aDiscoveryHostIsToldOfAChange() {
        HostQueue discovery = target.connectDiscovery(1);
        byte[] before = success(discovery.getLogPage(0x70, 0, 8, 0)).data();
        success(discovery.setFeature(0x0B, AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE));
        int event = discovery.requestEvent();
        management.addReferral(new ReferralConfiguration(TransportAddress.tcp("192.0.2.7", 8009)));
        assertThat(success(discovery.poll(event)).result())
                .isEqualTo(Integer.toUnsignedLong(AsynchronousEvent.DISCOVERY_LOG_PAGE_CHANGE.dword0()));
        assertThat(success(discovery.getLogPage(0x70, 0, 8, 0)).data()).as("GENCTR").isNotEqualTo(before);
    }

    private GenericStatus read(int nsid, int bytes) {
        return (GenericStatus) io.callForData(NvmOpcode.READ.code(), bytes, entry -> entry.namespaceId(nsid)).status();
    }

    private int[] changed(boolean retain) {
        byte[] page = success(admin.getLogPage(4, 0xFFFFFFFF, 4096, 0, retain)).data();
        return NamespaceList.decode(MemorySegment.ofArray(page), 0).namespaceIds();
    }
}
