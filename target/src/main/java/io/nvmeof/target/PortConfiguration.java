package io.nvmeof.target;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An address at which hosts reach the subsystems.
 *
 * @param id the Port ID that discovery reports, from 1 to 65,535
 * @param address where to listen; service identifier "0" lets the system choose
 * @param reachableAs what discovery tells hosts to connect to, where that is not the address listened on (a wildcard
 *     address, a port mapping)
 * @param subsystems the subsystems this port leads to; empty for all
 * @param anaStates the ANA states of groups on this port; a group that is not named is optimized
 */
public record PortConfiguration(int id, TransportAddress address, Optional<TransportAddress> reachableAs,
        Optional<Set<NvmeQualifiedName>> subsystems, Map<Integer, AnaState> anaStates) {
    /** The highest Port ID. */
    public static final int ID_MAX = 65_535;

    public PortConfiguration {
        Objects.requireNonNull(address);
        Objects.requireNonNull(reachableAs);
        subsystems = subsystems.map(Set::copyOf);
        anaStates = Map.copyOf(anaStates);
        if (id < 1 || id > ID_MAX) {
            throw new ConfigurationException("port id", id, "from 1 to " + ID_MAX);
        }
        reachableAs.ifPresent(announced -> {
            AnnouncedAddress.check("reachable-as of port " + id, announced);
            if (announced.type() != address.type()) {
                throw new ConfigurationException("transport of reachable-as of port " + id, announced.type(),
                        "is that of the port, " + address.type());
            }
        });
        for (int group : anaStates.keySet()) {
            if (group < 1 || group > NamespaceConfiguration.ANA_GROUP_MAX) {
                throw new ConfigurationException("ana-group of port " + id, group,
                        "from 1 to " + NamespaceConfiguration.ANA_GROUP_MAX);
            }
        }
    }

    /** A port that leads to every subsystem, all ANA groups being optimized. */
    public PortConfiguration(int id, TransportAddress address) {
        this(id, address, Optional.empty(), Optional.empty(), Map.of());
    }

    /** Whether this port leads to a subsystem. */
    public boolean leadsTo(NvmeQualifiedName subsystem) {
        return subsystem.isDiscovery() || subsystems.isEmpty() || subsystems.get().contains(subsystem);
    }

    /** The state of an ANA group on this port. */
    public AnaState anaState(int group) {
        return anaStates.getOrDefault(group, AnaState.OPTIMIZED);
    }

    /** The same port, announced with this address. */
    public PortConfiguration withReachableAs(TransportAddress reachableAs) {
        return new PortConfiguration(id, address, Optional.of(reachableAs), subsystems, anaStates);
    }

    /** The same port, leading to these subsystems only; empty for all. */
    public PortConfiguration withSubsystems(Optional<Set<NvmeQualifiedName>> subsystems) {
        return new PortConfiguration(id, address, reachableAs, subsystems, anaStates);
    }

    /** The same port with these states; a group that is not named is optimized. */
    public PortConfiguration withAnaStates(Map<Integer, AnaState> anaStates) {
        return new PortConfiguration(id, address, reachableAs, subsystems, anaStates);
    }
}
