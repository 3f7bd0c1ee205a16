package io.nvmeof.initiator;

import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationAcquireData;
import io.nvmeof.protocol.nvm.ReservationCommandBits;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationRegisterData;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationReleaseData;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/** The reservation commands of one namespace (NVMe Base 2.1, Reservations). Any thread may call. */
final class ReservationCommands {
    /** Registrants there is room for when a report is asked for the first time; more make it asked for again. */
    private static final int REGISTRANTS_EXPECTED = 31;

    private final RemoteNamespace namespace;

    ReservationCommands(RemoteNamespace namespace) {
        this.namespace = namespace;
    }

    CompletableFuture<Void> register(ReservationRegisterAction action, long currentKey, long newKey,
            boolean ignoreExistingKey, ReservationPersistence persistence) {
        MemorySegment data = Arena.ofAuto().allocate(ReservationRegisterData.SIZE);
        new ReservationRegisterData(currentKey, newKey).encode(data, 0);
        int dword10 = action.code() | (ignoreExistingKey ? ReservationCommandBits.IGNORE_EXISTING_KEY : 0)
                | persistence.code() << ReservationCommandBits.PERSISTENCE_SHIFT;
        return send(NvmOpcode.RESERVATION_REGISTER, "Reservation Register", dword10, data);
    }

    CompletableFuture<Void> acquire(ReservationAcquireAction action, ReservationType type, long currentKey,
            long preemptedKey) {
        MemorySegment data = Arena.ofAuto().allocate(ReservationAcquireData.SIZE);
        new ReservationAcquireData(currentKey, preemptedKey).encode(data, 0);
        int dword10 = action.code() | type.code() << ReservationCommandBits.TYPE_SHIFT;
        return send(NvmOpcode.RESERVATION_ACQUIRE, "Reservation Acquire", dword10, data);
    }

    CompletableFuture<Void> release(ReservationReleaseAction action, ReservationType type, long currentKey) {
        MemorySegment data = Arena.ofAuto().allocate(ReservationReleaseData.SIZE);
        new ReservationReleaseData(currentKey).encode(data, 0);
        int dword10 = action.code() | type.code() << ReservationCommandBits.TYPE_SHIFT;
        return send(NvmOpcode.RESERVATION_RELEASE, "Reservation Release", dword10, data);
    }

    private CompletableFuture<Void> send(NvmOpcode opcode, String name, int dword10, MemorySegment data) {
        return namespace.controller().ioCommand(command(opcode, name).dword(10, dword10).dataOut(data))
                .thenApply(result -> null);
    }

    CompletableFuture<ReservationStatus> report() {
        return report(REGISTRANTS_EXPECTED);
    }

    private CompletableFuture<ReservationStatus> report(int registrantCount) {
        MemorySegment data = Arena.ofAuto().allocate(ReservationStatus.size(registrantCount, true));
        int dwordsZeroBased = (int) data.byteSize() / Integer.BYTES - 1;
        return namespace.controller().ioCommand(command(NvmOpcode.RESERVATION_REPORT, "Reservation Report")
                .dword(10, dwordsZeroBased).dword(11, ReservationCommandBits.EXTENDED_DATA_STRUCTURE).dataIn(data))
                .thenCompose(result -> {
                    int present = ReservationStatus.registrantCount(data, 0);
                    return present > registrantCount ? report(present) : CompletableFuture.completedFuture(
                            ReservationStatus.decode(data, 0, data.byteSize(), true));
                });
    }

    private PassthroughCommand command(NvmOpcode opcode, String name) {
        return PassthroughCommand.of(opcode.code()).namespaceId(namespace.id())
                .named(name + ", namespace " + Integer.toUnsignedString(namespace.id()));
    }
}
