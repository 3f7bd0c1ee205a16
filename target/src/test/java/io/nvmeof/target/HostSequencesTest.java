package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.fabrics.AddressFamily;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.ControllerStatus;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.FakeCapsuleSender.Response;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What three hosts send, in their order, and the answers they insist on. */
class HostSequencesTest {
    private static final int ALL = 0xFFFFFFFF;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aLinuxHostConnectsUsesAndDisconnects() {
        TestTarget target = TestTarget.withMemory(2);
        HostQueue admin = target.open(0);
        Response connect = success(admin.connect(0, 31, 0, 5_000,
                TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER)));
        int controllerId = ConnectCommand.controllerId((int) connect.result());
        assertThat(connect.result() >>> 16).as("no authentication is asked for").isZero();
        assertThat(connect.sqHead()).isEqualTo(1);

        ControllerCapabilities capabilities =
                new ControllerCapabilities(success(admin.propertyGet(Property.CAP)).result());
        assertThat(capabilities.maximumQueueEntries()).isEqualTo(1024);
        assertThat(capabilities.minimumPageBytes()).isEqualTo(4096);
        assertThat(capabilities.commandSets()).isEqualTo(
                ControllerCapabilities.CSS_NVM | ControllerCapabilities.CSS_IO_COMMAND_SETS);
        assertThat(capabilities.readyWithMediaSupported()).isTrue();
        success(admin.propertyGet(Property.CRTO));
        ControllerConfiguration enabled = ControllerConfiguration.enabled(ControllerConfiguration.CSS_ALL);
        success(admin.propertySet(Property.CC, enabled.withEnable(false).value()));
        success(admin.propertyGet(Property.CAP));
        success(admin.propertySet(Property.CC, enabled.value()));
        ControllerStatus status = new ControllerStatus((int) success(admin.propertyGet(Property.CSTS)).result());
        assertThat(status.ready()).isTrue();
        assertThat(status.fatal()).isFalse();
        assertThat(success(admin.propertyGet(Property.VS)).result()).isEqualTo(Property.VERSION_2_1);

        checkIdentifyController(admin, controllerId);
        success(admin.getLogPage(0x05, 0, 4096, 0));
        success(admin.getLogPage(0x02, ALL, 512, 0));
        success(admin.call(AdminOpcode.KEEP_ALIVE.code(), entry -> {}));
        Response granted = success(admin.setFeature(0x07, 3 | 3 << 16));
        assertThat(granted.result()).isEqualTo(3 | 3 << 16);

        // The queues live on two loops and are connected in any order.
        HostQueue io = target.connectIo(1, 2);
        HostQueue other = target.connectIo(0, 1);
        assertThat(io.sender().slotCount()).isEqualTo(128);
        success(admin.setFeature(0x0B, AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE));
        int event = admin.requestEvent();
        assertThat(admin.poll(event)).isNull();

        success(admin.identify(0x06, 0, 0));
        checkNamespaces(admin);
        Response read = success(io.callForData(NvmOpcode.READ.code(), 4096,
                entry -> entry.namespaceId(1).commandQword(10, 0).commandDword(12, 7)));
        assertThat(read.data()).hasSize(4096).containsOnly(0);
        byte[] data = new byte[4096];
        Arrays.fill(data, (byte) 0x5A);
        success(other.callWithData(NvmOpcode.WRITE.code(), data,
                entry -> entry.namespaceId(1).commandQword(10, 8).commandDword(12, 7)));
        assertThat(success(io.callForData(NvmOpcode.READ.code(), 4096,
                entry -> entry.namespaceId(1).commandQword(10, 8).commandDword(12, 7))).data()).isEqualTo(data);

        disconnectLikeLinux(target, admin, List.of(io, other), enabled);
        assertThat(target.target().controllers()).isEmpty();
        assertThat(target.loops().loop(0).buffers().takenBytes()).isZero();
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
    }

    private static void checkIdentifyController(HostQueue admin, int controllerId) {
        IdentifyController identify = IdentifyController.decode(
                MemorySegment.ofArray(success(admin.identify(0x01, 0, 0)).data()), 0);
        assertThat(identify.controllerId()).isEqualTo(controllerId);
        assertThat(identify.keepAliveSupport()).isNotZero();
        assertThat(identify.commandCapsuleSize()).isEqualTo((64 + 8192) / 16);
        assertThat(identify.responseCapsuleSize()).isEqualTo(1);
        assertThat(identify.inCapsuleDataOffset()).isZero();
        assertThat(identify.maximumOutstandingCommands()).isEqualTo(1024);
        assertThat(identify.sglSupport() & 0x3).isNotZero();
        assertThat(identify.maximumAllowedNamespaces()).isLessThanOrEqualTo(identify.namespaces()).isNotZero();
        assertThat(identify.multipathCapabilities()).isEqualTo(IdentifyController.CMIC_MULTIPLE_PORTS
                | IdentifyController.CMIC_MULTIPLE_CONTROLLERS | IdentifyController.CMIC_ANA);
        long anaLogBytes = 16 + identify.anaGroupIdentifiers() * 32 + identify.maximumAllowedNamespaces() * 4;
        assertThat(anaLogBytes).as("Linux reads it whole").isLessThanOrEqualTo(1 << 20);
        assertThat(identify.controllerType()).isEqualTo(IdentifyController.TYPE_IO);
        assertThat(identify.maximumDataTransferBytes(4096)).isEqualTo(1 << 20);
        assertThat(identify.subsystemNqn()).isEqualTo(TestTarget.SUBSYSTEM.toString());
        assertThat(identify.volatileWriteCache() & IdentifyController.VWC_PRESENT).isZero();
        assertThat(identify.version()).isEqualTo(Property.VERSION_2_1);
    }

    private static void checkNamespaces(HostQueue admin) {
        NamespaceList list = NamespaceList.decode(MemorySegment.ofArray(success(admin.identify(0x02, 0, 0)).data()), 0);
        assertThat(list.namespaceIds()).containsExactly(1);
        NamespaceIdentificationDescriptors descriptors = NamespaceIdentificationDescriptors.decode(
                MemorySegment.ofArray(success(admin.identify(0x03, 1, 0)).data()), 0);
        assertThat(descriptors.uuid()).contains(TestTarget.NAMESPACE_UUID);
        assertThat(descriptors.nguid()).isPresent();
        assertThat(descriptors.commandSetIdentifier()).contains(0);
        IdentifyNamespace namespace = IdentifyNamespace.decode(
                MemorySegment.ofArray(success(admin.identify(0x00, 1, 0)).data()), 0);
        assertThat(namespace.sizeBlocks()).isEqualTo(TestTarget.BLOCK_COUNT);
        assertThat(namespace.capacityBlocks()).isEqualTo(TestTarget.BLOCK_COUNT);
        assertThat(namespace.blockSizeBytes()).isEqualTo(TestTarget.BLOCK_SIZE);
        assertThat(namespace.multipathCapabilities()).isEqualTo(IdentifyNamespace.NMIC_SHARED);
        success(admin.identify(0x08, 1, 0));
        assertThat(success(admin.identify(0x05, 1, 0)).data()).containsOnly(0);
    }

    private static void disconnectLikeLinux(TestTarget target, HostQueue admin, List<HostQueue> io,
            ControllerConfiguration enabled) {
        io.forEach(queue -> queue.sender().breakConnection(CloseReason.Kind.PEER_CLOSED));
        success(admin.propertySet(Property.CC,
                enabled.withShutdown(ControllerConfiguration.SHUTDOWN_NORMAL).value()));
        ControllerStatus status = new ControllerStatus((int) success(admin.propertyGet(Property.CSTS)).result());
        assertThat(status.shutdown()).isEqualTo(ControllerStatus.SHUTDOWN_COMPLETE);
        admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
    }

    @Test
    void nvmeCliDiscovers() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue queue = target.connectDiscovery(0);
        IdentifyController identify = IdentifyController.decode(
                MemorySegment.ofArray(success(queue.identify(0x01, 0, 0)).data()), 0);
        assertThat(identify.subsystemNqn()).isEqualTo(NvmeQualifiedName.DISCOVERY.toString());
        assertThat(identify.controllerType()).isEqualTo(IdentifyController.TYPE_DISCOVERY);
        assertThat(identify.discoveryControllerType()).as("nobody is to register").isZero();
        assertThat(identify.keepAliveSupport()).isNotZero();

        // 20 bytes of the header, the entries in pieces of 4096 bytes, the header again.
        MemorySegment header = MemorySegment.ofArray(success(queue.getLogPage(0x70, 0, 20, 0, true)).data());
        long generation = DiscoveryLogPage.generationCounter(header, 0);
        assertThat(DiscoveryLogPage.numberOfRecords(header, 0)).isEqualTo(2);
        byte[] entries = success(queue.getLogPage(0x70, 0, 2048, 1024, true)).data();
        MemorySegment again = MemorySegment.ofArray(success(queue.getLogPage(0x70, 0, 20, 0)).data());
        assertThat(DiscoveryLogPage.generationCounter(again, 0)).isEqualTo(generation);

        DiscoveryLogEntry self = DiscoveryLogEntry.decode(MemorySegment.ofArray(entries), 0);
        assertThat(self.subsystemType()).isEqualTo(DiscoveryLogEntry.SUBTYPE_CURRENT_DISCOVERY);
        assertThat(self.subsystemNqn()).isEqualTo(NvmeQualifiedName.DISCOVERY.toString());
        DiscoveryLogEntry entry = DiscoveryLogEntry.decode(MemorySegment.ofArray(entries), DiscoveryLogEntry.SIZE);
        assertThat(entry).isEqualTo(new DiscoveryLogEntry(3, AddressFamily.IPV4.code(), DiscoveryLogEntry.SUBTYPE_NVM,
                entry.requirements(), 1, 0xFFFF, 32, 0, "4420", TestTarget.SUBSYSTEM.toString(), "192.0.2.1", 0));
    }

    @Test
    void discoveryTellsTheAddressTheHostCameTo() {
        TransportAddress wildcard = TransportAddress.tcp("::", 4420);
        TransportAddress fixed = TransportAddress.tcp("203.0.113.5", 4421);
        TargetConfiguration configuration = TargetConfiguration.builder()
                .port(new PortConfiguration(1, wildcard)).port(new PortConfiguration(2, fixed))
                .subsystem(SubsystemConfiguration.builder(TestTarget.SUBSYSTEM).allowHost(TestTarget.HOST).build())
                .subsystem(SubsystemConfiguration.builder(NvmeQualifiedName.of("nqn.2024-01.com.example:hidden"))
                        .build())
                .build();
        TestTarget target = new TestTarget(1, configuration);
        HostQueue queue = new HostQueue(target.loops(), target.transport().connect(target.loops().loop(0), wildcard,
                TransportAddress.tcp("fe80::1%eth0", 4420)));
        success(queue.connect(0, 31, 0, 0, new ConnectData(TestTarget.HOST_ID, ConnectData.DYNAMIC_CONTROLLER,
                NvmeQualifiedName.DISCOVERY, TestTarget.HOST)));
        TestTarget.enable(queue);
        byte[] bytes = success(queue.getLogPage(0x70, 0, 8192, 0)).data();
        DiscoveryLogPage page = DiscoveryLogPage.decode(MemorySegment.ofArray(bytes), 0, bytes.length);
        assertThat(page.entries()).extracting(DiscoveryLogEntry::address, DiscoveryLogEntry::serviceId,
                DiscoveryLogEntry::portId, DiscoveryLogEntry::subsystemNqn).containsExactly(
                tuple("fe80::1", "4420", 1, NvmeQualifiedName.DISCOVERY.toString()),
                tuple("203.0.113.5", "4421", 2, NvmeQualifiedName.DISCOVERY.toString()),
                tuple("fe80::1", "4420", 1, TestTarget.SUBSYSTEM.toString()),
                tuple("203.0.113.5", "4421", 2, TestTarget.SUBSYSTEM.toString()));
    }

    @Test
    void aDiscoveryControllerKnowsOnlyItsCommands() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue queue = target.connectDiscovery(0);
        assertThat(queue.identify(0x00, 1, 0).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        assertThat(queue.getLogPage(0x02, ALL, 512, 0).status()).isEqualTo(CommandSpecificStatus.INVALID_LOG_PAGE);
        assertThat(queue.call(AdminOpcode.ABORT.code(), entry -> {}).status()).isEqualTo(GenericStatus.INVALID_OPCODE);
        assertThat(queue.setFeature(0x07, 0).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        success(queue.setFeature(0x0B, AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE));
        success(queue.setFeature(0x0F, 30_000));
        assertThat(success(queue.getFeature(0x0F, 0)).result()).isEqualTo(30_000);
        HostQueue io = target.open(0);
        int id = target.target().controllers().getFirst().controllerId();
        assertThat(io.connect(1, 31, 0, 0, new ConnectData(TestTarget.HOST_ID, id, NvmeQualifiedName.DISCOVERY,
                TestTarget.HOST)).statusField() & 0x7FFF)
                .isEqualTo(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS.field(false));
    }

    @Test
    void anIdleDiscoveryControllerGoesByItself() {
        TestTarget target = TestTarget.withMemory(1);
        HostQueue queue = target.connectDiscovery(0);
        target.loops().advance(119 * SECOND);
        assertThat(queue.sender().closed()).isFalse();
        target.loops().advance(60 * SECOND);
        assertThat(queue.sender().closed()).isTrue();
        assertThat(target.target().controllers()).isEmpty();
    }

    @Test
    void spdkSetsUpEventsBeforeQueuesAndNamespaces() {
        TestTarget target = TestTarget.withMemory(2);
        HostQueue admin = target.open(0);
        success(admin.connect(0, 31, 0, 10_000, TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER)));
        success(admin.propertyGet(Property.VS));
        success(admin.propertyGet(Property.CAP));
        ControllerConfiguration configuration =
                new ControllerConfiguration((int) success(admin.propertyGet(Property.CC)).result());
        assertThat(configuration.enable()).isFalse();
        TestTarget.enable(admin);
        success(admin.propertyGet(Property.CSTS));
        IdentifyController identify = IdentifyController.decode(
                MemorySegment.ofArray(success(admin.identify(0x01, 0, 0)).data()), 0);
        success(admin.setFeature(0x0B, 0xFF | AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE));
        int requests = Math.min(8, identify.asynchronousEventRequestLimit() + 1);
        for (int i = 0; i < requests; i++) {
            assertThat(admin.poll(admin.requestEvent())).isNull();
        }
        assertThat(success(admin.getFeature(0x0F, 0)).result()).isEqualTo(10_000);
        assertThat(success(admin.setFeature(0x07, 0 | 0 << 16)).result()).isZero();
        success(admin.identify(0x02, 0, 0));
        success(admin.identify(0x00, 1, 0));
        success(admin.identify(0x03, 1, 0));
        success(admin.callWithData(AdminOpcode.SET_FEATURES.code(), new byte[512],
                entry -> entry.commandDword(10, 0x16)));
        HostQueue io = target.connectIo(1, 1);
        success(io.callForData(NvmOpcode.READ.code(), 512, entry -> entry.namespaceId(1)));
        success(admin.call(AdminOpcode.KEEP_ALIVE.code(), entry -> {}));
    }
}
