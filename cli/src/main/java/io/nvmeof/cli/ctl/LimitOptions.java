package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** A limit. */
public final class LimitOptions {
    @Option(names = "--iops", paramLabel = "N", description = "commands in a second; default no limit")
    private Long iops;

    @Option(names = "--bytes-per-second", paramLabel = "SIZE",
            description = "bytes in a second, both ways together, as 100m; default no limit")
    private String bytesPerSecond;

    @Option(names = "--burst-millis", paramLabel = "MS",
            description = "how much may be saved up while idle, as a time at the full rate; default 100")
    private Integer burstMillis;

    ObjectNode body() {
        ObjectNode body = ControlCommand.body();
        if (iops != null) {
            body.put("iops", iops);
        }
        if (bytesPerSecond != null) {
            body.put("bytes-per-second", bytesPerSecond);
        }
        if (burstMillis != null) {
            body.put("burst-millis", burstMillis);
        }
        return body;
    }
}
