package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.DiscoveryService;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * What there is to discover, and the one place that tells those who want to hear of it. Owned by the control loop, but
 * for what it hands out.
 */
final class DiscoveryView {
    /**
     * One moment of it. Any thread may read it.
     *
     * @param generation GENCTR: another one after every change that makes a difference to anybody
     * @param ports the ports that listen, in the order of their identifiers
     * @param subsystems the subsystems, in the order of their names
     * @param referrals other discovery services
     */
    record Content(long generation, List<Port> ports, List<SubsystemConfiguration> subsystems,
            List<ReferralConfiguration> referrals) {
        Content {
            ports = List.copyOf(ports);
            subsystems = List.copyOf(subsystems);
            referrals = List.copyOf(referrals);
        }

        /** Whether every host finds the same in both. */
        boolean looksLike(Content other) {
            return ports.equals(other.ports) && referrals.equals(other.referrals)
                    && shown(subsystems).equals(shown(other.subsystems));
        }

        private static List<Object> shown(List<SubsystemConfiguration> subsystems) {
            return subsystems.stream().<Object>map(subsystem ->
                    List.of(subsystem.nqn(), subsystem.allowAnyHost(), subsystem.allowedHosts())).toList();
        }

        /** The subsystems that a host may connect to. */
        List<SubsystemConfiguration> visibleTo(NvmeQualifiedName hostNqn) {
            return subsystems.stream().filter(subsystem -> subsystem.allows(hostNqn)).toList();
        }
    }

    private final NvmeQualifiedName name;
    private final List<Consumer<List<DiscoveryService>>> watchers = new ArrayList<>();
    private Content content = new Content(0, List.of(), List.of(), List.of());

    /** @param name of the discovery subsystem */
    DiscoveryView(NvmeQualifiedName name) {
        this.name = name;
    }

    Content content() {
        return content;
    }

    /** From now on there is this to discover; tells the discovery controllers, which know what their hosts see. */
    void publish(Collection<Port> ports, TargetConfiguration configuration, Collection<Controller> controllers) {
        Content next = new Content(content.generation() + 1,
                ports.stream().sorted(Comparator.comparing(Port::id)).toList(),
                configuration.subsystems().stream()
                        .sorted(Comparator.comparing(subsystem -> subsystem.nqn().toString())).toList(),
                configuration.referrals());
        if (next.looksLike(content)) {
            return;
        }
        boolean otherPorts = !next.ports().equals(content.ports());
        content = next;
        controllers.forEach(controller -> controller.proxy().discoveryChanged(next));
        if (otherPorts) {
            watchers.forEach(watcher -> watcher.accept(services()));
        }
    }

    /** Tells where there is discovery, at once and whenever that changes. */
    void watch(Consumer<List<DiscoveryService>> watcher) {
        watchers.add(watcher);
        watcher.accept(services());
    }

    private List<DiscoveryService> services() {
        return content.ports().stream().map(port -> new DiscoveryService(port.id(), port.address(),
                port.configuration().reachableAs(), name)).toList();
    }
}
