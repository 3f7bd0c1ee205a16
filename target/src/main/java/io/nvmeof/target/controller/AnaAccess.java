package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.StatusCode;

/**
 * Which admin commands the ANA state of a namespace refuses: those that get or set a feature of the namespace. The
 * others describe the controller, or what is known of a namespace without access to it, and are processed in every
 * state (NVMe Base 2.1, Asymmetric Namespace Access states, ANA effects on command processing).
 */
final class AnaAccess {
    private static final int FEATURE_IDENTIFIER_MASK = 0xFF;
    private static final int ERROR_RECOVERY = 0x05;
    private static final int RESERVATION_NOTIFICATION_MASK = 0x82;
    private static final int RESERVATION_PERSISTENCE = 0x83;
    private static final int NAMESPACE_WRITE_PROTECTION = 0x84;

    private AnaAccess() {}

    /** Completes a Get Features or Set Features command with the ANA status, if there is one for it. */
    static boolean refuseFeature(Request request, IoController controller) {
        boolean affected = switch (request.dword(10) & FEATURE_IDENTIFIER_MASK) {
            case ERROR_RECOVERY, RESERVATION_NOTIFICATION_MASK, RESERVATION_PERSISTENCE, NAMESPACE_WRITE_PROTECTION ->
                true;
            default -> false;
        };
        StatusCode refusal = affected ? controller.refusal(request.namespaceId()) : null;
        if (refusal != null) {
            request.complete(refusal);
        }
        return refusal != null;
    }
}
