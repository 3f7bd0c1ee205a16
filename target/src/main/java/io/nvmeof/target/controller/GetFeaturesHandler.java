package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.FeatureIdentifier;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.status.GenericStatus;

/** Get Features (NVMe Base 2.1, 5.1.11), of both kinds of controllers. */
final class GetFeaturesHandler implements CommandHandler {
    private static final int EXTENDED_HOST_IDENTIFIER = 1;
    private static final int WRITE_CACHE_ENABLED = 1;
    private static final int THRESHOLD_SENSOR_MASK = 0xF << 16;
    static final int THRESHOLD_UNDER = 1 << 20;

    @Override
    public void parse(Request request) {
        FeatureIdentifier feature = FeatureCommand.feature(request);
        if (!FeatureTable.supports(request.queue().controller(), feature)) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.FEATURE_IDENTIFIER_BYTE);
        } else if (FeatureCommand.select(request) > FeatureCommand.SELECT_CAPABILITIES) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.SELECT_BYTE);
        } else if (FeatureCommand.select(request) == FeatureCommand.SELECT_CAPABILITIES) {
            request.proceed();
        } else {
            parseValue(request, feature);
        }
    }

    private static void parseValue(Request request, FeatureIdentifier feature) {
        switch (feature) {
            case TIMESTAMP -> request.provideData(Timestamp.SIZE);
            case HOST_BEHAVIOR_SUPPORT -> request.provideData(HostBehavior.SIZE);
            case HOST_IDENTIFIER -> {
                if ((request.dword(11) & EXTENDED_HOST_IDENTIFIER) == 0) {
                    // Fabrics have the 128-bit form only.
                    request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE);
                } else {
                    request.provideData(HostIdentifier.SIZE);
                }
            }
            default -> request.proceed();
        }
    }

    @Override
    public void execute(Request request) {
        Controller controller = request.queue().controller();
        FeatureIdentifier feature = FeatureCommand.feature(request);
        int select = FeatureCommand.select(request);
        if (select == FeatureCommand.SELECT_CAPABILITIES) {
            // May have changed with the namespaces since it was asked for; then there is nothing to be done with it.
            succeed(request, Math.max(0, FeatureTable.capabilities(controller, feature)));
            return;
        }
        boolean current = select == FeatureCommand.SELECT_CURRENT;
        switch (feature) {
            case ASYNCHRONOUS_EVENT_CONFIGURATION ->
                succeed(request, current ? controller.asynchronousEventConfiguration() : 0);
            case KEEP_ALIVE_TIMER -> request.complete(GenericStatus.SUCCESSFUL_COMPLETION,
                    current ? controller.keepAliveMillis() : 0);
            case RESERVATION_NOTIFICATION_MASK, RESERVATION_PERSISTENCE -> {
                if (current) {
                    executeIo(request, feature, (IoController) controller, true);
                } else {
                    succeed(request, 0);
                }
            }
            default -> executeIo(request, feature, (IoController) controller, current);
        }
    }

    private static void executeIo(Request request, FeatureIdentifier feature, IoController controller,
            boolean current) {
        if (AnaAccess.refuseFeature(request, controller)) {
            return;
        }
        Features features = current ? controller.features() : Features.DEFAULTS;
        switch (feature) {
            case ARBITRATION -> succeed(request, features.arbitration);
            case POWER_MANAGEMENT, IO_COMMAND_SET_PROFILE -> succeed(request, 0);
            case TEMPERATURE_THRESHOLD -> temperatureThreshold(request, features);
            case ERROR_RECOVERY -> succeed(request, features.errorRecovery(request.namespaceId()));
            case VOLATILE_WRITE_CACHE -> succeed(request, WRITE_CACHE_ENABLED);
            case NUMBER_OF_QUEUES -> succeed(request, queueCounts(
                    current ? controller.grantedQueueCount() : controller.subsystem().ioQueueCountMax()));
            case WRITE_ATOMICITY_NORMAL -> succeed(request, features.writeAtomicityNormal);
            case RESERVATION_NOTIFICATION_MASK -> ReservationFeatures.getMask(request, controller);
            case RESERVATION_PERSISTENCE -> ReservationFeatures.getPersistence(request, controller);
            case TIMESTAMP -> {
                features.timestamp.encode(request.data().segment(), current ? controller.loop().nanoTime() : 0);
                request.completeWithData(Timestamp.SIZE);
            }
            case HOST_BEHAVIOR_SUPPORT -> {
                HostBehavior.encode(features, request.data().segment());
                request.completeWithData(HostBehavior.SIZE);
            }
            case HOST_IDENTIFIER -> {
                controller.hostIdentifier().encode(request.data().segment(), 0);
                request.completeWithData(HostIdentifier.SIZE);
            }
            default -> throw new IllegalStateException("a feature that is supported and unknown: " + feature);
        }
    }

    private static void temperatureThreshold(Request request, Features features) {
        if ((request.dword(11) & THRESHOLD_SENSOR_MASK) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE + 2);
        } else {
            succeed(request, (request.dword(11) & THRESHOLD_UNDER) != 0
                    ? features.underTemperatureThreshold : features.overTemperatureThreshold);
        }
    }

    /** Dword 0 for so many submission and completion queues, both 0's based. */
    static int queueCounts(int count) {
        return count - 1 | count - 1 << 16;
    }

    private static void succeed(Request request, int value) {
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION, Integer.toUnsignedLong(value));
    }
}
