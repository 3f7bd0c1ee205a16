package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;

/** Set Features (NVMe Base 2.1), of both kinds of controllers. */
final class SetFeaturesHandler implements CommandHandler {
    private static final int QUEUE_COUNT_RESERVED = 0xFFFF;
    private static final int POWER_STATE_MASK = 0x1F;
    private static final int DEALLOCATED_ERROR = 1 << 16;
    private static final int THRESHOLD_SENSOR_MASK = 0xF << 16;
    private static final int THRESHOLD_MASK = 0xFFFF;
    private static final int WRITE_CACHE_ENABLED = 1;
    private static final int DISABLE_NORMAL = 1;

    @Override
    public void parse(Request request) {
        if (FeatureCommand.saves(request)) {
            request.reject(CommandSpecificStatus.FEATURE_IDENTIFIER_NOT_SAVEABLE, FeatureCommand.SAVE_BYTE, 7);
        } else {
            request.proceed();
        }
    }

    @Override
    public void execute(Request request) {
        Controller controller = request.queue().controller();
        switch (FeatureCommand.feature(request)) {
            case ASYNCHRONOUS_EVENT_CONFIGURATION -> asynchronousEventConfiguration(request, controller);
            case KEEP_ALIVE_TIMER -> {
                controller.setKeepAliveMillis(Integer.toUnsignedLong(request.dword(11)));
                succeed(request);
            }
            case null, default -> {
                if (controller instanceof IoController io) {
                    executeIo(request, io);
                } else {
                    rejectUnknown(request);
                }
            }
        }
    }

    private static void asynchronousEventConfiguration(Request request, Controller controller) {
        int known = AsynchronousEvent.ENABLE_SMART_WARNINGS | IdentifyPages.events(controller);
        int asked = request.dword(11);
        if ((asked & ~known) != 0) {
            int bit = Integer.numberOfTrailingZeros(asked & ~known);
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE + bit / Byte.SIZE,
                    bit % Byte.SIZE);
            return;
        }
        controller.setAsynchronousEventConfiguration(asked);
        succeed(request);
    }

    private static void executeIo(Request request, IoController controller) {
        if (AnaAccess.refuseFeature(request, controller)) {
            return;
        }
        Features features = controller.features();
        int value = request.dword(11);
        switch (FeatureCommand.feature(request)) {
            case ARBITRATION -> {
                features.arbitration = value;
                succeed(request);
            }
            // There is power state 0 only.
            case POWER_MANAGEMENT -> succeedIf(request, (value & POWER_STATE_MASK) == 0);
            case TEMPERATURE_THRESHOLD -> temperatureThreshold(request, features);
            case ERROR_RECOVERY -> {
                if ((value & DEALLOCATED_ERROR) != 0) {
                    request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE + 2);
                } else {
                    features.errorRecovery = value;
                    succeed(request);
                }
            }
            case VOLATILE_WRITE_CACHE -> volatileWriteCache(request, controller);
            case NUMBER_OF_QUEUES -> numberOfQueues(request, controller);
            case WRITE_ATOMICITY_NORMAL -> {
                features.writeAtomicityNormal = value & DISABLE_NORMAL;
                succeed(request);
            }
            case RESERVATION_NOTIFICATION_MASK -> ReservationFeatures.setMask(request, controller);
            case RESERVATION_PERSISTENCE -> ReservationFeatures.setPersistence(request, controller);
            // The Connect command has set it, once and for all.
            case HOST_IDENTIFIER -> request.reject(GenericStatus.COMMAND_SEQUENCE_ERROR,
                    FeatureCommand.FEATURE_IDENTIFIER_BYTE);
            case null, default -> rejectUnknown(request);
        }
    }

    private static void temperatureThreshold(Request request, Features features) {
        int value = request.dword(11);
        if ((value & THRESHOLD_SENSOR_MASK) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE + 2);
            return;
        }
        if ((value & GetFeaturesHandler.THRESHOLD_UNDER) != 0) {
            features.underTemperatureThreshold = value & THRESHOLD_MASK;
        } else {
            features.overTemperatureThreshold = value & THRESHOLD_MASK;
        }
        succeed(request);
    }

    private static void volatileWriteCache(Request request, IoController controller) {
        if (!controller.namespaces().anyVolatileWriteCache()) {
            rejectUnknown(request);
        } else if ((request.dword(11) & WRITE_CACHE_ENABLED) == 0) {
            // A backend cannot be made to write through from here; to say so is better than to pretend.
            request.reject(CommandSpecificStatus.FEATURE_NOT_CHANGEABLE, FeatureCommand.DWORD11_BYTE);
        } else {
            succeed(request);
        }
    }

    private static void numberOfQueues(Request request, IoController controller) {
        int submission = request.dword(11) & 0xFFFF;
        int completion = request.dword(11) >>> 16;
        if (submission == QUEUE_COUNT_RESERVED || completion == QUEUE_COUNT_RESERVED) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE);
            return;
        }
        if (controller.ioQueueCount() > 0) {
            request.reject(GenericStatus.COMMAND_SEQUENCE_ERROR, FeatureCommand.FEATURE_IDENTIFIER_BYTE);
            return;
        }
        // Both are 0's based, and over fabrics a submission queue has its completion queue.
        int asked = Math.min(submission, completion) + 1;
        int granted = Math.min(asked, controller.subsystem().ioQueueCountMax());
        controller.grantQueues(granted);
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION,
                Integer.toUnsignedLong(GetFeaturesHandler.queueCounts(granted)));
    }

    private static void succeedIf(Request request, boolean possible) {
        if (possible) {
            succeed(request);
        } else {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE);
        }
    }

    private static void succeed(Request request) {
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    private static void rejectUnknown(Request request) {
        request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.FEATURE_IDENTIFIER_BYTE);
    }
}
