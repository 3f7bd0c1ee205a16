package io.nvmeof.cli.serve;

import io.nvmeof.protocol.transport.TransportAddress;

/**
 * An address and port to listen on, written as 127.0.0.1:4420, [::1]:4420 or name:4420.
 *
 * @param host without brackets
 * @param port 0 lets the system choose
 */
record ListenAddress(String host, int port) {
    static final int NVME_PORT = 4420;
    /** The port of discovery services. */
    static final int DISCOVERY_PORT = 8009;
    private static final int PORT_MAX = 65_535;
    private static final String ALLOWED = "allowed: ADDRESS:PORT, as 127.0.0.1:4420, 0.0.0.0:4420 or [::]:4420;"
            + " PORT from 0 (the system chooses) to " + PORT_MAX;

    /** This machine only. */
    static ListenAddress byDefault() {
        return new ListenAddress("127.0.0.1", NVME_PORT);
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    static ListenAddress parse(String text) {
        return parse(text, NVME_PORT);
    }

    /** As {@link #parse(String)}, with another port if none is written. */
    static ListenAddress parse(String text, int portByDefault) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        int hostEnd = bracketed ? text.indexOf(']') : colon < 0 ? text.length() : colon;
        boolean withPort = bracketed ? hostEnd >= 0 && hostEnd + 1 == colon : colon >= 0;
        String host = bracketed ? text.substring(1, Math.max(1, hostEnd)) : text.substring(0, hostEnd);
        if (host.isBlank() || !bracketed && host.indexOf(':') >= 0 || bracketed && !withPort && !text.endsWith("]")) {
            throw new IllegalArgumentException("\"" + text + "\" is no address to listen on; " + ALLOWED);
        }
        return new ListenAddress(host, withPort ? parsePort(text, text.substring(colon + 1)) : portByDefault);
    }

    private static int parsePort(String text, String digits) {
        if (digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) <= PORT_MAX) {
            return Integer.parseInt(digits);
        }
        throw new IllegalArgumentException("\"" + text + "\" has no valid port; " + ALLOWED);
    }

    /** The same for the target. */
    TransportAddress address() {
        return TransportAddress.tcp(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
