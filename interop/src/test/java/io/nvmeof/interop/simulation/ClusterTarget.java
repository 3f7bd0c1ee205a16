package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ControllerIdRange;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.Target;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.TargetManagement;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** One of the targets that serve the subsystem of a run together: two ports, controller identifiers of its own. */
final class ClusterTarget {
    static final NvmeQualifiedName SUBSYSTEM = NvmeQualifiedName.of("nqn.2026-01.io.nvmeof:cluster");
    static final int PORTS = 2;
    private static final int CONTROLLER_IDS = 1000;

    final int index;
    final SimulatedLoops loops;
    private final SimulatedTransport transport;
    private Target target;

    ClusterTarget(int index, SimulatedLoops loops, SimulatedTransport transport) {
        this.index = index;
        this.loops = loops;
        this.transport = transport;
    }

    /** Port identifiers are unique in the subsystem, whoever has the port. */
    int portId(int port) {
        return index * PORTS + port + 1;
    }

    TransportAddress address(int port) {
        return TransportAddress.tcp("10.0." + (index + 1) + "." + (port + 1), 4420);
    }

    PortConfiguration portConfiguration(int port, Map<Integer, AnaState> states) {
        return new PortConfiguration(portId(port), address(port)).withAnaStates(states);
    }

    void start(List<NamespaceConfiguration> namespaces, List<NvmeQualifiedName> hosts, Map<Integer, AnaState> states,
            Executor executor) throws IOException {
        TargetConfiguration.Builder configuration = TargetConfiguration.builder();
        for (int port = 0; port < PORTS; port++) {
            configuration.port(portConfiguration(port, states));
        }
        configuration.subsystem(SubsystemConfiguration.builder(SUBSYSTEM).serial("CLUSTER").allowHosts(hosts)
                .controllerIds(new ControllerIdRange(1 + index * CONTROLLER_IDS, (index + 1) * CONTROLLER_IDS))
                .namespaces(namespaces).build());
        target = Target.start(configuration.build(), loops, List.of(transport), executor);
    }

    Target target() {
        return target;
    }

    TargetManagement management() {
        return target.management();
    }

    SubsystemConfiguration subsystem() {
        return management().configuration().subsystems().getFirst();
    }

    /** The namespace as it is configured, or {@code null} if this target does not serve it now. */
    NamespaceConfiguration namespace(int id) {
        return subsystem().namespaces().stream().filter(each -> each.id() == id).findFirst().orElse(null);
    }

    /** The port as it is configured, or {@code null} if there is none now. */
    PortConfiguration port(int port) {
        return management().configuration().ports().stream().filter(each -> each.id() == portId(port)).findFirst()
                .orElse(null);
    }
}
