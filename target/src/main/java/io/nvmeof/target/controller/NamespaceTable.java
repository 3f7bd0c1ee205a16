package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Namespaces of a subsystem at one moment, all or those that one host sees, in the order of their identifiers.
 * Immutable; any loop reads it.
 */
final class NamespaceTable {
    private final List<Namespace> namespaces;
    private final int[] ids;

    NamespaceTable(Collection<Namespace> namespaces) {
        this.namespaces = namespaces.stream().sorted(Comparator.comparingInt(Namespace::id)).toList();
        this.ids = this.namespaces.stream().mapToInt(Namespace::id).toArray();
    }

    /** Those of them that a host sees. */
    NamespaceTable visibleTo(NvmeQualifiedName hostNqn) {
        return new NamespaceTable(namespaces.stream().filter(namespace -> namespace.configuration().enabled()
                && namespace.core().reservation().known()
                && namespace.configuration().visibleTo(hostNqn)).toList());
    }

    List<Namespace> namespaces() {
        return namespaces;
    }

    /** The identifiers, in increasing order. */
    int[] ids() {
        return ids.clone();
    }

    /** The namespace with this identifier, or {@code null} if it is inactive. */
    Namespace find(int id) {
        for (Namespace namespace : namespaces) {
            if (namespace.id() == id) {
                return namespace;
            }
        }
        return null;
    }

    /** The highest identifier in use, 0 if there is none. */
    int highestId() {
        return ids.length == 0 ? 0 : ids[ids.length - 1];
    }

    boolean anyVolatileWriteCache() {
        return namespaces.stream().anyMatch(namespace -> namespace.capabilities().volatileWriteCache());
    }
}
