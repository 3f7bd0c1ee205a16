package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.AddressFamily;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.SubsystemConfiguration;
import java.util.ArrayList;
import java.util.List;

/** The discovery log page as one host sees it: what it may connect to, at addresses it can reach. */
final class DiscoveryEntries {
    private static final int ADMIN_QUEUE_ENTRIES = 32;

    private DiscoveryEntries() {}

    static DiscoveryLogPage page(DiscoveryController controller) {
        DiscoveryView.Content content = controller.view().content();
        List<DiscoveryLogEntry> entries = new ArrayList<>();
        // One entry only for the discovery subsystem itself: hosts connect to each of them that they find.
        Port arrival = controller.adminQueue().port();
        entries.add(entry(arrival, withoutZone(controller.local().address()), NvmeQualifiedName.DISCOVERY,
                DiscoveryLogEntry.SUBTYPE_CURRENT_DISCOVERY,
                DiscoveryLogEntry.EFLAGS_EXPLICIT_PERSISTENT_CONNECTION));
        for (SubsystemConfiguration subsystem : content.visibleTo(controller.hostNqn())) {
            for (Port port : content.ports()) {
                String address = reachable(port.address(), controller.local());
                if (address != null && port.leadsTo(subsystem.nqn())) {
                    entries.add(entry(port, address, subsystem.nqn(), DiscoveryLogEntry.SUBTYPE_NVM, 0));
                }
            }
        }
        return new DiscoveryLogPage(content.generation(), entries);
    }

    private static DiscoveryLogEntry entry(Port port, String address, NvmeQualifiedName subsystem, int subsystemType,
            int flags) {
        TransportType type = port.address().type();
        return new DiscoveryLogEntry(type.code(), family(type, address).code(), subsystemType,
                DiscoveryLogEntry.TREQ_SECURE_CHANNEL_NOT_REQUIRED | DiscoveryLogEntry.TREQ_DISABLE_SQ_FLOW_CONTROL,
                port.id(), ConnectData.DYNAMIC_CONTROLLER, ADMIN_QUEUE_ENTRIES, flags, port.address().serviceId(),
                subsystem.toString(), address, DiscoveryLogEntry.SECURITY_NONE);
    }

    private static AddressFamily family(TransportType type, String address) {
        if (type == TransportType.INTRA_HOST) {
            return AddressFamily.INTRA_HOST;
        }
        return isIpv6(address) ? AddressFamily.IPV6 : AddressFamily.IPV4;
    }

    /**
     * A port's address as the host can use it: one that listens on every address is known to the host by the address
     * it came to.
     *
     * @param local our address as the host sees it
     * @return {@code null} if there is no such address: a port for IPv4 only, a host that came by IPv6
     */
    static String reachable(TransportAddress port, TransportAddress local) {
        String address = withoutZone(local.address());
        return switch (port.address()) {
            case "0.0.0.0" -> isIpv6(address) ? null : address;
            case "::", "0:0:0:0:0:0:0:0", "" -> address;
            default -> withoutZone(port.address());
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
