package io.nvmeof.target.controller;

import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reservations and uncorrectable blocks of all namespaces, by UUID, for as long as the target runs: a namespace
 * that is removed and comes back finds its own again. Any thread may call.
 */
final class ReservationBook {
    private static final Logger LOG = LoggerFactory.getLogger(ReservationBook.class);

    private final Optional<StateStore> store;
    private final Map<UUID, NamespaceReservation> byUuid = new ConcurrentHashMap<>();
    private final Map<UUID, UncorrectableMarks> marksByUuid = new ConcurrentHashMap<>();

    ReservationBook(Optional<StateStore> store) {
        this.store = store;
    }

    /**
     * Takes up what was kept for a namespace that is to be added; blocks.
     *
     * @throws IOException if that cannot be known: then it must not be served
     */
    void load(NamespaceConfiguration namespace) throws IOException {
        UUID uuid = namespace.uuid();
        if (!marksByUuid.containsKey(uuid)) {
            marksByUuid.put(uuid, UncorrectableMarks.load(uuid, store));
        }
        NamespaceReservation before = byUuid.get(uuid);
        if (before == null || !before.known()) {
            byUuid.put(uuid, NamespaceReservation.load(uuid, store));
        }
    }

    /** As {@link #load}, for several; where it cannot be known, the log says so, and no host sees the namespace. */
    void loadWhatCanBe(Collection<NamespaceConfiguration> namespaces) {
        for (NamespaceConfiguration namespace : namespaces) {
            try {
                load(namespace);
            } catch (IOException e) {
                LOG.error("namespace {} ({}) is not served, because its reservation, which may keep hosts from it, "
                        + "or its uncorrectable blocks are not known: {}", namespace.id(), namespace.uuid(),
                        e.getMessage(), e);
                byUuid.put(namespace.uuid(), NamespaceReservation.unknown(namespace.uuid()));
            }
        }
    }

    /** What a namespace that is added gets, once it was loaded. */
    NamespaceCore core(UUID uuid) {
        return new NamespaceCore(byUuid.get(uuid), marksByUuid.getOrDefault(uuid, UncorrectableMarks.unknown()));
    }
}
