package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The error logs of the hosts of a subsystem. They outlive the hosts' controllers; when there are too many, the one
 * whose host connected longest ago is forgotten. Owned by the control loop.
 */
final class ErrorLogs {
    /** Hosts of a subsystem whose errors are remembered. */
    static final int HOST_COUNT_MAX = 256;

    private record Host(NvmeQualifiedName nqn, HostIdentifier identifier) {}

    private final Map<Host, ErrorLog> logs = new LinkedHashMap<>();

    /** The log of a host that connects. */
    ErrorLog of(ConnectData data) {
        Host host = new Host(data.hostNqn(), data.hostIdentifier());
        ErrorLog log = logs.remove(host);
        if (log == null) {
            log = new ErrorLog();
            if (logs.size() == HOST_COUNT_MAX) {
                logs.remove(logs.keySet().iterator().next());
            }
        }
        logs.put(host, log); // The newest is the last.
        return log;
    }
}
