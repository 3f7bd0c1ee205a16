package io.nvmeof.target;

import io.nvmeof.target.storage.NamespaceBackend;
import java.util.Objects;
import java.util.UUID;

/**
 * A namespace of a subsystem.
 *
 * @param id the namespace identifier, from 1 to {@link #ID_MAX}
 * @param uuid names the namespace on every path and for ever; hosts refuse a second namespace with the same one. The
 *     NGUID is made of the same 16 bytes
 * @param backend where its blocks are; the target closes it when it is closed itself
 */
public record NamespaceConfiguration(int id, UUID uuid, NamespaceBackend backend) {
    /** The highest namespace identifier. */
    public static final int ID_MAX = 1024;

    public NamespaceConfiguration {
        Objects.requireNonNull(backend);
        if (id < 1 || id > ID_MAX) {
            throw new ConfigurationException("namespace id", id, "from 1 to " + ID_MAX);
        }
        if (uuid == null || uuid.getMostSignificantBits() == 0 && uuid.getLeastSignificantBits() == 0) {
            throw new ConfigurationException("uuid of namespace " + id, uuid, "is any UUID but the nil UUID");
        }
    }
}
