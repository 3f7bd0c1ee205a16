package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;

import io.nvmeof.protocol.admin.AnaLog;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A host with one controller of the test subsystem, through one port: an admin queue and an I/O queue per loop. */
public final class TestHost {
    private final TestTarget target;
    private final TransportAddress port;
    private final ConnectData identity;
    private final HostQueue admin;
    private final int controllerId;
    private final List<HostQueue> io = new ArrayList<>();

    /** Connects the admin queue on loop 0 and as many I/O queues as there are loops, one on each. */
    public TestHost(TestTarget target, TransportAddress port, NvmeQualifiedName hostNqn) {
        this.target = target;
        this.port = port;
        HostIdentifier id = new HostIdentifier(UUID.nameUUIDFromBytes(hostNqn.toString().getBytes()));
        identity = new ConnectData(id, ConnectData.DYNAMIC_CONTROLLER, TestTarget.SUBSYSTEM, hostNqn);
        admin = open(0);
        controllerId = (int) success(admin.connect(0, 31, 0, 0, identity)).result() & 0xFFFF;
        TestTarget.enable(admin);
        for (int loop = 0; loop < target.loops().count(); loop++) {
            HostQueue queue = open(loop);
            success(queue.connect(loop + 1, 127, ConnectCommand.CATTR_DISABLE_SQ_FLOW_CONTROL, 0, new ConnectData(
                    id, controllerId, TestTarget.SUBSYSTEM, hostNqn)));
            io.add(queue);
        }
    }

    private HostQueue open(int loop) {
        return new HostQueue(target.loops(), target.transport().connect(target.loops().loop(loop), port, port));
    }

    public HostQueue admin() {
        return admin;
    }

    public int controllerId() {
        return controllerId;
    }

    /** The I/O queue on this loop. */
    public HostQueue io(int loop) {
        return io.get(loop);
    }

    /** Asks for these events, as Set Features Asynchronous Event Configuration names them. */
    public void listen(int events) {
        success(admin.setFeature(0x0B, events));
    }

    /** The status of a command for the first block of a namespace, 512 bytes. */
    public StatusCode call(int opcode, int nsid) {
        return io.getFirst().call(HostQueue.entry(opcode, entry -> entry.namespaceId(nsid)), new byte[512], 512)
                .status();
    }

    /** What Identify says of a namespace. */
    public IdentifyNamespace namespace(int nsid) {
        return IdentifyNamespace.decode(MemorySegment.ofArray(success(admin.identify(0, nsid, 0)).data()), 0);
    }

    /** The namespaces that Identify lists. */
    public int[] active() {
        return list(success(admin.identify(2, 0, 0)).data());
    }

    /** The Changed Namespace List, which is then forgotten. */
    public int[] changed() {
        return list(success(admin.getLogPage(4, 0xFFFFFFFF, 4096, 0)).data());
    }

    private static int[] list(byte[] page) {
        return NamespaceList.decode(MemorySegment.ofArray(page), 0).namespaceIds();
    }

    /** The ANA log page, as Linux reads it. */
    public AnaLog ana() {
        return AnaLog.decode(MemorySegment.ofArray(success(admin.getLogPage(0x0C, 0xFFFFFFFF, 8208, 0)).data()), 0,
                8208);
    }
}
