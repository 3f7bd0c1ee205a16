package io.nvmeof.cli.serve;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.RateLimit;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A namespace that is to be served.
 *
 * @param key what the user wrote it as, for messages
 * @param uuidGiven whether the user chose the UUID
 */
record NamespacePlan(String key, int id, UUID uuid, boolean uuidGiven, Backing backing, long eui64, boolean enabled,
        boolean readOnly, int anaGroup, Optional<Set<NvmeQualifiedName>> visibleTo, RateLimit rateLimit) {
    /** The key of a namespace that is given by flags. */
    static final String FLAGS = "--";

    /** An ordinary namespace: enabled, for every host of the subsystem, without limit. */
    NamespacePlan(String key, int id, UUID uuid, Backing backing) {
        this(key, id, uuid, false, backing, 0, true, backing.readOnly(), 1, Optional.empty(), RateLimit.NONE);
    }

    /** The same with a UUID that the user did not choose. */
    NamespacePlan withUuid(UUID uuid) {
        return new NamespacePlan(key, id, uuid, false, backing, eui64, enabled, readOnly, anaGroup, visibleTo,
                rateLimit);
    }

    /** The same under another name for messages. */
    NamespacePlan withKey(String key) {
        return new NamespacePlan(key, id, uuid, uuidGiven, backing, eui64, enabled, readOnly, anaGroup, visibleTo,
                rateLimit);
    }

    /** The beginning of a message about the path, which flags give with the backend. */
    String pathKey() {
        return key.equals(FLAGS) ? "--backend: " : key + "path: ";
    }

    /** What the target is told once the backend is open. */
    NamespaceConfiguration configuration(NamespaceBackend backend) {
        return new NamespaceConfiguration(id, uuid, eui64, backend, enabled, readOnly, anaGroup, visibleTo, rateLimit);
    }
}
