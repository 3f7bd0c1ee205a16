package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationAcquireData;
import io.nvmeof.protocol.nvm.ReservationCommandBits;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationRegisterData;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationReleaseData;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.reservation.ReservationCommand;
import java.lang.foreign.MemorySegment;

/**
 * What Reservation Register, Acquire and Release ask for, out of their dword 10 and their data (NVMe Base 2.1). Each
 * {@code check} rejects the command that it finds fault with.
 */
final class ReservationCommands {
    private static final int ACTION_BYTE = 40;
    private static final int IGNORE_EXISTING_KEY_BIT = 3;
    private static final int TYPE_BYTE = 41;
    private static final int PERSISTENCE_BYTE = 43;
    private static final int PERSISTENCE_BIT = 6;

    private ReservationCommands() {}

    // ---- Register

    static boolean checkRegister(Request request) {
        if (ReservationRegisterAction.ofCode(action(request)) == null) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, ACTION_BYTE);
            return false;
        }
        ReservationPersistence persistence = persistence(request);
        boolean possible = persistence != null && (persistence != ReservationPersistence.ON
                || request.namespace.namespace().core().reservation().canPersist());
        if (!possible) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, PERSISTENCE_BYTE, PERSISTENCE_BIT);
        }
        return possible;
    }

    static ReservationCommand register(Request request, MemorySegment data) {
        ReservationRegisterData keys = ReservationRegisterData.decode(data, 0);
        return new ReservationCommand.Register(host(request), ReservationRegisterAction.ofCode(action(request)),
                keys.currentKey(), keys.newKey(), ignoresExistingKey(request), persistence(request));
    }

    private static ReservationPersistence persistence(Request request) {
        return ReservationPersistence.ofCode(request.dword(10) >>> ReservationCommandBits.PERSISTENCE_SHIFT);
    }

    // ---- Acquire

    static boolean checkAcquire(Request request) {
        return checkAction(request, ReservationAcquireAction.ofCode(action(request)) != null)
                && checkType(request);
    }

    static ReservationCommand acquire(Request request, MemorySegment data) {
        ReservationAcquireData keys = ReservationAcquireData.decode(data, 0);
        return new ReservationCommand.Acquire(host(request), ReservationAcquireAction.ofCode(action(request)),
                type(request), keys.currentKey(), keys.preemptedKey());
    }

    // ---- Release

    static boolean checkRelease(Request request) {
        ReservationReleaseAction action = ReservationReleaseAction.ofCode(action(request));
        return checkAction(request, action != null)
                && (action == ReservationReleaseAction.CLEAR || checkType(request));
    }

    static ReservationCommand release(Request request, MemorySegment data) {
        return new ReservationCommand.Release(host(request), ReservationReleaseAction.ofCode(action(request)),
                type(request), ReservationReleaseData.decode(data, 0).currentKey());
    }

    // ---- What they share

    private static boolean checkAction(Request request, boolean known) {
        if (!known) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, ACTION_BYTE);
        } else if (ignoresExistingKey(request)) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, ACTION_BYTE, IGNORE_EXISTING_KEY_BIT);
        }
        return known && !ignoresExistingKey(request);
    }

    private static boolean checkType(Request request) {
        if (type(request) == null) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, TYPE_BYTE);
        }
        return type(request) != null;
    }

    private static int action(Request request) {
        return request.dword(10) & ReservationCommandBits.ACTION_MASK;
    }

    private static boolean ignoresExistingKey(Request request) {
        return (request.dword(10) & ReservationCommandBits.IGNORE_EXISTING_KEY) != 0;
    }

    private static ReservationType type(Request request) {
        return ReservationType.ofCode(request.dword(10) >>> ReservationCommandBits.TYPE_SHIFT
                & ReservationCommandBits.TYPE_MASK);
    }

    private static HostIdentifier host(Request request) {
        return request.queue().controller().hostIdentifier();
    }
}
