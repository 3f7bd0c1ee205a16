package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.LbaFormat;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nvmeof id-ns}. */
@Command(
        name = "id-ns",
        header = "show what a namespace is",
        description = """
                  Connects to a subsystem and prints the Identify Namespace data structure of a namespace,
                  field by field under the names of the specification, and its UUID.

                BACKGROUND
                  A namespace is what a host uses as a disk: nsze logical blocks, each of 2^lbads bytes of
                  the LBA format that is in use. dlfeat says what deallocated blocks read as (1: zeroes).""",
        footer = """
                    nvmeof id-ns -a 127.0.0.1
                    nvmeof id-ns -a 192.0.2.10 -n nqn.2026-01.com.example:disks --namespace-id 2 -o json""")
public final class IdNsCommand extends ControllerCommand {
    @Mixin
    private NamespaceOption namespace;

    @Mixin
    private OutputOptions output;

    @Override
    void check() {
        namespace.id();
    }

    @Override
    void run(HostController controller, PrintWriter out) {
        RemoteNamespace remote = HostSession.namespace(controller, namespace.id());
        IdentifyNamespace identify = remote.identify();
        Map<String, Object> fields = StructureView.fields(IdentifyNamespace.LAYOUT, identify.bytes());
        remote.descriptors().flatMap(descriptors -> descriptors.uuid())
                .ifPresent(uuid -> fields.put("uuid", uuid.toString()));
        List<Map<String, Object>> formats = new ArrayList<>();
        for (LbaFormat format : identify.lbaFormats()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("ms", format.metadataBytes());
            each.put("ds", format.dataSizeExponent());
            each.put("rp", format.relativePerformance());
            formats.add(each);
        }
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("lbafs", formats);
        output.print(out, all, writer -> {
            writer.println("NVME Identify Namespace " + remote.id() + ":");
            fields.forEach((name, value) -> writer.println(
                    String.format(Locale.ROOT, "%-8s: %s", name, StructureView.text(name, value))));
            for (int i = 0; i < formats.size(); i++) {
                Map<String, Object> format = formats.get(i);
                writer.println(String.format(Locale.ROOT, "lbaf %2d : ms:%-3d lbads:%-2d rp:%s%s", i, format.get("ms"),
                        format.get("ds"), format.get("rp"), i == identify.lbaFormatIndex() ? " (in use)" : ""));
            }
        });
    }
}
