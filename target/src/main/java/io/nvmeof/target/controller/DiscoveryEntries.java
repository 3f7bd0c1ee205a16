package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.AddressFamily;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import java.util.ArrayList;
import java.util.List;

/**
 * The discovery log page as one host sees it (NVMe Base 2.1, Discovery Log Page): the discovery subsystem itself, what
 * the host may connect to, at addresses it can reach, and other discovery services.
 */
final class DiscoveryEntries {
    private static final int ADMIN_QUEUE_ENTRIES = 32;

    private final DiscoveryView.Content content;
    /** Our address as the host sees it. */
    private final String local;
    private final List<Reached> reached = new ArrayList<>();
    private final List<DiscoveryLogEntry> entries = new ArrayList<>();

    /** A port and where this host reaches it. */
    private record Reached(Port port, TransportAddress address) {}

    private DiscoveryEntries(DiscoveryView.Content content, TransportAddress local) {
        this.content = content;
        this.local = withoutZone(local.address());
        for (Port port : content.ports()) {
            TransportAddress address = reachable(port);
            if (address != null) {
                reached.add(new Reached(port, address));
            }
        }
    }

    /** What the host of a discovery controller sees of the content. */
    static DiscoveryLogPage page(DiscoveryView.Content content, DiscoveryController controller) {
        DiscoveryEntries page = new DiscoveryEntries(content, controller.local());
        page.addSelf(controller.subsystem().nqn());
        for (SubsystemConfiguration subsystem : content.visibleTo(controller.hostNqn())) {
            page.addSubsystem(subsystem.nqn());
        }
        content.referrals().forEach(page::addReferral);
        return new DiscoveryLogPage(content.generation(), page.entries);
    }

    /**
     * The discovery subsystem under one name only, for hosts connect to each that they find; and once for each port,
     * marked so that a host needs to ask at one of them only.
     */
    private void addSelf(NvmeQualifiedName nqn) {
        boolean duplicates = reached.stream().filter(this::tellsTheSame).count() > 1;
        for (Reached each : reached) {
            int flags = DiscoveryLogEntry.EFLAGS_EXPLICIT_PERSISTENT_CONNECTION
                    | (duplicates && tellsTheSame(each)
                            ? DiscoveryLogEntry.EFLAGS_DUPLICATE_RETURNED_INFORMATION : 0);
            add(each, nqn, DiscoveryLogEntry.SUBTYPE_CURRENT_DISCOVERY, flags);
        }
    }

    /** Whether this host would read there what it reads here: a port that listens everywhere is shown as it is met. */
    private boolean tellsTheSame(Reached there) {
        boolean fixed = content.ports().stream().noneMatch(DiscoveryEntries::shownAsMet);
        return fixed || there.port().configuration().reachableAs().isEmpty()
                && there.address().address().equals(local);
    }

    private void addSubsystem(NvmeQualifiedName nqn) {
        for (Reached each : reached) {
            if (each.port().leadsTo(nqn)) {
                add(each, nqn, DiscoveryLogEntry.SUBTYPE_NVM, 0);
            }
        }
    }

    private void add(Reached at, NvmeQualifiedName nqn, int subsystemType, int flags) {
        PortSecurity security = PortSecurity.of(at.port());
        entries.add(entry(at.address(), nqn, subsystemType, at.port().id(), flags,
                security.requirements() | DiscoveryLogEntry.TREQ_DISABLE_SQ_FLOW_CONTROL, security.securityType()));
    }

    /** We do not know what the other service demands: it will say so itself. */
    private void addReferral(ReferralConfiguration referral) {
        entries.add(entry(referral.address(), referral.nqn(), DiscoveryLogEntry.SUBTYPE_REFERRAL, referral.portId(), 0,
                DiscoveryLogEntry.TREQ_SECURE_CHANNEL_NOT_SPECIFIED, DiscoveryLogEntry.SECURITY_NONE));
    }

    private static DiscoveryLogEntry entry(TransportAddress address, NvmeQualifiedName nqn, int subsystemType,
            int portId, int flags, int requirements, int securityType) {
        return new DiscoveryLogEntry(address.type().code(), family(address).code(), subsystemType, requirements,
                portId, ConnectData.DYNAMIC_CONTROLLER, ADMIN_QUEUE_ENTRIES, flags, address.serviceId(),
                nqn.toString(), address.address(), securityType);
    }

    private static AddressFamily family(TransportAddress address) {
        if (address.type() == TransportType.INTRA_HOST) {
            return AddressFamily.INTRA_HOST;
        }
        return isIpv6(address.address()) ? AddressFamily.IPV6 : AddressFamily.IPV4;
    }

    /**
     * Where the host reaches a port: one that listens on every address is known to the host by the address it came to.
     *
     * @return {@code null} if there is no such address: a port for IPv4 only, a host that came by IPv6
     */
    private TransportAddress reachable(Port port) {
        TransportAddress announced = port.configuration().reachableAs().orElse(port.address());
        if (!shownAsMet(port)) {
            return new TransportAddress(announced.type(), withoutZone(announced.address()), announced.serviceId());
        }
        if (announced.address().equals("0.0.0.0") && isIpv6(local)) {
            return null;
        }
        return new TransportAddress(announced.type(), local, announced.serviceId());
    }

    /** Whether a port listens on every address, and its owner did not say which of them hosts use. */
    private static boolean shownAsMet(Port port) {
        return port.configuration().reachableAs().isEmpty() && switch (port.address().address()) {
            case "0.0.0.0", "::", "0:0:0:0:0:0:0:0", "" -> true;
            default -> false;
        };
    }

    /** The zone of a link-local address means something to us and nothing to the host. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    private static boolean isIpv6(String address) {
        return address.indexOf(':') >= 0;
    }
}
