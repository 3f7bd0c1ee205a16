package io.nvmeof.cli.host;

import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nvmeof dsm}. */
@Command(
        name = "dsm",
        header = "deallocate blocks (TRIM)",
        description = """
                  Connects to a subsystem and says that the content of blocks is no longer needed.

                BACKGROUND
                  Dataset Management with Deallocate is what Linux sends for discard. What the blocks read
                  as afterwards is dlfeat in id-ns; 1 means zeroes.""",
        footer = """
                    nvmeof dsm -a 127.0.0.1 --ad --start-block 0 --data-size 1g""")
public final class DsmCommand extends ControllerCommand {
    @Mixin
    private NamespaceOption namespace;

    @Mixin
    private BlockRange range;

    @Option(names = "--ad", required = true, description = "deallocate; the only attribute there is here")
    private boolean deallocate;

    @Override
    void check() {
        namespace.id();
        range.check();
    }

    @Override
    void run(HostController controller, PrintWriter out) {
        RemoteNamespace remote = HostSession.namespace(controller, namespace.id());
        long count = range.blocks(remote, range.bytes(remote));
        HostSession.await(remote.deallocate(range.start(), count));
        out.println("NVMe DSM: success");
    }
}
