package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.cli.shared.WholeNumber;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.PassthroughCommand;
import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.ControllerList;
import io.nvmeof.protocol.admin.IdentifyCns;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.IoCommandSetIndependentNamespace;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.admin.NamespaceList;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands that show one Identify structure each, under nvme-cli's names. */
public final class IdentifyCommands {
    private static final int BYTES = 4096;

    private IdentifyCommands() {}

    static MemorySegment identify(HostController controller, IdentifyCns cns, int namespaceId, int controllerId) {
        MemorySegment data = Arena.ofAuto().allocate(BYTES, BYTES);
        HostSession.await(controller.adminCommand(PassthroughCommand.of(AdminOpcode.IDENTIFY.code())
                .namespaceId(namespaceId).dword(10, controllerId << 16 | cns.code()).dataIn(data)
                .named("Identify, CNS " + String.format(Locale.ROOT, "%02Xh", cns.code()))));
        return data;
    }

    /** A command for one namespace. */
    abstract static class OfNamespace extends ControllerCommand {
        @Mixin
        private NamespaceOption namespace;

        @Mixin
        private OutputOptions output;

        @Override
        void check() {
            namespace.id();
        }

        int id() {
            return namespace.id();
        }

        void print(PrintWriter out, String title, Map<String, Object> fields) {
            output.print(out, fields, writer -> {
                writer.println(title + " " + id() + ":");
                fields.forEach((name, value) -> writer.println(
                        String.format(Locale.ROOT, "%-8s: %s", name, StructureView.text(name, value))));
            });
        }
    }

    /** {@code nvmeof list-ns}. */
    @Command(name = "list-ns", header = "list the identifiers of namespaces",
            description = """
                  Connects to a subsystem and prints the identifiers of the active namespaces above one, or
                  with --all of all that there are.

                BACKGROUND
                  A namespace is active if this host may use it; a subsystem may have others.""",
            footer = """
                    nvmeof list-ns -a 127.0.0.1
                    nvmeof list-ns -a 127.0.0.1 --all""")
    public static final class ListNsCommand extends ControllerCommand {
        @Option(names = "--namespace-id", paramLabel = "NSID", defaultValue = "1", converter = WholeNumber.class,
                description = "the lowest to list; default ${DEFAULT-VALUE}")
        private Long first;

        @Option(names = "--all", description = "also those that are not active")
        private boolean all;

        @Mixin
        private OutputOptions output;

        @Override
        void check() {
            if (first < 1 || first > 0xFFFF_FFFEL) {
                throw CommandFailure.usage("--namespace-id: " + first + "; allowed: from 1 to 0xfffffffe");
            }
        }

        @Override
        void run(HostController controller, PrintWriter out) {
            int[] ids = NamespaceList.decode(identify(controller, all ? IdentifyCns.ALLOCATED_NAMESPACE_LIST
                    : IdentifyCns.ACTIVE_NAMESPACE_LIST, (int) (first - 1), 0), 0).namespaceIds();
            List<Map<String, Object>> list = new ArrayList<>();
            for (int id : ids) {
                list.add(Map.of("nsid", Integer.toUnsignedLong(id)));
            }
            output.print(out, Map.of("nsid_list", list), writer -> {
                for (int i = 0; i < ids.length; i++) {
                    writer.println(String.format(Locale.ROOT, "[%4d]:0x%x", i, ids[i]));
                }
            });
        }
    }

    /** {@code nvmeof list-ctrl}. */
    @Command(name = "list-ctrl", header = "list the identifiers of controllers",
            description = """
                  Connects to a subsystem and prints the identifiers of its controllers, or with
                  --namespace-id of those that have a namespace attached.

                BACKGROUND
                  Every connection of a host has a controller of its own.""",
            footer = """
                    nvmeof list-ctrl -a 127.0.0.1""")
    public static final class ListCtrlCommand extends ControllerCommand {
        @Option(names = "--namespace-id", paramLabel = "NSID", converter = WholeNumber.class,
                description = "only those that have this namespace")
        private Long namespace;

        @Option(names = {"-c", "--cntid"}, paramLabel = "CNTLID", defaultValue = "0",
                description = "the lowest to list; default ${DEFAULT-VALUE}")
        private int first;

        @Mixin
        private OutputOptions output;

        @Override
        void check() {
            if (first < 0 || first > 0xFFFF) {
                throw CommandFailure.usage("--cntid: " + first + "; allowed: from 0 to 65535");
            }
        }

        @Override
        void run(HostController controller, PrintWriter out) {
            int[] ids = ControllerList.decode(identify(controller, namespace == null ? IdentifyCns.CONTROLLER_LIST
                    : IdentifyCns.NAMESPACE_CONTROLLER_LIST, namespace == null ? 0 : namespace.intValue(),
                    first), 0).controllerIds();
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("num_ctrl", ids.length);
            all.put("ctrls", Arrays.stream(ids).mapToObj(id -> Map.of("ctrl_id", id)).toList());
            output.print(out, all, writer -> {
                writer.println("num of ctrls present: " + ids.length);
                for (int i = 0; i < ids.length; i++) {
                    writer.println(String.format(Locale.ROOT, "[%4d]:0x%x", i, ids[i]));
                }
            });
        }
    }

    /** {@code nvmeof ns-descs}. */
    @Command(name = "ns-descs", header = "show the names of a namespace: EUI64, NGUID, UUID",
            description = """
                  Connects to a subsystem and prints the Namespace Identification Descriptors.

                BACKGROUND
                  By these names a host knows that two paths lead to one namespace, and finds it again.""",
            footer = """
                    nvmeof ns-descs -a 127.0.0.1 --namespace-id 1""")
    public static final class NsDescsCommand extends OfNamespace {
        @Override
        void run(HostController controller, PrintWriter out) {
            NamespaceIdentificationDescriptors descriptors = NamespaceIdentificationDescriptors.decode(identify(
                    controller, IdentifyCns.NAMESPACE_IDENTIFICATION_DESCRIPTORS, id(), 0), 0);
            Map<String, Object> fields = new LinkedHashMap<>();
            descriptors.eui64().ifPresent(bytes -> fields.put("eui64", HexFormat.of().formatHex(bytes)));
            descriptors.nguid().ifPresent(bytes -> fields.put("nguid", HexFormat.of().formatHex(bytes)));
            descriptors.uuid().ifPresent(uuid -> fields.put("uuid", uuid.toString()));
            descriptors.commandSetIdentifier().ifPresent(csi -> fields.put("csi", csi));
            print(out, "NVME Namespace Identification Descriptors NS", fields);
        }
    }

    /** {@code nvmeof cmdset-ind-id-ns}. */
    @Command(name = "cmdset-ind-id-ns", header = "show what a namespace is, whatever its command set",
            description = """
                  Connects to a subsystem and prints the I/O Command Set Independent Identify Namespace data
                  structure.

                BACKGROUND
                  nstat bit 0: the namespace is ready; nsattr bit 0: it is write protected; anagrpid: its ANA
                  group; nmic bit 0: it may be reached through several controllers.""",
            footer = """
                    nvmeof cmdset-ind-id-ns -a 127.0.0.1 --namespace-id 1""")
    public static final class CmdsetIndIdNsCommand extends OfNamespace {
        @Override
        void run(HostController controller, PrintWriter out) {
            print(out, "NVME Identify Command Set Independent Namespace",
                    StructureView.fields(IoCommandSetIndependentNamespace.LAYOUT, identify(controller,
                            IdentifyCns.IO_COMMAND_SET_INDEPENDENT_NAMESPACE, id(), 0)));
        }
    }

    /** {@code nvmeof nvm-id-ns}. */
    @Command(name = "nvm-id-ns", header = "show what the NVM command set adds about a namespace",
            description = """
                  Connects to a subsystem and prints the NVM Command Set Identify Namespace data structure.

                BACKGROUND
                  It is about protection information: which forms there are for each LBA format.""",
            footer = """
                    nvmeof nvm-id-ns -a 127.0.0.1 --namespace-id 1""")
    public static final class NvmIdNsCommand extends OfNamespace {
        private static final int PIC = 8;
        private static final int ELBAF = 12;
        private static final int STORAGE_TAG_SIZE_MASK = 0x7F;

        @Override
        void run(HostController controller, PrintWriter out) {
            IdentifyNamespace namespace = HostSession.namespace(controller, id()).identify();
            MemorySegment bytes = identify(controller, IdentifyCns.IO_COMMAND_SET_NAMESPACE, id(), 0);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("lbstm", "0x" + Long.toHexString(Integer.toUnsignedLong(StructureView.int32(bytes, 0))
                    | (long) StructureView.int32(bytes, Integer.BYTES) << Integer.SIZE));
            fields.put("pic", StructureView.int32(bytes, PIC) & 0xFF);
            for (int i = 0; i < namespace.lbaFormats().size(); i++) {
                int format = StructureView.int32(bytes, ELBAF + i * Integer.BYTES);
                fields.put("elbaf" + i, String.format(Locale.ROOT, "pif:%d sts:%d%s", format >>> 7 & 0x3,
                        format & STORAGE_TAG_SIZE_MASK, i == namespace.lbaFormatIndex() ? " (in use)" : ""));
            }
            print(out, "NVMe NVM Identify Namespace", fields);
        }
    }
}
