package io.nvmeof.target.controller;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.FakeTransport;
import io.nvmeof.target.HostQueue;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
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
    private final NamespaceConfiguration seven = new NamespaceConfiguration(7, new UUID(7, 7), second);
    private final ManualLoops loops = new ManualLoops(2);
    private final FakeTransport transport = new FakeTransport();
    private final Registry registry = new Registry(loops.loop(0), List.of(loops.loop(0), loops.loop(1)),
            List.of(SubsystemConfiguration.builder(TestTarget.SUBSYSTEM).allowAnyHost(true).namespace(one).build()));
    private final HostQueue admin = connectAdmin();
    private final HostQueue io = connectIo();

    private HostQueue connectAdmin() {
        PortHandle port = registry.addPort(1, TestTarget.ADDRESS);
        transport.listen(TestTarget.ADDRESS, port.acceptor());
        port.listening(TestTarget.ADDRESS);
        HostQueue queue = new HostQueue(loops, transport.connect(loops.loop(0)));
        success(queue.connect(0, 31, 0, 0, TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER)));
        TestTarget.enable(queue);
        success(queue.setFeature(0x0B, AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE));
        return queue;
    }

    private HostQueue connectIo() {
        HostQueue queue = new HostQueue(loops, transport.connect(loops.loop(1)));
        success(queue.connect(1, 31, 0, 0, TestTarget.connectData(1)));
        return queue;
    }

    private void change(NamespaceConfiguration... namespaces) {
        registry.setNamespaces(TestTarget.SUBSYSTEM, List.of(namespaces));
        loops.runTasks();
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
        change(one, seven);
        assertThat(admin.poll(next)).as("that read retained the event").isNull();
        assertThat(changed(false)).containsExactly(1, 7);
        assertThat(changed(false)).isEmpty();
        change(one);
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
        loops.runTasks();
        change();
        assertThat(first.openChannelCount()).isEqualTo(1);
        first.releaseAll();
        success(io.poll(read));
        assertThat(first.openChannelCount()).isZero();
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
        HostQueue discovery = new HostQueue(loops, transport.connect(loops.loop(1)));
        success(discovery.connect(0, 31, 0, 0, new ConnectData(TestTarget.HOST_ID, ConnectData.DYNAMIC_CONTROLLER,
                NvmeQualifiedName.DISCOVERY, TestTarget.HOST)));
        TestTarget.enable(discovery);
        byte[] before = success(discovery.getLogPage(0x70, 0, 8, 0)).data();
        success(discovery.setFeature(0x0B, AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE));
        int event = discovery.requestEvent();
        registry.announceDiscoveryChange();
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
