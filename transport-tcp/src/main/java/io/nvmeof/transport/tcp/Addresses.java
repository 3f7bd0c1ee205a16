package io.nvmeof.transport.tcp;

import io.netty.util.NetUtil;
import io.nvmeof.protocol.transport.TransportAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/** Between the addresses of the specification and those of sockets. */
final class Addresses {
    private static final int PORT_MAX = 65_535;

    private Addresses() {}

    static TransportAddress of(SocketAddress address) {
        if (address instanceof InetSocketAddress internet && internet.getAddress() != null) {
            return TransportAddress.tcp(text(internet.getAddress()), internet.getPort());
        }
        // A socket whose peer was gone before anybody asked for its address.
        return TransportAddress.tcp("unknown", 0);
    }

    /** The address as numbers, in the short form of RFC 5952, with the scope where it means something. */
    private static String text(InetAddress address) {
        String numbers = NetUtil.toAddressString(address);
        return address instanceof Inet6Address scoped && scoped.isLinkLocalAddress() && scoped.getScopeId() != 0
                ? numbers + "%" + scoped.getScopeId() : numbers;
    }

    /**
     * The service identifier as a port.
     *
     * @throws IllegalArgumentException if it is not a port number of at least {@code least}
     */
    static int port(TransportAddress address, int least) {
        int port;
        try {
            port = address.port();
        } catch (NumberFormatException notNumber) {
            port = -1;
        }
        if (port < least || port > PORT_MAX) {
            throw new IllegalArgumentException("transport service identifier '" + address.serviceId()
                    + "' of " + address + ": allowed are ports from " + least + " to " + PORT_MAX);
        }
        return port;
    }

    /** The address, if it is written as numbers; {@code null} if it is a name, which takes time to resolve. */
    static InetAddress literal(String address) {
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    /** All addresses of a name, or of the numbers; may block. */
    static InetAddress[] resolve(String address) throws UnknownHostException {
        InetAddress literal = literal(address);
        return literal == null ? InetAddress.getAllByName(address) : new InetAddress[] {literal};
    }
}
