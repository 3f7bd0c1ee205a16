package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.reservation.ReservationCommand;
import java.util.List;

/**
 * Get and Set Features for the two features of reservations, which each namespace has (NVMe Base 2.1, Reservation
 * Notification Mask; Reservation Persistence).
 */
final class ReservationFeatures {
    private static final int ALL_NAMESPACES = 0xFFFFFFFF;
    private static final int PERSIST_THROUGH_POWER_LOSS = 1;

    private ReservationFeatures() {}

    static void getMask(Request request, IoController controller) {
        if (one(request, controller) != null) {
            request.complete(GenericStatus.SUCCESSFUL_COMPLETION,
                    controller.reservationNotifications().mask(request.namespaceId()));
        }
    }

    static void setMask(Request request, IoController controller) {
        List<Namespace> namespaces = some(request, controller);
        if (namespaces == null) {
            return;
        }
        int mask = request.dword(11) & ReservationNotifications.MASK_BITS;
        namespaces.forEach(namespace -> controller.reservationNotifications().setMask(namespace.id(), mask));
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    static void getPersistence(Request request, IoController controller) {
        Namespace namespace = one(request, controller);
        if (namespace == null || !checkPersists(request, namespace)) {
            return;
        }
        QueuePair queue = request.queue();
        queue.port().registry().reservations().report(controller.subsystem(), namespace, status ->
                queue.loop().execute(() -> request.complete(GenericStatus.SUCCESSFUL_COMPLETION,
                        status.persistThroughPowerLoss())));
    }

    static void setPersistence(Request request, IoController controller) {
        List<Namespace> namespaces = some(request, controller);
        if (namespaces == null || !namespaces.stream().allMatch(each -> checkPersists(request, each))) {
            return;
        }
        setPersistence(request, controller, namespaces, 0);
    }

    /** One namespace after the other. */
    private static void setPersistence(Request request, IoController controller, List<Namespace> namespaces,
            int index) {
        if (index == namespaces.size()) {
            request.complete(GenericStatus.SUCCESSFUL_COMPLETION);
            return;
        }
        boolean persistent = (request.dword(11) & PERSIST_THROUGH_POWER_LOSS) != 0;
        QueuePair queue = request.queue();
        queue.port().registry().reservations().submit(controller.subsystem(), namespaces.get(index),
                new ReservationCommand.SetPersistence(controller.hostIdentifier(), persistent),
                status -> queue.loop().execute(() -> onSet(request, controller, namespaces, index, status)));
    }

    private static void onSet(Request request, IoController controller, List<Namespace> namespaces, int index,
            StatusCode status) {
        if (status.successful()) {
            setPersistence(request, controller, namespaces, index + 1);
        } else {
            request.complete(status);
        }
    }

    private static boolean checkPersists(Request request, Namespace namespace) {
        boolean persists = namespace.core().reservation().canPersist();
        if (!persists) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FeatureCommand.FEATURE_IDENTIFIER_BYTE);
        }
        return persists;
    }

    /** The namespace of the command, or {@code null} if it was rejected. */
    private static Namespace one(Request request, IoController controller) {
        if (request.namespaceId() == ALL_NAMESPACES) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, IoAdmission.NAMESPACE_ID_BYTE);
            return null;
        }
        Namespace namespace = controller.namespaces().find(request.namespaceId());
        if (namespace == null) {
            request.reject(GenericStatus.INVALID_NAMESPACE_OR_FORMAT, IoAdmission.NAMESPACE_ID_BYTE);
        }
        return namespace;
    }

    /** The namespace of the command, or all; {@code null} if it was rejected. */
    private static List<Namespace> some(Request request, IoController controller) {
        if (request.namespaceId() == ALL_NAMESPACES) {
            return controller.namespaces().namespaces();
        }
        Namespace namespace = one(request, controller);
        return namespace == null ? null : List.of(namespace);
    }
}
