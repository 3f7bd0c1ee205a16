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
import io.nvmeof.protocol.nvm.NvmOpcode;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The log pages, made whole when a host asks for a part of one. */
final class LogPages {
    private static final LogPageIdentifier[] SUPPORTED = {
        LogPageIdentifier.SUPPORTED_LOG_PAGES,
        LogPageIdentifier.ERROR_INFORMATION,
        LogPageIdentifier.SMART_HEALTH_INFORMATION,
        LogPageIdentifier.FIRMWARE_SLOT_INFORMATION,
        LogPageIdentifier.CHANGED_ATTACHED_NAMESPACE_LIST,
        LogPageIdentifier.COMMANDS_SUPPORTED_AND_EFFECTS,
        LogPageIdentifier.ASYMMETRIC_NAMESPACE_ACCESS,
        LogPageIdentifier.RESERVATION_NOTIFICATION,
    };
    private static final SupportedLogPages SUPPORTED_PAGE = SupportedLogPages.of(SUPPORTED);
    private static final CommandsSupportedAndEffectsLog EFFECTS_PAGE = effects();
    private static final FirmwareSlotLog FIRMWARE_PAGE =
            new FirmwareSlotLog(1, 0, List.of(IdentifyPages.FIRMWARE_REVISION));
    /** SMART counts data in thousands of 512 bytes, rounded up. */
    private static final long DATA_UNIT_BYTES = 512_000;
    /** RGO, of the ANA log page. */
    private static final int RETURN_GROUPS_ONLY = 1;
    private static final int ROOM_TEMPERATURE_KELVIN = 298;
    private static final int ALL_SPARE_PERCENT = 100;

    private LogPages() {}

    static boolean supported(Controller controller, LogPageIdentifier logPage) {
        if (logPage == null) {
            return false;
        }
        return switch (controller) {
            case IoController io -> SUPPORTED_PAGE.supports(logPage);
            case DiscoveryController discovery -> logPage == LogPageIdentifier.DISCOVERY;
        };
    }

    /**
     * A whole page; it must be {@link #supported}.
     *
     * @param specific LSP, the Log Specific Parameter
     */
    static MemorySegment page(Controller controller, LogPageIdentifier logPage, int specific) {
        return switch (controller) {
            case IoController io -> logPage == LogPageIdentifier.ASYMMETRIC_NAMESPACE_ACCESS
                    ? ana(io, (specific & RETURN_GROUPS_ONLY) != 0) : page(io, logPage);
            case DiscoveryController discovery ->
                throw new IllegalStateException(logPage + " has a handler of its own");
        };
    }

    private static MemorySegment ana(IoController controller, boolean groupsOnly) {
        AnaLog all = controller.anaGroups().page();
        AnaLog log = groupsOnly ? all.withoutNamespaces() : all;
        MemorySegment page = MemorySegment.ofArray(new byte[log.size()]);
        log.encode(page, 0);
        return page;
    }

    private static MemorySegment page(IoController controller, LogPageIdentifier logPage) {
        return switch (logPage) {
            case SUPPORTED_LOG_PAGES -> SUPPORTED_PAGE.bytes();
            case ERROR_INFORMATION -> controller.errorLog().page();
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
            case COMMANDS_SUPPORTED_AND_EFFECTS -> EFFECTS_PAGE.bytes();
            case RESERVATION_NOTIFICATION -> {
                MemorySegment page = MemorySegment.ofArray(new byte[ReservationNotificationLog.SIZE]);
                controller.reservationNotifications().page().encode(page, 0);
                yield page;
            }
            default -> throw new IllegalStateException("no such log page: " + logPage);
        };
    }

    /** What hosts did to this subsystem since the target started; the rest is what a device says that never ages. */
    private static SmartLog smart(IoController controller) {
        long readBytes = 0;
        long readCommands = 0;
        long writeBytes = 0;
        long writeCommands = 0;
        long mediaErrors = 0;
        for (TransferCounters counters : controller.subsystem().counters()) {
            readBytes += counters.readBytes.get();
            readCommands += counters.readCommands.get();
            writeBytes += counters.writeBytes.get();
            writeCommands += counters.writeCommands.get();
            mediaErrors += counters.mediaErrors.get();
        }
        return SmartLog.builder()
                .temperatureKelvin(ROOM_TEMPERATURE_KELVIN)
                .availableSparePercent(ALL_SPARE_PERCENT)
                .dataUnitsRead(Math.ceilDiv(readBytes, DATA_UNIT_BYTES))
                .dataUnitsWritten(Math.ceilDiv(writeBytes, DATA_UNIT_BYTES))
                .hostReadCommands(readCommands)
                .hostWriteCommands(writeCommands)
                .mediaErrors(mediaErrors)
                .errorLogEntries(controller.errorLog().errorCount())
                .build();
    }

    private static CommandsSupportedAndEffectsLog effects() {
        CommandsSupportedAndEffectsLog.Builder builder = CommandsSupportedAndEffectsLog.builder();
        for (AdminOpcode opcode : List.of(AdminOpcode.GET_LOG_PAGE, AdminOpcode.IDENTIFY, AdminOpcode.ABORT,
                AdminOpcode.SET_FEATURES, AdminOpcode.GET_FEATURES, AdminOpcode.ASYNCHRONOUS_EVENT_REQUEST,
                AdminOpcode.KEEP_ALIVE)) {
            builder.adminCommand(opcode.code(), 0);
        }
        for (NvmOpcode opcode : List.of(NvmOpcode.FLUSH, NvmOpcode.READ, NvmOpcode.COMPARE,
                NvmOpcode.RESERVATION_REGISTER, NvmOpcode.RESERVATION_REPORT, NvmOpcode.RESERVATION_ACQUIRE,
                NvmOpcode.RESERVATION_RELEASE)) {
            builder.ioCommand(opcode.code(), 0);
        }
        for (NvmOpcode opcode : List.of(NvmOpcode.WRITE, NvmOpcode.WRITE_ZEROES, NvmOpcode.DATASET_MANAGEMENT)) {
            builder.ioCommand(opcode.code(), CommandsSupportedAndEffectsLog.LOGICAL_BLOCK_CONTENT_CHANGE);
        }
        return builder.build();
    }
}
