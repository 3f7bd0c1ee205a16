package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;

import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.storage.MemoryBackend;
import io.nvmeof.target.storage.NamespaceBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A target on loops run by hand, with one subsystem, and hosts that connect to it. */
public final class TestTarget {
    public static final NvmeQualifiedName SUBSYSTEM = NvmeQualifiedName.of("nqn.2024-01.com.example:test");
    public static final NvmeQualifiedName HOST = NvmeQualifiedName.of("nqn.2024-01.com.example:host");
    public static final HostIdentifier HOST_ID =
            new HostIdentifier(UUID.fromString("6e1c5f05-0d6a-4f0b-9b6c-6f2d2f6b7b11"));
    public static final UUID NAMESPACE_UUID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    public static final TransportAddress ADDRESS = TransportAddress.tcp("192.0.2.1", 4420);
    /** The blocks of namespace 1 when nothing else is said. */
    public static final int BLOCK_SIZE = 512;
    public static final long BLOCK_COUNT = 8192;

    private final ManualLoops loops;
    private final FakeTransport transport = new FakeTransport();
    private final Target target;

    /** A subsystem with namespace 1 in memory. */
    public static TestTarget withMemory(int loopCount) {
        return with(loopCount, new MemoryBackend(BLOCK_SIZE * BLOCK_COUNT, BLOCK_SIZE));
    }

    /** A subsystem with namespace 1 on this backend. */
    public static TestTarget with(int loopCount, NamespaceBackend backend) {
        return new TestTarget(loopCount, builder ->
                builder.allowAnyHost(true).namespace(new NamespaceConfiguration(1, NAMESPACE_UUID, backend)));
    }

    public TestTarget(int loopCount, UnaryOperator<SubsystemConfiguration.Builder> subsystem) {
        this(loopCount, TargetConfiguration.builder().port(new PortConfiguration(1, ADDRESS))
                .subsystem(subsystem.apply(SubsystemConfiguration.builder(SUBSYSTEM)).build()).build());
    }

    public TestTarget(int loopCount, TargetConfiguration configuration) {
        loops = new ManualLoops(loopCount);
        try {
            target = Target.start(configuration, loops, List.of(transport), Runnable::run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ManualLoops loops() {
        return loops;
    }

    public FakeTransport transport() {
        return transport;
    }

    public Target target() {
        return target;
    }

    /** A connection to the first port on this loop, without Connect. */
    public HostQueue open(int loop) {
        return new HostQueue(loops, transport.connect(loops.loop(loop)));
    }

    public static ConnectData connectData(int controllerId) {
        return new ConnectData(HOST_ID, controllerId, SUBSYSTEM, HOST);
    }

    /** A connected and enabled admin queue with 32 entries and no keep alive. */
    public HostQueue connectAdmin(int loop) {
        return connectAdmin(loop, 0);
    }

    public HostQueue connectAdmin(int loop, long keepAliveMillis) {
        HostQueue queue = open(loop);
        success(queue.connect(0, 31, 0, keepAliveMillis, connectData(ConnectData.DYNAMIC_CONTROLLER)));
        enable(queue);
        return queue;
    }

    public HostQueue connectDiscovery(int loop) {
        HostQueue queue = open(loop);
        success(queue.connect(0, 31, 0, 0, new ConnectData(HOST_ID, ConnectData.DYNAMIC_CONTROLLER,
                NvmeQualifiedName.DISCOVERY, HOST)));
        enable(queue);
        return queue;
    }

    public static void enable(HostQueue queue) {
        success(queue.propertySet(Property.CC,
                ControllerConfiguration.enabled(ControllerConfiguration.CSS_NVM).value()));
    }

    /** An I/O queue of the newest controller, with 128 entries. */
    public HostQueue connectIo(int loop, int queueId) {
        return connectIo(loop, queueId, 127);
    }

    public HostQueue connectIo(int loop, int queueId, int sqSize) {
        HostQueue queue = open(loop);
        success(queue.connect(queueId, sqSize, ConnectCommand.CATTR_DISABLE_SQ_FLOW_CONTROL, 0,
                connectData(newestControllerId())));
        return queue;
    }

    public int newestControllerId() {
        return target.controllers().stream().filter(info -> info.subsystemNqn().equals(SUBSYSTEM))
                .mapToInt(ControllerInfo::controllerId).max().orElseThrow();
    }
}
