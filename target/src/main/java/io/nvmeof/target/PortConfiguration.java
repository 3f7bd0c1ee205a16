package io.nvmeof.target;

import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Objects;

/**
 * An address at which hosts reach the subsystems.
 *
 * @param id the Port ID that discovery reports, from 1 to 65,535
 * @param address where to listen; service identifier "0" lets the system choose
 */
public record PortConfiguration(int id, TransportAddress address) {
    /** The highest Port ID. */
    public static final int ID_MAX = 65_535;

    public PortConfiguration {
        Objects.requireNonNull(address);
        if (id < 1 || id > ID_MAX) {
            throw new ConfigurationException("port id", id, "from 1 to " + ID_MAX);
        }
    }
}
