package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.AnaLog;
import io.nvmeof.protocol.admin.CommandsSupportedAndEffectsLog;
import io.nvmeof.protocol.admin.FirmwareSlotLog;
import io.nvmeof.protocol.admin.LogPageIdentifier;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.admin.ReservationNotificationLog;
import io.nvmeof.protocol.admin.SmartLog;
import io.nvmeof.protocol.admin.SupportedLogPages;
import io.nvmeof.protocol.layout.WireLayouts;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.target.NamespaceConfiguration;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;

/** The log pages, made whole when a host asks for a part of one (NVMe Base 2.1, 5.1.12). */
final class LogPages {
    private static final SupportedLogPages SUPPORTED = SupportedLogPages.of(
            LogPageIdentifier.SUPPORTED_LOG_PAGES,
            LogPageIdentifier.ERROR_INFORMATION,
            LogPageIdentifier.SMART_HEALTH_INFORMATION,
            LogPageIdentifier.FIRMWARE_SLOT_INFORMATION,
            LogPageIdentifier.CHANGED_ATTACHED_NAMESPACE_LIST,
            LogPageIdentifier.COMMANDS_SUPPORTED_AND_EFFECTS,
            LogPageIdentifier.ASYMMETRIC_NAMESPACE_ACCESS,
            LogPageIdentifier.RESERVATION_NOTIFICATION,
            LogPageIdentifier.FEATURE_IDENTIFIERS_SUPPORTED_AND_EFFECTS,
            LogPageIdentifier.NVME_MI_COMMANDS_SUPPORTED_AND_EFFECTS);
    private static final SupportedLogPages DISCOVERY_SUPPORTED = SupportedLogPages.of(
            LogPageIdentifier.SUPPORTED_LOG_PAGES,
            LogPageIdentifier.ERROR_INFORMATION,
            LogPageIdentifier.COMMANDS_SUPPORTED_AND_EFFECTS,
            LogPageIdentifier.FEATURE_IDENTIFIERS_SUPPORTED_AND_EFFECTS,
            LogPageIdentifier.NVME_MI_COMMANDS_SUPPORTED_AND_EFFECTS,
            LogPageIdentifier.DISCOVERY);
    /** The highest Command Set Identifier that stands for something. */
    private static final int COMMAND_SET_MAX = 4;
    private static final CommandsSupportedAndEffectsLog EFFECTS_PAGE = effects();
    private static final CommandsSupportedAndEffectsLog ADMIN_EFFECTS_PAGE = adminEffects().build();
    private static final CommandsSupportedAndEffectsLog DISCOVERY_EFFECTS_PAGE = discoveryEffects();
    private static final FirmwareSlotLog FIRMWARE_PAGE =
            new FirmwareSlotLog(1, 0, List.of(IdentifyPages.FIRMWARE_REVISION));
    /** No NVMe-MI command comes through NVMe-MI Send and Receive, which there are not. */
    private static final MemorySegment MANAGEMENT_PAGE = MemorySegment.ofArray(new byte[4096]).asReadOnly();
    /** SMART counts data in thousands of 512 bytes, rounded up. */
    private static final long DATA_UNIT_BYTES = 512_000;
    /** RGO, of the ANA log page. */
    private static final int RETURN_GROUPS_ONLY = 1;
    private static final int ALL_SPARE_PERCENT = 100;
    private static final long NANOS_PER_MINUTE = 60_000_000_000L;
    private static final long NANOS_PER_HOUR = 60 * NANOS_PER_MINUTE;

    private static final int ANA_PAGE_BYTES = AnaLog.size(NamespaceConfiguration.ANA_GROUP_MAX,
            NamespaceConfiguration.ID_MAX);

    private LogPages() {}

    private static SupportedLogPages supported(Controller controller) {
        return switch (controller) {
            case IoController io -> SUPPORTED;
            case DiscoveryController discovery -> DISCOVERY_SUPPORTED;
        };
    }

    static boolean supported(Controller controller, LogPageIdentifier logPage) {
        return logPage != null && supported(controller).supports(logPage);
    }

    /**
     * Whether there is a page for a Command Set Identifier. The effects of commands can be asked for of every command
     * set: those that are not supported have no command.
     */
    static boolean supportsCommandSet(LogPageIdentifier logPage, int commandSet) {
        return logPage != LogPageIdentifier.COMMANDS_SUPPORTED_AND_EFFECTS || commandSet <= COMMAND_SET_MAX;
    }

    /**
     * A whole page; it must be {@link #supported}.
     *
     * @param specific LSP, the Log Specific Parameter
     * @param commandSet the Command Set Identifier, which means something for the effects of commands
     */
    static MemorySegment page(Controller controller, LogPageIdentifier logPage, int specific, int commandSet) {
        return switch (logPage) {
            case SUPPORTED_LOG_PAGES -> supported(controller).bytes();
            case ERROR_INFORMATION -> controller.errorLog().page();
            case FEATURE_IDENTIFIERS_SUPPORTED_AND_EFFECTS -> FeatureTable.logPage(controller);
            case NVME_MI_COMMANDS_SUPPORTED_AND_EFFECTS -> MANAGEMENT_PAGE;
            default -> switch (controller) {
                case IoController io -> ioPage(io, logPage, specific, commandSet);
                // The discovery log page itself has a handler of its own.
                case DiscoveryController discovery -> DISCOVERY_EFFECTS_PAGE.bytes();
            };
        };
    }

    private static MemorySegment ana(IoController controller, boolean groupsOnly) {
        AnaLog all = controller.anaGroups().page();
        AnaLog log = groupsOnly ? all.withoutNamespaces() : all;
        // As long as it may ever be: hosts read it in pieces up to that length, whatever it holds.
        MemorySegment page = MemorySegment.ofArray(new byte[ANA_PAGE_BYTES]);
        log.encode(page, 0);
        return page;
    }

    private static MemorySegment ioPage(IoController controller, LogPageIdentifier logPage, int specific,
            int commandSet) {
        return switch (logPage) {
            case SMART_HEALTH_INFORMATION -> smart(controller).bytes();
            case FIRMWARE_SLOT_INFORMATION -> {
                MemorySegment page = MemorySegment.ofArray(new byte[FirmwareSlotLog.SIZE]);
                FIRMWARE_PAGE.encode(page, 0);
                yield page;
            }
            case CHANGED_ATTACHED_NAMESPACE_LIST -> {
                MemorySegment page = MemorySegment.ofArray(new byte[NamespaceList.SIZE]);
                NamespaceList.of(controller.changedNamespaces()).encode(page, 0);
                yield page;
            }
            case ASYMMETRIC_NAMESPACE_ACCESS -> ana(controller, (specific & RETURN_GROUPS_ONLY) != 0);
            case COMMANDS_SUPPORTED_AND_EFFECTS ->
                effects(controller, commandSet == 0 ? EFFECTS_PAGE : ADMIN_EFFECTS_PAGE);
            case RESERVATION_NOTIFICATION -> {
                MemorySegment page = MemorySegment.ofArray(new byte[ReservationNotificationLog.SIZE]);
                controller.reservationNotifications().page().encode(page, 0);
                yield page;
            }
            default -> throw new IllegalStateException("no such log page: " + logPage);
        };
    }

    /** What hosts did to this subsystem; the rest is what a device says that never ages. */
    private static SmartLog smart(IoController controller) {
        long now = controller.loop().nanoTime();
        Subsystem subsystem = controller.subsystem();
        Health.Totals totals = subsystem.health().totals(subsystem.counters(), now);
        return SmartLog.builder()
                .criticalWarning(criticalWarning(controller, now))
                .temperatureKelvin(TargetLimits.TEMPERATURE_KELVIN)
                .availableSparePercent(ALL_SPARE_PERCENT)
                .dataUnitsRead(Math.ceilDiv(totals.readBytes(), DATA_UNIT_BYTES))
                .dataUnitsWritten(Math.ceilDiv(totals.writeBytes(), DATA_UNIT_BYTES))
                .hostReadCommands(totals.readCommands())
                .hostWriteCommands(totals.writeCommands())
                .controllerBusyMinutes(totals.busyNanos() / NANOS_PER_MINUTE)
                .powerCycles(totals.powerCycles())
                .powerOnHours(totals.powerOnNanos() / NANOS_PER_HOUR)
                .unsafeShutdowns(totals.unsafeShutdowns())
                .mediaErrors(totals.mediaErrors())
                .errorLogEntries(controller.errorLog().errorCount())
                .build();
    }

    private static int criticalWarning(IoController controller, long now) {
        List<Namespace> namespaces = controller.subsystem().namespaces().namespaces();
        // Only what the storage itself refuses to write: a write-protected namespace is no failing medium.
        boolean readOnly = !namespaces.isEmpty()
                && namespaces.stream().allMatch(namespace -> namespace.capabilities().readOnly());
        return (readOnly ? SmartLog.WARNING_READ_ONLY : 0)
                | (controller.subsystem().health().degraded(now) ? SmartLog.WARNING_RELIABILITY : 0)
                | (controller.features().temperatureBeyondThreshold() ? SmartLog.WARNING_TEMPERATURE : 0);
    }

    /** The page with the commands of the program around the target, if it has some. */
    private static MemorySegment effects(IoController controller, CommandsSupportedAndEffectsLog known) {
        Set<Integer> vendorOpcodes = controller.subsystem().configuration().vendorCommands().keySet();
        if (vendorOpcodes.isEmpty()) {
            return known.bytes();
        }
        MemorySegment page = MemorySegment.ofArray(known.bytes().toArray(ValueLayout.JAVA_BYTE));
        for (int opcode : vendorOpcodes) {
            page.set(WireLayouts.LE32, (long) opcode * Integer.BYTES, CommandsSupportedAndEffectsLog.SUPPORTED
                    | CommandsSupportedAndEffectsLog.SCOPE_CONTROLLER);
        }
        return page;
    }

    private static CommandsSupportedAndEffectsLog.Builder adminEffects() {
        CommandsSupportedAndEffectsLog.Builder builder = CommandsSupportedAndEffectsLog.builder();
        for (AdminOpcode opcode : List.of(AdminOpcode.GET_LOG_PAGE, AdminOpcode.IDENTIFY, AdminOpcode.ABORT,
                AdminOpcode.SET_FEATURES, AdminOpcode.GET_FEATURES, AdminOpcode.ASYNCHRONOUS_EVENT_REQUEST,
                AdminOpcode.KEEP_ALIVE)) {
            builder.adminCommand(opcode.code(), CommandsSupportedAndEffectsLog.SCOPE_CONTROLLER);
        }
        return builder;
    }

    private static CommandsSupportedAndEffectsLog discoveryEffects() {
        CommandsSupportedAndEffectsLog.Builder builder = CommandsSupportedAndEffectsLog.builder();
        for (AdminOpcode opcode : List.of(AdminOpcode.GET_LOG_PAGE, AdminOpcode.IDENTIFY, AdminOpcode.SET_FEATURES,
                AdminOpcode.GET_FEATURES, AdminOpcode.ASYNCHRONOUS_EVENT_REQUEST, AdminOpcode.KEEP_ALIVE)) {
            builder.adminCommand(opcode.code(), CommandsSupportedAndEffectsLog.SCOPE_CONTROLLER);
        }
        return builder.build();
    }

    private static CommandsSupportedAndEffectsLog effects() {
        CommandsSupportedAndEffectsLog.Builder builder = adminEffects();
        for (NvmOpcode opcode : List.of(NvmOpcode.FLUSH, NvmOpcode.READ, NvmOpcode.COMPARE, NvmOpcode.VERIFY,
                NvmOpcode.RESERVATION_REGISTER, NvmOpcode.RESERVATION_REPORT, NvmOpcode.RESERVATION_ACQUIRE,
                NvmOpcode.RESERVATION_RELEASE)) {
            builder.ioCommand(opcode.code(), CommandsSupportedAndEffectsLog.SCOPE_NAMESPACE);
        }
        for (NvmOpcode opcode : List.of(NvmOpcode.WRITE, NvmOpcode.WRITE_ZEROES, NvmOpcode.DATASET_MANAGEMENT,
                NvmOpcode.WRITE_UNCORRECTABLE, NvmOpcode.COPY)) {
            builder.ioCommand(opcode.code(), CommandsSupportedAndEffectsLog.LOGICAL_BLOCK_CONTENT_CHANGE
                    | CommandsSupportedAndEffectsLog.SCOPE_NAMESPACE);
        }
        return builder.build();
    }
}
