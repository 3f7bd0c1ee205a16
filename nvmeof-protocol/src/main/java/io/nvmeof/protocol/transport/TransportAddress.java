package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.fabrics.TransportType;
import java.util.Objects;

/**
 * Where a port listens or a controller is reached: the TRTYPE, TRADDR and TRSVCID of a discovery log page entry
 * (NVMe Base 2.1, 5.1.12.3.1).
 *
 * @param type the fabric
 * @param address TRADDR: for TCP an IPv4 or IPv6 address, or a name to resolve
 * @param serviceId TRSVCID: for TCP the port number in decimal
 */
public record TransportAddress(TransportType type, String address, String serviceId) {
    public TransportAddress {
        Objects.requireNonNull(type);
        Objects.requireNonNull(address);
        Objects.requireNonNull(serviceId);
    }

    /** An NVMe/TCP address. */
    public static TransportAddress tcp(String address, int port) {
        return new TransportAddress(TransportType.TCP, address, Integer.toString(port));
    }

    /** The service identifier as a port number. */
    public int port() {
        return Integer.parseInt(serviceId);
    }

    @Override
    public String toString() {
        return address.indexOf(':') >= 0 ? "[" + address + "]:" + serviceId : address + ":" + serviceId;
    }
}
