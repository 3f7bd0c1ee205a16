package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import java.util.Collection;
import java.util.List;

/** What there is to discover. Replaced as a whole by the control loop; any thread may read it. */
final class DiscoveryView {
    /**
     * One moment of it.
     *
     * @param generation GENCTR: another one after every change
     * @param ports the ports that listen
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

        /** Whether a host finds the same in both. */
        boolean looksLike(Content other, NvmeQualifiedName hostNqn) {
            return ports.equals(other.ports) && referrals.equals(other.referrals)
                    && names(visibleTo(hostNqn)).equals(names(other.visibleTo(hostNqn)));
        }

        /** Whether every host finds the same in both. */
        boolean looksLike(Content other) {
            return ports.equals(other.ports) && referrals.equals(other.referrals)
                    && names(subsystems).equals(names(other.subsystems))
                    && allowed(subsystems).equals(allowed(other.subsystems));
        }

        private static List<NvmeQualifiedName> names(List<SubsystemConfiguration> subsystems) {
            return subsystems.stream().map(SubsystemConfiguration::nqn).toList();
        }

        private static List<Object> allowed(List<SubsystemConfiguration> subsystems) {
            return subsystems.stream().<Object>map(subsystem ->
                    List.of(subsystem.allowAnyHost(), subsystem.allowedHosts())).toList();
        }

        /** The subsystems that a host may connect to. */
        List<SubsystemConfiguration> visibleTo(NvmeQualifiedName hostNqn) {
            return subsystems.stream().filter(subsystem -> subsystem.allows(hostNqn)).toList();
        }
    }

    private volatile Content content = new Content(0, List.of(), List.of(), List.of());

    Content content() {
        return content;
    }

    /** Replaces the content, if that makes a difference to anybody; returns the content there was. */
    Content replace(Collection<Port> ports, List<SubsystemConfiguration> subsystems,
            List<ReferralConfiguration> referrals) {
        Content former = content;
        Content next = new Content(former.generation() + 1, List.copyOf(ports), subsystems, referrals);
        if (!next.looksLike(former)) {
            content = next;
        }
        return former;
    }
}
