package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.FeatureIdentifier;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.status.GenericStatus;

/** Get Features (NVMe Base 2.1), of both kinds of controllers. */
final class GetFeaturesHandler implements CommandHandler {
    private static final int EXTENDED_HOST_IDENTIFIER = 1;
    private static final int WRITE_CACHE_ENABLED = 1;
    private static final int THRESHOLD_SENSOR_MASK = 0xF << 16;
    static final int THRESHOLD_UNDER = 1 << 20;

    @Override
    public void parse(Request request) {
        if (FeatureCommand.selects(request)) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.SELECT_BYTE);
        } else if (FeatureCommand.feature(request) == FeatureIdentifier.HOST_IDENTIFIER
                && request.queue().controller() instanceof IoController) {
            parseHostIdentifier(request);
        } else {
            request.proceed();
        }
    }

    private static void parseHostIdentifier(Request request) {
        if ((request.dword(11) & EXTENDED_HOST_IDENTIFIER) == 0) {
            // Fabrics have the 128-bit form only.
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE);
        } else {
            request.provideData(HostIdentifier.SIZE);
        }
    }

    @Override
    public void execute(Request request) {
        Controller controller = request.queue().controller();
        switch (FeatureCommand.feature(request)) {
            case ASYNCHRONOUS_EVENT_CONFIGURATION -> succeed(request, controller.asynchronousEventConfiguration());
            case KEEP_ALIVE_TIMER -> request.complete(GenericStatus.SUCCESSFUL_COMPLETION,
                    controller.keepAliveMillis());
            case null, default -> {
                if (controller instanceof IoController io) {
                    executeIo(request, io);
                } else {
                    rejectUnknown(request);
                }
            }
        }
    }

    private static void executeIo(Request request, IoController controller) {
        if (AnaAccess.refuseFeature(request, controller)) {
            return;
        }
        Features features = controller.features();
        switch (FeatureCommand.feature(request)) {
            case ARBITRATION -> succeed(request, features.arbitration);
            case POWER_MANAGEMENT -> succeed(request, 0);
            case TEMPERATURE_THRESHOLD -> temperatureThreshold(request, features);
            case ERROR_RECOVERY -> succeed(request, features.errorRecovery);
            case VOLATILE_WRITE_CACHE -> {
                if (controller.namespaces().anyVolatileWriteCache()) {
                    succeed(request, WRITE_CACHE_ENABLED);
                } else {
                    rejectUnknown(request); // There is such a feature only where there is a cache.
                }
            }
            case NUMBER_OF_QUEUES -> succeed(request, queueCounts(controller.grantedQueueCount()));
            case WRITE_ATOMICITY_NORMAL -> succeed(request, features.writeAtomicityNormal);
            case RESERVATION_NOTIFICATION_MASK -> ReservationFeatures.getMask(request, controller);
            case RESERVATION_PERSISTENCE -> ReservationFeatures.getPersistence(request, controller);
            case HOST_IDENTIFIER -> {
                controller.hostIdentifier().encode(request.data().segment(), 0);
                request.completeWithData(HostIdentifier.SIZE);
            }
            case null, default -> rejectUnknown(request);
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

    private static void rejectUnknown(Request request) {
        request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.FEATURE_IDENTIFIER_BYTE);
    }
}
