package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A namespace of a subsystem.
 *
 * @param id the namespace identifier, from 1 to {@link #ID_MAX}
 * @param uuid names the namespace on every path and for ever; hosts refuse a second namespace with the same one. The
 *     NGUID is made of the same 16 bytes
 * @param eui64 a second name, 0 for none
 * @param backend where its blocks are; the target closes it when it is closed itself
 * @param enabled whether hosts see it
 * @param readOnly whether commands that would change a block are refused, even if the backend would allow them
 * @param anaGroup the ANA group it belongs to, from 1 to {@link #ANA_GROUP_MAX}
 * @param visibleTo the hosts that see it; empty for all hosts of the subsystem
 * @param rateLimit what all hosts together may do to it
 */
public record NamespaceConfiguration(int id, UUID uuid, long eui64, NamespaceBackend backend, boolean enabled,
        boolean readOnly, int anaGroup, Optional<Set<NvmeQualifiedName>> visibleTo, RateLimit rateLimit) {
    /** The highest namespace identifier. */
    public static final int ID_MAX = 1024;
    /** The highest ANA group identifier. */
    public static final int ANA_GROUP_MAX = 128;

    public NamespaceConfiguration {
        Objects.requireNonNull(backend);
        Objects.requireNonNull(rateLimit);
        visibleTo = visibleTo.map(Set::copyOf);
        if (id < 1 || id > ID_MAX) {
            throw new ConfigurationException("namespace id", id, "from 1 to " + ID_MAX);
        }
        if (uuid == null || uuid.getMostSignificantBits() == 0 && uuid.getLeastSignificantBits() == 0) {
            throw new ConfigurationException("uuid of namespace " + id, uuid, "is any UUID but the nil UUID");
        }
        if (anaGroup < 1 || anaGroup > ANA_GROUP_MAX) {
            throw new ConfigurationException("ana-group of namespace " + id, anaGroup, "from 1 to " + ANA_GROUP_MAX);
        }
    }

    /** An enabled, writable namespace of ANA group 1 that all hosts of the subsystem see. */
    public NamespaceConfiguration(int id, UUID uuid, NamespaceBackend backend) {
        this(id, uuid, 0, backend, true, false, 1, Optional.empty(), RateLimit.NONE);
    }

    /** Whether a host that may connect to the subsystem sees this namespace. */
    public boolean visibleTo(NvmeQualifiedName hostNqn) {
        return visibleTo.isEmpty() || visibleTo.get().contains(hostNqn);
    }

    /** The same namespace with an EUI64. */
    public NamespaceConfiguration withEui64(long eui64) {
        return new NamespaceConfiguration(id, uuid, eui64, backend, enabled, readOnly, anaGroup, visibleTo, rateLimit);
    }

    /** The same namespace, seen by hosts or not. */
    public NamespaceConfiguration withEnabled(boolean enabled) {
        return new NamespaceConfiguration(id, uuid, eui64, backend, enabled, readOnly, anaGroup, visibleTo, rateLimit);
    }

    /** The same namespace, read-only or not. */
    public NamespaceConfiguration withReadOnly(boolean readOnly) {
        return new NamespaceConfiguration(id, uuid, eui64, backend, enabled, readOnly, anaGroup, visibleTo, rateLimit);
    }

    /** The same namespace in another ANA group. */
    public NamespaceConfiguration withAnaGroup(int anaGroup) {
        return new NamespaceConfiguration(id, uuid, eui64, backend, enabled, readOnly, anaGroup, visibleTo, rateLimit);
    }

    /** The same namespace for these hosts; empty for all hosts of the subsystem. */
    public NamespaceConfiguration withVisibleTo(Optional<Set<NvmeQualifiedName>> visibleTo) {
        return new NamespaceConfiguration(id, uuid, eui64, backend, enabled, readOnly, anaGroup, visibleTo, rateLimit);
    }

    /** The same namespace with another limit. */
    public NamespaceConfiguration withRateLimit(RateLimit rateLimit) {
        return new NamespaceConfiguration(id, uuid, eui64, backend, enabled, readOnly, anaGroup, visibleTo, rateLimit);
    }
}
