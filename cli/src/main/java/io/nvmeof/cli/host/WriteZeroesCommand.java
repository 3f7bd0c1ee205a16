package io.nvmeof.cli.host;

import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nvmeof write-zeroes}. */
@Command(
        name = "write-zeroes",
        header = "make blocks read as zeroes",
        description = """
                  Connects to a subsystem and zeroes logical blocks without sending zeroes.

                BACKGROUND
                  With --deac the controller may give the storage of the blocks back; they read as zeroes
                  all the same.""",
        footer = """
                    nvmeof write-zeroes -a 127.0.0.1 --start-block 0 --data-size 1g --deac""")
public final class WriteZeroesCommand extends ControllerCommand {
    @Mixin
    private NamespaceOption namespace;

    @Mixin
    private BlockRange range;

    @Option(names = "--deac", description = "the storage of the blocks may be given back")
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
        HostSession.await(remote.writeZeroes(range.start(), count, deallocate));
        out.println("NVME Write Zeroes Success");
    }
}
