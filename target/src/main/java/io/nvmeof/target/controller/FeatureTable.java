package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.FeatureIdentifier;
import io.nvmeof.protocol.admin.FeatureIdentifiersSupportedAndEffectsLog;
import java.lang.foreign.MemorySegment;

/**
 * Which features there are, what can be done with them, and what is one for what (NVMe Base 2.1, 3.1.3.6 and 5.1.25).
 * Get Features, Set Features and the Feature Identifiers Supported and Effects log page all ask here.
 */
final class FeatureTable {
    /** Supported capabilities: the value is one for each namespace. */
    static final int NAMESPACE_SPECIFIC = 1 << 1;
    /** Supported capabilities: Set Features may change it. */
    static final int CHANGEABLE = 1 << 2;

    private static final int NOT_SUPPORTED = -1;

    private FeatureTable() {}

    static boolean supports(Controller controller, FeatureIdentifier feature) {
        return capabilities(controller, feature) != NOT_SUPPORTED;
    }

    /**
     * Dword 0 of Get Features with Select "supported capabilities", or a negative number if there is no such feature.
     * No feature can be saved: the host tells a new controller what it wants.
     */
    static int capabilities(Controller controller, FeatureIdentifier feature) {
        return switch (feature) {
            case ASYNCHRONOUS_EVENT_CONFIGURATION, KEEP_ALIVE_TIMER -> CHANGEABLE;
            case null -> NOT_SUPPORTED;
            default -> controller instanceof IoController io ? ioCapabilities(io, feature) : NOT_SUPPORTED;
        };
    }

    private static int ioCapabilities(IoController controller, FeatureIdentifier feature) {
        return switch (feature) {
            case ARBITRATION, POWER_MANAGEMENT, TEMPERATURE_THRESHOLD, NUMBER_OF_QUEUES, WRITE_ATOMICITY_NORMAL,
                    TIMESTAMP, HOST_BEHAVIOR_SUPPORT -> CHANGEABLE;
            case ERROR_RECOVERY, RESERVATION_NOTIFICATION_MASK -> CHANGEABLE | NAMESPACE_SPECIFIC;
            case RESERVATION_PERSISTENCE -> controller.namespaces().namespaces().stream()
                    .anyMatch(namespace -> namespace.core().reservation().canPersist())
                    ? CHANGEABLE | NAMESPACE_SPECIFIC : NOT_SUPPORTED;
            // There is such a feature only where there is a cache, and the cache cannot be turned off from here.
            case VOLATILE_WRITE_CACHE -> controller.namespaces().anyVolatileWriteCache() ? 0 : NOT_SUPPORTED;
            // One combination of command sets, and the Connect command has set the host's identifier.
            case IO_COMMAND_SET_PROFILE, HOST_IDENTIFIER -> 0;
            default -> NOT_SUPPORTED;
        };
    }

    /** The Feature Identifiers Supported and Effects log page. */
    static MemorySegment logPage(Controller controller) {
        var builder = FeatureIdentifiersSupportedAndEffectsLog.builder();
        for (FeatureIdentifier feature : FeatureIdentifier.values()) {
            int capabilities = capabilities(controller, feature);
            if (capabilities != NOT_SUPPORTED) {
                builder.feature(feature, (capabilities & NAMESPACE_SPECIFIC) != 0
                        ? FeatureIdentifiersSupportedAndEffectsLog.SCOPE_NAMESPACE
                        : FeatureIdentifiersSupportedAndEffectsLog.SCOPE_CONTROLLER);
            }
        }
        return builder.build().bytes();
    }
}
