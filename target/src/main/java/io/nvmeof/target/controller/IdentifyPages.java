package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyControllerBuilder;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.IdentifyNamespaceBuilder;
import io.nvmeof.protocol.admin.IoCommandSetIndependentNamespace;
import io.nvmeof.protocol.admin.LbaFormat;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.storage.BackendCapabilities;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/** What Identify says about controllers and namespaces. */
final class IdentifyPages {
    /** FR, 8 characters at most. */
    static final String FIRMWARE_REVISION = "0.1.0";
    private static final String DISCOVERY_MODEL = "NVMe-oF JVM discovery";
    private static final int RECOMMENDED_ARBITRATION_BURST = 6;
    /** Slot 1 is the only one, and read only. */
    private static final int FIRMWARE_UPDATES = 1 | 1 << 1;
    private static final int LOG_PAGE_ATTRIBUTES = IdentifyController.LPA_COMMANDS_SUPPORTED_AND_EFFECTS
            | IdentifyController.LPA_EXTENDED_DATA | IdentifyController.LPA_SUPPORTED_LOG_PAGES;
    /** Least and greatest entry size, both this power of two. */
    private static final int SUBMISSION_ENTRY_SIZE = 0x66;
    private static final int COMPLETION_ENTRY_SIZE = 0x44;
    /** IOCCSZ and IORCSZ count in these. */
    private static final int CAPSULE_UNIT_BYTES = 16;
    /** Every state may be reported, and a namespace may move to another group. */
    private static final int ANA_CAPABILITIES = IdentifyController.ANACAP_OPTIMIZED
            | IdentifyController.ANACAP_NON_OPTIMIZED | IdentifyController.ANACAP_INACCESSIBLE
            | IdentifyController.ANACAP_PERSISTENT_LOSS | IdentifyController.ANACAP_CHANGE;
    private static final int NGUID_SIZE = 16;

    private IdentifyPages() {}

    /** The asynchronous events besides SMART warnings that a controller may send: OAES. */
    static int events(Controller controller) {
        return controller instanceof DiscoveryController
                ? AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE
                : AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE | AsynchronousEvent.ENABLE_ANA_CHANGE;
    }

    static IdentifyController controller(IoController controller) {
        Subsystem subsystem = controller.subsystem();
        boolean cached = controller.namespaces().anyVolatileWriteCache();
        return NvmCapabilities.describe(common(controller))
                .serialNumber(subsystem.configuration().serial())
                .modelNumber(subsystem.configuration().model())
                .ieeeOui(ieeeOui(subsystem.configuration().ieeeOui()))
                .rtd3EntryLatencyMicros(TargetLimits.SHUTDOWN_MICROS)
                .warningTemperatureKelvin(TargetLimits.WARNING_TEMPERATURE_KELVIN)
                .criticalTemperatureKelvin(TargetLimits.CRITICAL_TEMPERATURE_KELVIN)
                .recommendedArbitrationBurst(RECOMMENDED_ARBITRATION_BURST)
                .multipathCapabilities(IdentifyController.CMIC_MULTIPLE_PORTS
                        | IdentifyController.CMIC_MULTIPLE_CONTROLLERS | IdentifyController.CMIC_ANA)
                .anaTransitionTimeSeconds(TargetLimits.ANA_TRANSITION_TIME_SECONDS)
                .anaCapabilities(ANA_CAPABILITIES)
                .anaGroupIdentifierMaximum(NamespaceConfiguration.ANA_GROUP_MAX)
                .anaGroupIdentifiers(NamespaceConfiguration.ANA_GROUP_MAX)
                .controllerType(IdentifyController.TYPE_IO)
                .abortCommandLimit(TargetLimits.ABORT_COMMAND_LIMIT)
                .firmwareUpdates(FIRMWARE_UPDATES)
                .logPageAttributes(LOG_PAGE_ATTRIBUTES)
                .submissionQueueEntrySize(SUBMISSION_ENTRY_SIZE)
                .completionQueueEntrySize(COMPLETION_ENTRY_SIZE)
                .namespaces(NamespaceConfiguration.ID_MAX)
                .maximumAllowedNamespaces(NamespaceConfiguration.ID_MAX)
                .optionalNvmCommands(NvmCapabilities.OPTIONAL_COMMANDS | IdentifyController.ONCS_RESERVATIONS
                        | IdentifyController.ONCS_SAVE_AND_SELECT | IdentifyController.ONCS_TIMESTAMP)
                .volatileWriteCache(IdentifyController.VWC_FLUSH_ALL_SUPPORTED
                        | (cached ? IdentifyController.VWC_PRESENT : 0))
                .build();
    }

    static IdentifyController discoveryController(DiscoveryController controller) {
        // DCTYPE stays 0, "not reported": a host registers itself with one that says what it is.
        return common(controller)
                .serialNumber("")
                .modelNumber(DISCOVERY_MODEL)
                .controllerType(IdentifyController.TYPE_DISCOVERY)
                .logPageAttributes(LOG_PAGE_ATTRIBUTES)
                .build();
    }

    private static IdentifyControllerBuilder common(Controller controller) {
        int inCapsuleBytes = controller.adminQueue().sender().limits().inCapsuleDataBytes();
        int mdts = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(
                controller.adminQueue().dataTransferBytesMax() / TargetLimits.MEMORY_PAGE_BYTES);
        return IdentifyController.builder()
                .firmwareRevision(FIRMWARE_REVISION)
                .maximumDataTransferSize(mdts)
                .controllerId(controller.id())
                .version(Controller.VERSION)
                .optionalAsynchronousEvents(events(controller))
                .controllerAttributes(IdentifyController.CTRATT_128_BIT_HOST_IDENTIFIER
                        | IdentifyController.CTRATT_TRAFFIC_BASED_KEEP_ALIVE)
                .asynchronousEventRequestLimit(TargetLimits.ASYNCHRONOUS_EVENT_REQUEST_LIMIT)
                .errorLogPageEntries(TargetLimits.ERROR_LOG_ENTRIES)
                .keepAliveSupport(TargetLimits.KEEP_ALIVE_SUPPORT)
                .maximumOutstandingCommands(controller.subsystem().queueSizeMax())
                .sglSupport(IdentifyController.SGLS_NO_ALIGNMENT | IdentifyController.SGLS_OFFSET
                        | IdentifyController.SGLS_TRANSPORT_DATA_BLOCK)
                .subsystemNqn(controller.subsystem().nqn().toString())
                .commandCapsuleSize((SubmissionQueueEntry.SIZE + inCapsuleBytes) / CAPSULE_UNIT_BYTES)
                .responseCapsuleSize(CompletionQueueEntry.SIZE / CAPSULE_UNIT_BYTES)
                .maximumSglDataBlockDescriptors(1);
    }

    static IdentifyNamespace namespace(Namespace namespace) {
        BackendCapabilities capabilities = namespace.capabilities();
        IdentifyNamespaceBuilder builder = IdentifyNamespace.builder()
                .sizeBlocks(namespace.blockCount())
                .capacityBlocks(namespace.blockCount())
                .utilizationBlocks(namespace.blockCount())
                .lbaFormats(List.of(LbaFormat.ofBlockSize(namespace.blockSizeBytes())))
                .multipathCapabilities(IdentifyNamespace.NMIC_SHARED)
                .anaGroupIdentifier(namespace.anaGroup())
                .reservationCapabilities(reservationCapabilities(namespace))
                .attributes(namespace.readOnly() ? IdentifyNamespace.NSATTR_WRITE_PROTECTED : 0)
                .nguid(bytes(namespace.uuid()));
        if (namespace.configuration().eui64() != 0) {
            builder.eui64(bytes(namespace.configuration().eui64()));
        }
        if (capabilities.deallocate()) {
            builder.deallocateFeatures(
                    IdentifyNamespace.DLFEAT_READS_ZEROES | IdentifyNamespace.DLFEAT_WRITE_ZEROES_DEALLOCATES);
        }
        int features = 0;
        if (capabilities.optimalWriteBlocks() > 1) {
            int zeroBased = Math.min(capabilities.optimalWriteBlocks(), 0x10000) - 1;
            features |= IdentifyNamespace.NSFEAT_OPTIMAL_IO;
            builder.preferredWriteGranularity(zeroBased)
                    .preferredWriteAlignment(zeroBased)
                    .preferredDeallocateGranularity(zeroBased)
                    .preferredDeallocateAlignment(zeroBased);
        }
        NvmCapabilities.describe(builder, namespace, features);
        return builder.build();
    }

    static IoCommandSetIndependentNamespace independentNamespace(Namespace namespace) {
        BackendCapabilities capabilities = namespace.capabilities();
        return new IoCommandSetIndependentNamespace(
                capabilities.volatileWriteCache()
                        ? 0 : IoCommandSetIndependentNamespace.NSFEAT_NO_VOLATILE_WRITE_CACHE,
                IdentifyNamespace.NMIC_SHARED, reservationCapabilities(namespace), 0, namespace.anaGroup(),
                namespace.readOnly() ? IdentifyNamespace.NSATTR_WRITE_PROTECTED : 0, 0, 0,
                IoCommandSetIndependentNamespace.NSTAT_READY);
    }

    private static int reservationCapabilities(Namespace namespace) {
        return IdentifyNamespace.RESCAP_ALL_TYPES | IdentifyNamespace.RESCAP_IGNORE_EXISTING_KEY
                | (namespace.core().reservation().canPersist()
                        ? IdentifyNamespace.RESCAP_PERSIST_THROUGH_POWER_LOSS : 0);
    }

    static NamespaceIdentificationDescriptors descriptors(Namespace namespace) {
        NamespaceIdentificationDescriptors.Builder builder = NamespaceIdentificationDescriptors.builder()
                .nguid(bytes(namespace.uuid()))
                .uuid(namespace.uuid())
                .commandSetIdentifier(0);
        if (namespace.configuration().eui64() != 0) {
            builder.eui64(bytes(namespace.configuration().eui64()));
        }
        return builder.build();
    }

    private static byte[] ieeeOui(int oui) {
        return new byte[] {(byte) oui, (byte) (oui >>> Byte.SIZE), (byte) (oui >>> 2 * Byte.SIZE)};
    }

    private static byte[] bytes(long eui64) {
        return ByteBuffer.allocate(Long.BYTES).putLong(eui64).array();
    }

    private static byte[] bytes(UUID uuid) {
        return ByteBuffer.allocate(NGUID_SIZE).putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits()).array();
    }
}
