package io.nvmeof.cli.serve;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a host writes to reach an address that is listened on. */
final class ReachableAddresses {
    private ReachableAddresses() {}

    /** The address itself; for a wildcard, every address of this machine, those that other machines reach first. */
    static List<String> of(String listened) {
        if (!listened.equals("0.0.0.0") && !listened.equals("::") && !listened.equals("0:0:0:0:0:0:0:0")) {
            return List.of(listened);
        }
        List<String> remote = new ArrayList<>();
        List<String> local = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(each.getInetAddresses())) {
                    if (address.isLinkLocalAddress() || listened.equals("0.0.0.0") && address.getAddress().length > 4) {
                        continue;
                    }
                    (address.isLoopbackAddress() ? local : remote).add(withoutScope(address));
                }
            }
        } catch (SocketException e) {
            return List.of(listened);
        }
        List<String> first = remote.isEmpty() ? local : remote;
        return first.isEmpty() ? List.of(listened) : first;
    }

    /** Java appends the interface to every IPv6 address; only link-local ones need it, and none of those is here. */
    private static String withoutScope(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }
}
