package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.storage.NamespaceBackend;
import io.nvmeof.target.storage.StateStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a target serves: ports and subsystems; every port leads to every subsystem. Immutable and checked.
 *
 * @param ports at least one; identifiers are unique
 * @param subsystems names are unique, and so are the namespaces' UUIDs and backends
 * @param referrals other discovery services that ours tells of
 * @param discoveryNqn a unique name for our discovery subsystem, besides the well-known one
 * @param stateStore where reservations and other things that must survive a crash are kept; without one the target
 *     does not offer what it could not keep
 */
public record TargetConfiguration(List<PortConfiguration> ports, List<SubsystemConfiguration> subsystems,
        List<ReferralConfiguration> referrals, Optional<NvmeQualifiedName> discoveryNqn,
        Optional<StateStore> stateStore) {
    /** Most entries of the discovery log page: hosts read no more. */
    public static final int DISCOVERY_ENTRY_COUNT_MAX = 16_384;

    public TargetConfiguration {
        referrals = List.copyOf(referrals);
        Objects.requireNonNull(discoveryNqn);
        Objects.requireNonNull(stateStore);
        ports = List.copyOf(ports);
        subsystems = List.copyOf(subsystems);
        if (ports.isEmpty()) {
            throw new ConfigurationException("ports", "empty", "is at least one port");
        }
        Set<Integer> portIds = new HashSet<>();
        for (PortConfiguration port : ports) {
            if (!portIds.add(port.id())) {
                throw new ConfigurationException("port id", port.id(), "is each only once");
            }
        }
        checkDiscovery(ports, subsystems, referrals, discoveryNqn);
        Set<NvmeQualifiedName> names = new HashSet<>();
        Map<UUID, NvmeQualifiedName> uuids = new HashMap<>();
        Set<NamespaceBackend> backends = Collections.newSetFromMap(new IdentityHashMap<>());
        for (SubsystemConfiguration subsystem : subsystems) {
            if (!names.add(subsystem.nqn())) {
                throw new ConfigurationException("nqn", subsystem.nqn(), "is each only once");
            }
            for (NamespaceConfiguration namespace : subsystem.namespaces()) {
                NvmeQualifiedName other = uuids.put(namespace.uuid(), subsystem.nqn());
                if (other != null) {
                    // Linux ignores a namespace whose identifiers it already has from another subsystem.
                    throw new ConfigurationException("namespace uuid of " + subsystem.nqn(), namespace.uuid(),
                            "is one that " + other + " does not use");
                }
                if (!backends.add(namespace.backend())) {
                    throw new ConfigurationException("backend of namespace " + namespace.id() + " of "
                            + subsystem.nqn(), namespace.backend().describe(), "is each only once");
                }
            }
        }
    }

    private static void checkDiscovery(List<PortConfiguration> ports, List<SubsystemConfiguration> subsystems,
            List<ReferralConfiguration> referrals, Optional<NvmeQualifiedName> discoveryNqn) {
        discoveryNqn.ifPresent(nqn -> {
            if (nqn.isDiscovery() || subsystems.stream().anyMatch(subsystem -> subsystem.nqn().equals(nqn))) {
                throw new ConfigurationException("discovery nqn", nqn,
                        "is a name of its own: neither the well-known one nor that of a subsystem");
            }
        });
        long entries = ports.size() + referrals.size() + ports.stream().mapToLong(port ->
                subsystems.stream().filter(subsystem -> port.leadsTo(subsystem.nqn())).count()).sum();
        if (entries > DISCOVERY_ENTRY_COUNT_MAX) {
            throw new ConfigurationException("number of discovery log page entries (ports, referrals, and each "
                    + "subsystem at each of its ports)", entries, "at most " + DISCOVERY_ENTRY_COUNT_MAX);
        }
    }

    /** A configuration without referrals, unique discovery name and state directory. */
    public TargetConfiguration(List<PortConfiguration> ports, List<SubsystemConfiguration> subsystems) {
        this(ports, subsystems, List.of(), Optional.empty(), Optional.empty());
    }

    /** A builder that begins with this configuration. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.ports.addAll(ports);
        builder.subsystems.addAll(subsystems);
        builder.referrals.addAll(referrals);
        builder.discoveryNqn = discoveryNqn;
        builder.stateStore = stateStore;
        return builder;
    }

    /** A builder without ports and subsystems. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects ports and subsystems; {@link #build()} checks them. */
    public static final class Builder {
        private final List<PortConfiguration> ports = new ArrayList<>();
        private final List<SubsystemConfiguration> subsystems = new ArrayList<>();

        private final List<ReferralConfiguration> referrals = new ArrayList<>();
        private Optional<NvmeQualifiedName> discoveryNqn = Optional.empty();
        private Optional<StateStore> stateStore = Optional.empty();

        private Builder() {}

        /** Adds a port. */
        public Builder port(PortConfiguration port) {
            ports.add(port);
            return this;
        }

        /** Adds a subsystem. */
        public Builder subsystem(SubsystemConfiguration subsystem) {
            subsystems.add(subsystem);
            return this;
        }

        /** Adds a referral. */
        public Builder referral(ReferralConfiguration referral) {
            referrals.add(referral);
            return this;
        }

        /** Sets the unique name of the discovery subsystem. */
        public Builder discoveryNqn(NvmeQualifiedName discoveryNqn) {
            this.discoveryNqn = Optional.of(discoveryNqn);
            return this;
        }

        /** Sets where to keep what must survive a crash. */
        public Builder stateStore(StateStore stateStore) {
            this.stateStore = Optional.of(stateStore);
            return this;
        }

        /** The configuration; throws {@link ConfigurationException} if it is impossible. */
        public TargetConfiguration build() {
            return new TargetConfiguration(ports, subsystems, referrals, discoveryNqn, stateStore);
        }
    }
}
