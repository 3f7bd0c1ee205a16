package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.UuidText;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.transport.tcp.TcpEngine;
import java.util.UUID;
import picocli.CommandLine.Option;

/** Options of every command that connects: where to, and as whom. */
public final class AddressOptions {
    private static final int PORT_MAX = 65_535;

    @Option(names = {"-t", "--transport"}, paramLabel = "TYPE", defaultValue = "tcp", description = "tcp")
    private String transport = "tcp";

    @Option(names = {"-a", "--traddr"}, paramLabel = "ADDRESS", required = true,
            description = "the target's address: IPv4, IPv6 or a name")
    private String traddr;

    @Option(names = {"-s", "--trsvcid"}, paramLabel = "PORT", defaultValue = "4420",
            description = "the target's port; default ${DEFAULT-VALUE}")
    private int trsvcid;

    @Option(names = {"-q", "--hostnqn"}, paramLabel = "NQN",
            description = "this host's name; default that of /etc/nvme/hostnqn, or one made of this machine's id")
    private String hostnqn;

    @Option(names = {"-I", "--hostid"}, paramLabel = "UUID", converter = UuidText.class,
            description = "this host's identifier; default that of /etc/nvme/hostid, or one made of this machine's id")
    private UUID hostid;

    @Option(names = {"-g", "--hdr-digest"}, description = "protect PDU headers with CRC32C")
    private boolean headerDigest;

    @Option(names = {"-G", "--data-digest"}, description = "protect data with CRC32C")
    private boolean dataDigest;

    @Option(names = {"-k", "--keep-alive-tmo"}, paramLabel = "SECONDS", defaultValue = "5",
            description = "the target gives a silent host up after this time; default ${DEFAULT-VALUE}")
    private int keepAliveSeconds;

    @Option(names = "--engine", paramLabel = "ENGINE", defaultValue = "auto",
            description = "how sockets are driven: auto, io_uring, epoll or nio; default ${DEFAULT-VALUE}")
    private TcpEngine engine;

    TransportAddress address() {
        if (!transport.equals("tcp")) {
            throw CommandFailure.usage("--transport: " + transport + " is not supported; allowed: tcp");
        }
        if (trsvcid < 1 || trsvcid > PORT_MAX) {
            throw CommandFailure.usage("--trsvcid: " + trsvcid + " is not a port; allowed: from 1 to " + PORT_MAX);
        }
        return TransportAddress.tcp(traddr, trsvcid);
    }

    HostIdentity identity() {
        return HostIdentity.of(hostnqn, hostid);
    }

    boolean headerDigest() {
        return headerDigest;
    }

    boolean dataDigest() {
        return dataDigest;
    }

    int keepAliveTimeoutMillis() {
        if (keepAliveSeconds < 0 || keepAliveSeconds > 86_400) {
            throw CommandFailure.usage("--keep-alive-tmo: " + keepAliveSeconds + "; allowed: from 0 (never) to 86400");
        }
        return keepAliveSeconds * 1000;
    }

    TcpEngine engine() {
        return engine;
    }
}
