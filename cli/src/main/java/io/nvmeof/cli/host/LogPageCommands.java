package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.PassthroughCommand;
import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.AnaGroupDescriptor;
import io.nvmeof.protocol.admin.AnaLog;
import io.nvmeof.protocol.admin.CommandsSupportedAndEffectsLog;
import io.nvmeof.protocol.admin.ErrorInformationLogEntry;
import io.nvmeof.protocol.admin.LogPageIdentifier;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.admin.ReservationNotificationLog;
import io.nvmeof.protocol.admin.SupportedLogPages;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.StatusCode;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands that show one log page each, under nvme-cli's names. */
public final class LogPageCommands {
    private static final int ALL_NAMESPACES = -1;
    private static final int LOG_BYTES_MAX = 1 << 20;
    private static final int CODES = 256;

    private LogPageCommands() {}

    /** A command that reads a log page and prints it. */
    abstract static class OfLogPage extends ControllerCommand {
        @Mixin
        private OutputOptions output;

        OutputOptions output() {
            return output;
        }

        static MemorySegment read(HostController controller, LogPageIdentifier page, int length) {
            return HostSession.await(controller.logPage(page.code(), ALL_NAMESPACES, 0, length));
        }
    }

    /** {@code nvmeof error-log}. */
    @Command(name = "error-log", header = "show the last commands that failed, and why",
            description = """
                  Connects to a subsystem and prints the Error Information log page, the newest entry first.

                BACKGROUND
                  A controller keeps an entry for each command that it refused: its queue and identifier,
                  the status, and where in the command the mistake is (parm_err_loc: byte, and bit above).
                  Our target keeps them beyond the end of the connection.""",
            footer = """
                    nvmeof error-log -a 127.0.0.1
                    nvmeof error-log -a 127.0.0.1 -e 4 -o json""")
    public static final class ErrorLogCommand extends OfLogPage {
        private static final int ELPE = 262;

        @Option(names = {"-e", "--log-entries"}, paramLabel = "N", defaultValue = "64",
                description = "how many entries; default ${DEFAULT-VALUE}")
        private int entries;

        @Override
        void check() {
            if (entries < 1 || entries > CODES) {
                throw CommandFailure.usage("--log-entries: " + entries + "; allowed: from 1 to " + CODES);
            }
        }

        @Override
        void run(HostController controller, PrintWriter out) {
            int there = 1 + Byte.toUnsignedInt(controller.identify().bytes().get(
                    ValueLayout.JAVA_BYTE, ELPE));
            int count = Math.min(entries, there);
            MemorySegment page = read(controller, LogPageIdentifier.ERROR_INFORMATION,
                    count * ErrorInformationLogEntry.SIZE);
            List<Map<String, Object>> errors = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                errors.add(fields(ErrorInformationLogEntry.decode(page, (long) i * ErrorInformationLogEntry.SIZE)));
            }
            output().print(out, Map.of("errors", errors), writer -> {
                writer.println("Error Log Entries entries:" + count);
                for (int i = 0; i < count; i++) {
                    writer.println(".................");
                    writer.println(String.format(Locale.ROOT, " Entry[%2d]", i));
                    writer.println(".................");
                    errors.get(i).forEach((name, value) -> writer.println(
                            String.format(Locale.ROOT, "%-16s: %s", name, value)));
                }
                writer.println(".................");
            });
        }

        private static Map<String, Object> fields(ErrorInformationLogEntry entry) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("error_count", entry.errorCount());
            fields.put("sqid", entry.submissionQueueId());
            fields.put("cmdid", "0x" + Integer.toHexString(entry.commandId()));
            fields.put("status_field", String.format(Locale.ROOT, "0x%x(%s)", entry.statusField() >>> 1,
                    StatusCode.ofField(entry.statusField()).description()));
            fields.put("phase_tag", entry.statusField() & 1);
            fields.put("parm_err_loc", "0x" + Integer.toHexString(entry.parameterErrorLocation()));
            fields.put("lba", "0x" + Long.toHexString(entry.lba()));
            fields.put("nsid", "0x" + Integer.toHexString(entry.namespaceId()));
            fields.put("vs", entry.vendorSpecificLogPage());
            fields.put("trtype", entry.transportType());
            fields.put("csi", entry.commandSetIdentifier());
            fields.put("opcode", "0x" + Integer.toHexString(entry.opcode()));
            fields.put("cs", "0x" + Long.toHexString(entry.commandSpecificInformation()));
            fields.put("trtype_spec_info", "0x" + Integer.toHexString(entry.transportSpecificInformation()));
            return fields;
        }
    }

    /** {@code nvmeof ana-log}. */
    @Command(name = "ana-log", header = "show which namespaces can be used on this path, and how well",
            description = """
                  Connects to a subsystem and prints the Asymmetric Namespace Access log page.

                BACKGROUND
                  Namespaces belong to ANA groups; for each group a controller has a state: optimized,
                  non-optimized (another path is better), inaccessible, persistent-loss, change. A host with
                  several paths uses those whose state is best.""",
            footer = """
                    nvmeof ana-log -a 127.0.0.1""")
    public static final class AnaLogCommand extends OfLogPage {
        private static final int NANAGRPID = 348;
        private static final int NN = 516;
        private static final int RETURN_GROUPS_ONLY = 1 << 8;

        @Option(names = "--groups", description = "the states only, not which namespaces are in the groups")
        private boolean groupsOnly;

        /** In one command: what begins beyond the end of the page would be refused, and only it says where that is. */
        private MemorySegment read(HostController controller, int length) {
            MemorySegment page = Arena.ofAuto().allocate(length, 4096);
            int dwordsZeroBased = length / Integer.BYTES - 1;
            HostSession.await(controller.adminCommand(PassthroughCommand.of(AdminOpcode.GET_LOG_PAGE.code())
                    .namespaceId(ALL_NAMESPACES)
                    .dword(10, LogPageIdentifier.ASYMMETRIC_NAMESPACE_ACCESS.code() | dwordsZeroBased << 16
                            | (groupsOnly ? RETURN_GROUPS_ONLY : 0))
                    .dword(11, dwordsZeroBased >>> 16).dataIn(page).named("Get Log Page 0Ch")));
            return page;
        }

        @Override
        void run(HostController controller, PrintWriter out) {
            MemorySegment identify = controller.identify().bytes();
            long groups = Integer.toUnsignedLong(StructureView.int32(identify, NANAGRPID));
            long namespaces = Integer.toUnsignedLong(StructureView.int32(identify, NN));
            long longest = AnaLog.HEADER_SIZE + groups * AnaGroupDescriptor.HEADER_SIZE + namespaces * Integer.BYTES;
            int length = (int) Math.min(longest, Math.min(LOG_BYTES_MAX, controller.transferBytesMax()));
            AnaLog log = AnaLog.decode(read(controller, length), 0, length);
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("chgcnt", log.changeCount());
            all.put("ngrps", log.groups().size());
            all.put("ANA DESC LIST", log.groups().stream().map(AnaLogCommand::fields).toList());
            output().print(out, all, writer -> {
                writer.println("ANA LOG HEADER :-");
                writer.println("chgcnt\t:\t" + log.changeCount());
                writer.println("ngrps\t:\t" + log.groups().size());
                writer.println("ANA Log Desc :-");
                for (AnaGroupDescriptor group : log.groups()) {
                    fields(group).forEach((name, value) -> {
                        if (!name.equals("NSIDS")) {
                            writer.println(name + "\t:\t" + value);
                        }
                    });
                    for (int id : group.namespaces().namespaceIds()) {
                        writer.println("\tnsid\t:\t" + Integer.toUnsignedString(id));
                    }
                    writer.println();
                }
            });
        }

        private static Map<String, Object> fields(AnaGroupDescriptor group) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("grpid", group.groupId());
            fields.put("nnsids", group.namespaces().namespaceIds().length);
            fields.put("chgcnt", group.changeCount());
            fields.put("state", group.state() == null ? "invalid state"
                    : group.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            fields.put("NSIDS", Arrays.stream(group.namespaces().namespaceIds()).boxed().toList());
            return fields;
        }
    }

    /** {@code nvmeof changed-ns-list-log}. */
    @Command(name = "changed-ns-list-log", header = "show which namespaces have changed",
            description = """
                  Connects to a subsystem and prints the Changed Attached Namespace List.

                BACKGROUND
                  A controller notes the namespaces that were added, removed or changed since its host read
                  this list. A new connection begins with an empty one.""",
            footer = """
                    nvmeof changed-ns-list-log -a 127.0.0.1""")
    public static final class ChangedNsListLogCommand extends OfLogPage {
        @Override
        void run(HostController controller, PrintWriter out) {
            int[] ids = NamespaceList.decode(read(controller, LogPageIdentifier.CHANGED_ATTACHED_NAMESPACE_LIST,
                    NamespaceList.SIZE), 0).namespaceIds();
            output().print(out, Map.of("Changed Namespace List", Arrays.stream(ids).boxed().toList()), writer -> {
                if (ids.length == 1 && ids[0] == NamespaceList.TOO_MANY_CHANGED) {
                    writer.println("more than " + NamespaceList.MAX_ENTRIES + " ns changed");
                    return;
                }
                for (int i = 0; i < ids.length; i++) {
                    writer.println(String.format(Locale.ROOT, "[%4d]:0x%x", i, ids[i]));
                }
            });
        }
    }

    /** {@code nvmeof resv-notif-log}. */
    @Command(name = "resv-notif-log", header = "show what happened to reservations",
            description = """
                  Connects to a subsystem and prints the oldest entry of the Reservation Notification log,
                  which is gone from it then.

                BACKGROUND
                  A host that is registered is told when its registration was preempted, when a reservation
                  was released, and when one was preempted.""",
            footer = """
                    nvmeof resv-notif-log -a 127.0.0.1""")
    public static final class ResvNotifLogCommand extends OfLogPage {
        private static final List<String> TYPES = List.of("Empty Log Page", "Registration Preempted",
                "Reservation Released", "Reservation Preempted");

        @Override
        void run(HostController controller, PrintWriter out) {
            ReservationNotificationLog log = ReservationNotificationLog.decode(read(controller,
                    LogPageIdentifier.RESERVATION_NOTIFICATION, ReservationNotificationLog.SIZE), 0);
            String type = log.type() < TYPES.size() ? TYPES.get(log.type()) : "Unknown";
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("count", log.count());
            fields.put("rn_log_type", log.type());
            fields.put("rn_log_type_desc", type);
            fields.put("num_logs", log.availablePages());
            fields.put("NSID", log.namespaceId());
            output().print(out, fields, writer -> {
                writer.println("Log Page Count             : " + Long.toHexString(log.count()));
                writer.println("Resv Notif Log Page Type   : " + log.type() + " (" + type + ")");
                writer.println("Num of Available Log Pages : " + log.availablePages());
                writer.println("Namespace ID               : " + Integer.toHexString(log.namespaceId()));
            });
        }
    }

    /** {@code nvmeof supported-log-pages}. */
    @Command(name = "supported-log-pages", header = "show which log pages there are",
            description = """
                  Connects to a subsystem and prints the identifiers of the log pages it supports.

                BACKGROUND
                  nvmeof get-log reads any of them.""",
            footer = """
                    nvmeof supported-log-pages -a 127.0.0.1""")
    public static final class SupportedLogPagesCommand extends OfLogPage {
        @Override
        void run(HostController controller, PrintWriter out) {
            SupportedLogPages pages = SupportedLogPages.decode(read(controller,
                    LogPageIdentifier.SUPPORTED_LOG_PAGES, SupportedLogPages.SIZE), 0);
            Map<String, Object> supported = new LinkedHashMap<>();
            for (int id = 0; id < CODES; id++) {
                if ((pages.flags(id) & SupportedLogPages.SUPPORTED) != 0) {
                    LogPageIdentifier known = LogPageIdentifier.ofCode(id);
                    supported.put("0x" + Integer.toHexString(id), known == null ? "Unknown" : words(known));
                }
            }
            output().print(out, supported, writer -> {
                writer.println("Support Log Pages Details:");
                supported.forEach((id, name) -> writer.println("LID " + id + " - " + name));
            });
        }
    }

    /** {@code nvmeof effects-log}. */
    @Command(name = "effects-log", header = "show which commands there are, and what they change",
            description = """
                  Connects to a subsystem and prints the Commands Supported and Effects log page.

                BACKGROUND
                  Bit 0: the command is supported; bit 1: it may change blocks. ACS are admin commands,
                  IOCS the commands of I/O queues.""",
            footer = """
                    nvmeof effects-log -a 127.0.0.1""")
    public static final class EffectsLogCommand extends OfLogPage {
        @Override
        void run(HostController controller, PrintWriter out) {
            CommandsSupportedAndEffectsLog log = CommandsSupportedAndEffectsLog.decode(read(controller,
                    LogPageIdentifier.COMMANDS_SUPPORTED_AND_EFFECTS, CommandsSupportedAndEffectsLog.SIZE), 0);
            Map<String, Object> admin = new LinkedHashMap<>();
            Map<String, Object> io = new LinkedHashMap<>();
            List<String> adminLines = new ArrayList<>();
            List<String> ioLines = new ArrayList<>();
            for (int opcode = 0; opcode < CODES; opcode++) {
                AdminOpcode adminName = AdminOpcode.ofCode(opcode);
                NvmOpcode ioName = NvmOpcode.ofCode(opcode);
                add("ACS", opcode, adminName, log.adminCommand(opcode), admin, adminLines);
                add("IOCS", opcode, ioName, log.ioCommand(opcode), io, ioLines);
            }
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("admin_cmd_set", admin);
            all.put("io_cmd_set", io);
            output().print(out, all, writer -> {
                writer.println("NVM Command Set Log Page");
                writer.println("-".repeat(80));
                writer.println("Admin Commands");
                adminLines.forEach(writer::println);
                writer.println();
                writer.println("I/O Commands");
                ioLines.forEach(writer::println);
            });
        }

        private static void add(String set, int opcode, Enum<?> name, int effects, Map<String, Object> fields,
                List<String> lines) {
            if ((effects & CommandsSupportedAndEffectsLog.SUPPORTED) != 0) {
                String key = set + "_" + opcode + " (" + (name == null ? "Unknown" : words(name)) + ")";
                fields.put(key, Integer.toUnsignedLong(effects));
                lines.add(String.format(Locale.ROOT, "%-9s[%-32s] %08x", set + opcode,
                        name == null ? "Unknown" : words(name), effects));
            }
        }
    }

    /** The words of a constant, as the specification writes them. */
    private static String words(Enum<?> constant) {
        StringBuilder text = new StringBuilder();
        for (String word : constant.name().split("_")) {
            text.append(text.isEmpty() ? "" : " ").append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }
}
