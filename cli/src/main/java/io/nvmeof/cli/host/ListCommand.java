package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.LoggingOptions;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nvmeof list}. */
@Command(
        name = "list",
        header = "list the namespaces of a target",
        description = """
                  Connects to every subsystem that a target offers at an address, or to the one named, and
                  lists their namespaces with size and use.

                BACKGROUND
                  A subsystem holds namespaces; a namespace is what a host uses as a disk. nvme-cli's list
                  shows the namespaces that the kernel is connected to; this one connects itself.""",
        footer = """
                    nvmeof list -a 127.0.0.1
                    nvmeof list -a 192.0.2.10 -n nqn.2026-01.com.example:disks -o json""")
public final class ListCommand implements Callable<Integer> {
    private static final String ROW = "%-24s %-20s %-24s %-6s %-23s %-14s %-8s";

    @Spec
    private CommandSpec spec;

    @Mixin
    private AddressOptions address;

    @Option(names = {"-n", "--nqn"}, paramLabel = "NQN", description = "only this subsystem")
    private String nqn;

    @Mixin
    private OutputOptions output;

    @Mixin
    private LoggingOptions logging;

    @Override
    public Integer call() {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (HostSession session = HostSession.open(address)) {
            if (nqn != null) {
                addNamespaces(session, address.address(), HostSession.nqn("--nqn", nqn), rows);
            } else {
                for (DiscoveryLogEntry entry : session.discover().entries()) {
                    if (entry.subsystemType() == DiscoveryLogEntry.SUBTYPE_NVM
                            && entry.transportType() == TransportType.TCP) {
                        addNamespaces(session, new TransportAddress(TransportType.TCP, entry.address(),
                                entry.serviceId()), NvmeQualifiedName.lenient(entry.subsystemNqn()), rows);
                    }
                }
            }
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("Devices", rows);
        output.print(spec.commandLine().getOut(), all, out -> print(out, rows));
        return 0;
    }

    private static void addNamespaces(HostSession session, TransportAddress address, NvmeQualifiedName subsystem,
            List<Map<String, Object>> rows) {
        HostController controller = session.connect(address, subsystem, 1, 32);
        IdentifyController identify = controller.identify();
        for (int id : HostSession.await(controller.namespaceIds())) {
            RemoteNamespace namespace = HostSession.await(controller.namespace(id));
            IdentifyNamespace structure = namespace.identify();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("Address", address.toString());
            row.put("SubsystemNQN", subsystem.toString());
            row.put("SerialNumber", identify.serialNumber());
            row.put("ModelNumber", identify.modelNumber());
            row.put("Firmware", identify.firmwareRevision());
            row.put("NameSpace", id);
            row.put("UUID", namespace.descriptors().flatMap(each -> each.uuid()).map(Object::toString).orElse(""));
            row.put("UsedBytes", structure.utilizationBlocks() * namespace.blockSizeBytes());
            row.put("MaximumLBA", namespace.blockCount());
            row.put("PhysicalSize", namespace.blockCount() * namespace.blockSizeBytes());
            row.put("SectorSize", namespace.blockSizeBytes());
            rows.add(row);
        }
    }

    private static void print(PrintWriter out, List<Map<String, Object>> rows) {
        Object last = null;
        for (Map<String, Object> row : rows) {
            if (!row.get("SubsystemNQN").equals(last)) {
                last = row.get("SubsystemNQN");
                out.println(last);
                out.println(line("Address", "SN", "Model", "NSID", "Usage", "Format", "FW Rev"));
                out.println(line("-".repeat(24), "-".repeat(20), "-".repeat(24), "-".repeat(6), "-".repeat(23),
                        "-".repeat(14), "-".repeat(8)));
            }
            out.println(line(row.get("Address"), row.get("SerialNumber"), row.get("ModelNumber"), row.get("NameSpace"),
                    ByteSize.format((long) row.get("UsedBytes")) + " / "
                    + ByteSize.format((long) row.get("PhysicalSize")),
                    ByteSize.format((int) row.get("SectorSize")), row.get("Firmware")));
        }
        if (rows.isEmpty()) {
            out.println("no namespaces");
        }
    }

    private static String line(Object... cells) {
        return String.format(Locale.ROOT, ROW, cells).stripTrailing();
    }
}
