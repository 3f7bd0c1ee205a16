package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.SubsystemConfiguration;
import java.util.List;

/** What there is to discover. Replaced as a whole by the control loop; any thread may read it. */
final class DiscoveryView {
    /**
     * One moment of it.
     *
     * @param generation GENCTR: another one after every change
     * @param ports the ports that listen
     * @param subsystems the subsystems
     */
    record Content(long generation, List<Port> ports, List<SubsystemConfiguration> subsystems) {
        Content {
            ports = List.copyOf(ports);
            subsystems = List.copyOf(subsystems);
        }

        /** The subsystems that a host may connect to. */
        List<SubsystemConfiguration> visibleTo(NvmeQualifiedName hostNqn) {
            return subsystems.stream().filter(subsystem -> subsystem.allows(hostNqn)).toList();
        }
    }

    private volatile Content content = new Content(0, List.of(), List.of());

    Content content() {
        return content;
    }

    void replace(List<Port> ports, List<SubsystemConfiguration> subsystems) {
        content = new Content(content.generation() + 1, ports, subsystems);
    }
}
