package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.FeatureIdentifier;
import io.nvmeof.protocol.admin.SmartLog;
import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;

/** Set Features (NVMe Base 2.1, 5.1.25), of both kinds of controllers. */
final class SetFeaturesHandler implements CommandHandler {
    private static final int QUEUE_COUNT_RESERVED = 0xFFFF;
    private static final int POWER_STATE_MASK = 0x1F;
    private static final int DEALLOCATED_ERROR = 1 << 16;
    private static final int THRESHOLD_SENSOR_MASK = 0xF << 16;
    private static final int THRESHOLD_MASK = 0xFFFF;
    private static final int WRITE_CACHE_ENABLED = 1;
    private static final int DISABLE_NORMAL = 1;
    private static final int ALL_NAMESPACES = 0xFFFFFFFF;
    private static final int COMMAND_SET_COMBINATION_MASK = 0x1FF;

    @Override
    public void parse(Request request) {
        FeatureIdentifier feature = FeatureCommand.feature(request);
        if (!FeatureTable.supports(request.queue().controller(), feature)) {
            rejectUnknown(request);
        } else if (FeatureCommand.saves(request)) {
            request.reject(CommandSpecificStatus.FEATURE_IDENTIFIER_NOT_SAVEABLE, FeatureCommand.SAVE_BYTE, 7);
        } else if (checkNamespace(request, feature)) {
            switch (feature) {
                case TIMESTAMP -> request.receiveData(Timestamp.SIZE);
                case HOST_BEHAVIOR_SUPPORT -> request.receiveData(HostBehavior.SIZE);
                default -> request.proceed();
            }
        }
    }

    /** A feature of the controller is not to be set for one namespace; of all of them, hosts may say. */
    private static boolean checkNamespace(Request request, FeatureIdentifier feature) {
        Controller controller = request.queue().controller();
        int nsid = request.namespaceId();
        boolean specific = (FeatureTable.capabilities(controller, feature) & FeatureTable.NAMESPACE_SPECIFIC) != 0;
        if (nsid == 0 || nsid == ALL_NAMESPACES) {
            return true;
        }
        boolean active = controller instanceof IoController io && io.namespaces().find(nsid) != null;
        if (active && specific) {
            return true;
        }
        request.reject(active ? CommandSpecificStatus.FEATURE_NOT_NAMESPACE_SPECIFIC
                : GenericStatus.INVALID_NAMESPACE_OR_FORMAT, IoAdmission.NAMESPACE_ID_BYTE);
        return false;
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
            case TEMPERATURE_THRESHOLD -> temperatureThreshold(request, controller);
            case ERROR_RECOVERY -> {
                if ((value & DEALLOCATED_ERROR) != 0) {
                    request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.DWORD11_BYTE + 2);
                } else {
                    features.setErrorRecovery(request.namespaceId(), value);
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
            case TIMESTAMP -> {
                features.timestamp.set(request.data().segment(), controller.loop().nanoTime());
                succeed(request);
            }
            case HOST_BEHAVIOR_SUPPORT -> hostBehavior(request, features);
            case IO_COMMAND_SET_PROFILE -> commandSetProfile(request, value);
            // The Connect command has set it, once and for all.
            case HOST_IDENTIFIER -> request.reject(GenericStatus.COMMAND_SEQUENCE_ERROR,
                    FeatureCommand.FEATURE_IDENTIFIER_BYTE);
            case null, default -> rejectUnknown(request);
        }
    }

    private static void hostBehavior(Request request, Features features) {
        if (HostBehavior.apply(request.data().segment(), features) < 0) {
            succeed(request);
        } else {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, SglDescriptor.OFFSET_IN_COMMAND);
        }
    }

    private static void commandSetProfile(Request request, int value) {
        if ((value & COMMAND_SET_COMBINATION_MASK) == 0) {
            succeed(request);
        } else {
            request.reject(CommandSpecificStatus.IO_COMMAND_SET_COMBINATION_REJECTED, FeatureCommand.DWORD11_BYTE);
        }
    }

    private static void temperatureThreshold(Request request, IoController controller) {
        Features features = controller.features();
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
        if (features.temperatureBeyondThreshold()) {
            controller.raise(SmartLog.WARNING_TEMPERATURE, AsynchronousEvent.TEMPERATURE_THRESHOLD);
        }
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
