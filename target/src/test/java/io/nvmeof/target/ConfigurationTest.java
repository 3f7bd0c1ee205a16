package io.nvmeof.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.storage.MemoryBackend;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An impossible configuration is refused with key, value and what is allowed. */
class ConfigurationTest {
    private static final UUID ID = new UUID(1, 2);

    private static SubsystemConfiguration.Builder subsystem() {
        return SubsystemConfiguration.builder(TestTarget.SUBSYSTEM);
    }

    private static NamespaceBackend memory() {
        return new MemoryBackend(1 << 20, 512);
    }

    static Stream<Arguments> impossible() {
        NamespaceBackend shared = memory();
        return Stream.of(
                row("port id is 0", () -> new PortConfiguration(0, TestTarget.ADDRESS)),
                row("port id is 65536", () -> new PortConfiguration(65_536, TestTarget.ADDRESS)),
                row("namespace id is 0", () -> new NamespaceConfiguration(0, ID, shared)),
                row("namespace id is 1025", () -> new NamespaceConfiguration(1025, ID, shared)),
                row("uuid of namespace 1", () -> new NamespaceConfiguration(1, new UUID(0, 0), shared)),
                row("nqn is", () -> SubsystemConfiguration.builder(NvmeQualifiedName.DISCOVERY).build()),
                row("serial of", () -> subsystem().serial("").build()),
                row("serial of", () -> subsystem().serial("123456789012345678901").build()),
                row("model of", () -> subsystem().model("caf\u00E9").build()),
                row("io-queues of", () -> subsystem().ioQueueCountMax(0).build()),
                row("queue-size of", () -> subsystem().queueSizeMax(31).build()),
                row("queue-size of", () -> subsystem().queueSizeMax(4097).build()),
                row("controllers of", () -> subsystem().controllerCountMax(0).build()),
                row("namespace id of", () -> subsystem().namespace(new NamespaceConfiguration(1, ID, memory()))
                        .namespace(new NamespaceConfiguration(1, new UUID(3, 4), memory())).build()),
                row("namespace uuid of", () -> subsystem().namespace(new NamespaceConfiguration(1, ID, memory()))
                        .namespace(new NamespaceConfiguration(2, ID, memory())).build()),
                row("ports is empty", () -> TargetConfiguration.builder().build()),
                row("port id is 1", () -> port().port(new PortConfiguration(1, TestTarget.ADDRESS)).build()),
                row("nqn is", () -> port().subsystem(subsystem().build()).subsystem(subsystem().build()).build()),
                row("namespace uuid of", () -> port()
                        .subsystem(subsystem().namespace(new NamespaceConfiguration(1, ID, memory())).build())
                        .subsystem(other().namespace(new NamespaceConfiguration(1, ID, memory())).build()).build()),
                row("backend of namespace 1", () -> port()
                        .subsystem(subsystem().namespace(new NamespaceConfiguration(1, ID, shared)).build())
                        .subsystem(other().namespace(new NamespaceConfiguration(1, new UUID(3, 4), shared)).build())
                        .build()));
    }

    private static Arguments row(String message, ThrowingCallable construction) {
        return Arguments.of(message, construction);
    }

    private static TargetConfiguration.Builder port() {
        return TargetConfiguration.builder().port(new PortConfiguration(1, TestTarget.ADDRESS));
    }

    private static SubsystemConfiguration.Builder other() {
        return SubsystemConfiguration.builder(NvmeQualifiedName.of("nqn.2024-01.com.example:other"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("impossible")
    void isRefused(String message, ThrowingCallable construction) {
        assertThatThrownBy(construction).isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message).hasMessageContaining("allowed");
    }

    @Test
    void aPortNeedsItsTransport() {
        TargetConfiguration configuration = TargetConfiguration.builder().port(new PortConfiguration(1,
                new TransportAddress(TransportType.RDMA, "192.0.2.1", "4420"))).build();
        assertThatThrownBy(() -> Target.start(configuration, new ManualLoops(1), List.of(new FakeTransport())))
                .isInstanceOf(ConfigurationException.class).hasMessageContaining("transport of port 1");
    }

    @Test
    void theSerialNumberIsTheSameEveryTime() {
        assertThat(subsystem().build().serial()).isEqualTo(subsystem().build().serial()).hasSize(16)
                .isNotEqualTo(other().build().serial());
    }
}
