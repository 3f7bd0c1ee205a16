package io.nvmeof.interop.simulation;

import io.nvmeof.target.NamespaceConfiguration;
import java.util.UUID;

/** A namespace that all targets of a run serve: one disk, what it may hold, and each target's way to it. */
final class ClusterNamespace {
    final int id;
    final int anaGroup;
    final SimulatedDisk disk;
    /** {@code null} for the namespace of the counters, which check it themselves. */
    final BlockModel model;
    /** Who may use it, {@code null} where nobody reserves anything. */
    final ReservationFence fence;
    private final UUID uuid;
    private final DiskPort[] ports;

    ClusterNamespace(int id, int anaGroup, UUID uuid, SimulatedDisk disk, BlockModel model,
            ReservationFence fence, int targetCount) {
        this.id = id;
        this.anaGroup = anaGroup;
        this.uuid = uuid;
        this.disk = disk;
        this.model = model;
        this.fence = fence;
        this.ports = new DiskPort[targetCount];
    }

    /** The way of a target that serves it, or served it last. */
    DiskPort port(int target) {
        return ports[target];
    }

    /** A target begins to serve it, through this. */
    NamespaceConfiguration configuration(int target, DiskPort port) {
        ports[target] = port;
        return new NamespaceConfiguration(id, uuid, port).withAnaGroup(anaGroup);
    }

    /** Whether nothing is under way, and nothing would be lost with the power. */
    boolean quiet() {
        for (DiskPort port : ports) {
            if (port != null && !port.quiet()) {
                return false;
            }
        }
        return disk.cachedCount() == 0;
    }
}
