package io.nvmeof.cli.host;

import io.nvmeof.initiator.HostController;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nvmeof flush}. */
@Command(
        name = "flush",
        header = "make completed writes survive a loss of power",
        description = """
                  Connects to a subsystem and sends Flush for a namespace.

                BACKGROUND
                  Flush covers every write that completed before, of any host and queue. A controller
                  without a volatile write cache (vwc 0 in id-ctrl) has nothing to do.""",
        footer = """
                    nvmeof flush -a 127.0.0.1""")
public final class FlushCommand extends ControllerCommand {
    @Mixin
    private NamespaceOption namespace;

    @Override
    void check() {
        namespace.id();
    }

    @Override
    void run(HostController controller, PrintWriter out) {
        HostSession.await(HostSession.namespace(controller, namespace.id()).flush());
        out.println("NVMe Flush: success");
    }
}
