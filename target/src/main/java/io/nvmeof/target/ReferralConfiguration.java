package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Objects;

/**
 * Another discovery service that ours tells hosts about.
 *
 * @param portId the Port ID its log page entry reports, from 0 to 65,535
 * @param address where it is
 * @param nqn its name: the well-known discovery name, or its unique one
 */
public record ReferralConfiguration(int portId, TransportAddress address, NvmeQualifiedName nqn) {
    public ReferralConfiguration {
        Objects.requireNonNull(address);
        Objects.requireNonNull(nqn);
        AnnouncedAddress.check("address of a referral", address);
        if (portId < 0 || portId > PortConfiguration.ID_MAX) {
            throw new ConfigurationException("port id of a referral", portId, "from 0 to " + PortConfiguration.ID_MAX);
        }
    }

    /** A referral to the well-known discovery subsystem there. */
    public ReferralConfiguration(TransportAddress address) {
        this(0, address, NvmeQualifiedName.DISCOVERY);
    }
}
