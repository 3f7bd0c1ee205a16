package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Set;

/** Checks addresses that discovery tells hosts to connect to: they must fit a log page entry and lead somewhere. */
final class AnnouncedAddress {
    private static final int ADDRESS_LENGTH_MAX = 256;
    private static final int SERVICE_ID_LENGTH_MAX = 32;
    private static final int TCP_PORT_MAX = 65_535;
    private static final Set<String> EVERYWHERE = Set.of("", "0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    private AnnouncedAddress() {}

    /** @param key what the address is, for the exception */
    static void check(String key, TransportAddress address) {
        if (EVERYWHERE.contains(address.address()) || !fits(address.address(), ADDRESS_LENGTH_MAX)) {
            throw new ConfigurationException(key, address.address(), "is an address that hosts can connect to, at most "
                    + ADDRESS_LENGTH_MAX + " printable ASCII characters");
        }
        if (address.type() == TransportType.TCP && !isTcpPort(address.serviceId())) {
            throw new ConfigurationException("service id of " + key, '"' + address.serviceId() + '"',
                    "from 1 to " + TCP_PORT_MAX);
        }
        if (!fits(address.serviceId(), SERVICE_ID_LENGTH_MAX)) {
            throw new ConfigurationException("service id of " + key, '"' + address.serviceId() + '"',
                    "are at most " + SERVICE_ID_LENGTH_MAX + " printable ASCII characters");
        }
    }

    private static boolean isTcpPort(String serviceId) {
        if (!serviceId.matches("[1-9][0-9]{0,4}")) {
            return false;
        }
        return Integer.parseInt(serviceId) <= TCP_PORT_MAX;
    }

    private static boolean fits(String text, int lengthMax) {
        return text.length() <= lengthMax && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }
}
