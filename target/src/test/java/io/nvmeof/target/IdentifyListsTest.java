package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.ControllerList;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.layout.WireLayouts;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.storage.MemoryBackend;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Identify's lists: which namespaces are there and which are in use, and by which controllers. */
class IdentifyListsTest {
    private static final NvmeQualifiedName OTHER_HOST = NvmeQualifiedName.of("nqn.2024-01.com.example:other");
    private static final long EUI64 = 0x0011_22FF_FE33_4455L;

    private final TestTarget target = new TestTarget(1, builder -> builder.allowAnyHost(true)
            .ieeeOui(0x00A1B2).controllerIds(new ControllerIdRange(100, 102))
            .namespace(namespace(1).withEui64(EUI64))
            .namespace(namespace(2).withEnabled(false))
            .namespace(namespace(3).withVisibleTo(Optional.of(Set.of(OTHER_HOST))))
            .namespace(namespace(7)));
    private final HostQueue admin = target.connectAdmin(0);

    private static NamespaceConfiguration namespace(int id) {
        return new NamespaceConfiguration(id, new UUID(id, id), new MemoryBackend(1 << 20, 4096));
    }

    private HostQueue connectOther() {
        HostQueue queue = target.open(0);
        success(queue.connect(0, 31, 0, 0, new ConnectData(new HostIdentifier(new UUID(5, 5)),
                ConnectData.DYNAMIC_CONTROLLER, TestTarget.SUBSYSTEM, OTHER_HOST)));
        TestTarget.enable(queue);
        return queue;
    }

    @Test
    void allocatedNamespacesAreThoseSwitchedOffToo() {
        assertThat(namespaces(admin, 0x02, 0)).containsExactly(1, 7);
        assertThat(namespaces(admin, 0x10, 0)).as("3 is another host's").containsExactly(1, 2, 7);
        assertThat(namespaces(admin, 0x1A, 1)).containsExactly(2, 7);
        assertThat(namespaces(connectOther(), 0x10, 0)).containsExactly(1, 2, 3, 7);
        assertThat(success(admin.identify(0x00, 2, 0)).data()).containsOnly(0);
        IdentifyNamespace allocated = IdentifyNamespace.decode(page(admin, 0x11, 2), 0);
        assertThat(allocated.sizeBlocks()).isEqualTo(256);
        assertThat(success(admin.identify(0x11, 3, 0)).data()).as("not for this host").containsOnly(0);
        assertThat(success(admin.identify(0x11, 4, 0)).data()).containsOnly(0);
    }

    @Test
    void controllersAreListedFromTheOneAskedFor() {
        connectOther();
        assertThat(controllers(0x13, 0, 0)).containsExactly(100, 101);
        assertThat(controllers(0x13, 0, 101)).containsExactly(101);
        assertThat(controllers(0x13, 0, 102)).isEmpty();
        assertThat(controllers(0x12, 1, 0)).containsExactly(100, 101);
        assertThat(controllers(0x12, 2, 0)).as("attached to none").isEmpty();
        assertThat(admin.identify(0x12, 3, 0).status()).as("this host does not know it")
                .isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        assertThat(admin.identify(0x12, 4, 0).status()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
    }

    @Test
    void controllerIdentifiersComeFromTheirRangeOnly() {
        HostQueue second = target.connectAdmin(0);
        target.connectAdmin(0);
        HostQueue refused = target.open(0);
        FakeCapsuleSender.Response busy =
                refused.connect(0, 31, 0, 0, TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER));
        assertThat(busy.status().successful()).as("three identifiers").isFalse();
        assertThat(busy.doNotRetry()).isFalse();
        second.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        assertThat(success(refused.connect(0, 31, 0, 0, TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER)))
                .result()).as("the one that is free").isEqualTo(101);
    }

    @Test
    void thereIsOneCombinationOfCommandSets() {
        for (int controllerId : new int[] {0xFFFF, 100}) {
            MemorySegment page = MemorySegment.ofArray(success(admin.callForData(AdminOpcode.IDENTIFY.code(), 4096,
                    entry -> entry.commandDword(10, 0x1C | controllerId << 16))).data());
            assertThat(page.get(WireLayouts.LE64, 0)).as("the NVM Command Set").isEqualTo(1);
            assertThat(page.get(WireLayouts.LE64, 8)).isZero();
        }
        assertThat(admin.callForData(AdminOpcode.IDENTIFY.code(), 4096,
                entry -> entry.commandDword(10, 0x1C | 99 << 16)).status())
                .isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
    }

    @Test
    void namesAreReportedWhereHostsLookForThem() {
        byte[] expected = {0x00, 0x11, 0x22, (byte) 0xFF, (byte) 0xFE, 0x33, 0x44, 0x55};
        assertThat(IdentifyNamespace.decode(page(admin, 0x00, 1), 0).eui64()).isEqualTo(expected);
        assertThat(NamespaceIdentificationDescriptors.decode(page(admin, 0x03, 1), 0).eui64()).contains(expected);
        assertThat(NamespaceIdentificationDescriptors.decode(page(admin, 0x03, 7), 0).eui64()).isEmpty();
        IdentifyController controller = IdentifyController.decode(page(admin, 0x01, 0), 0);
        assertThat(controller.ieeeOui()).containsExactly(0xB2, 0xA1, 0x00);
    }

    private static MemorySegment page(HostQueue queue, int cns, int nsid) {
        return MemorySegment.ofArray(success(queue.identify(cns, nsid, 0)).data());
    }

    private static int[] namespaces(HostQueue queue, int cns, int after) {
        return NamespaceList.decode(page(queue, cns, after), 0).namespaceIds();
    }

    private int[] controllers(int cns, int nsid, int least) {
        byte[] data = success(admin.callForData(AdminOpcode.IDENTIFY.code(), 4096,
                entry -> entry.namespaceId(nsid).commandDword(10, cns | least << 16))).data();
        return ControllerList.decode(MemorySegment.ofArray(data), 0).controllerIds();
    }
}
