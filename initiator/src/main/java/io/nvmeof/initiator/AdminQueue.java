package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.FeatureIdentifier;
import io.nvmeof.protocol.admin.IdentifyCns;
import io.nvmeof.protocol.fabrics.ControllerStatus;
import io.nvmeof.protocol.fabrics.FabricsCommandType;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.loop.EventLoop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The admin queue's commands as futures. Any thread may call; the futures complete on the admin queue's loop. Buffers
 * live as long as somebody refers to them: a command in a slot does.
 */
final class AdminQueue {
    /** Bytes of every Identify data structure, and the most this host reads of a log page at once. */
    static final int PAGE_BYTES = 4096;

    private static final int RETAIN_ASYNCHRONOUS_EVENT = 1 << 15;
    private static final int SAVE = 1 << 31;
    private static final long STATUS_POLL_NANOS_MIN = 1_000_000;
    private static final long STATUS_POLL_NANOS_MAX = 100_000_000;

    private final CommandGate gate;
    /** For this host's own commands while connecting: shorter than the admin timeout; -1 is the queue's limit. */
    private volatile long timeoutNanos = -1;

    AdminQueue(CommandGate gate) {
        this.gate = gate;
    }

    void timeoutNanos(long nanos) {
        timeoutNanos = nanos;
    }

    CommandGate gate() {
        return gate;
    }

    CompletableFuture<CommandResult> give(PassthroughCommand command) {
        return gate.give(new SingleCommand(gate, command, false));
    }

    CompletableFuture<CommandResult> giveUrgent(PassthroughCommand command) {
        return gate.give(new SingleCommand(gate, command, true));
    }

    CompletableFuture<MemorySegment> identify(IdentifyCns cns, int namespaceId) {
        MemorySegment page = Arena.ofAuto().allocate(PAGE_BYTES);
        PassthroughCommand command = command(AdminOpcode.IDENTIFY, "Identify (CNS %02Xh)", cns.code())
                .namespaceId(namespaceId).dword(10, cns.code()).dataIn(page);
        return give(command).thenApply(result -> page);
    }

    /** Reads part of a log page, in pieces; {@code offset} and {@code length} are multiples of 4. */
    CompletableFuture<MemorySegment> logPage(int logPage, int namespaceId, long offset, int length,
            boolean retainEvent) {
        if ((offset & 3) != 0 || (length & 3) != 0 || offset < 0 || length <= 0) {
            throw new IllegalArgumentException("log page offset " + offset + ", length " + length
                    + ": allowed are multiples of 4, the length above 0");
        }
        MemorySegment page = Arena.ofAuto().allocate(length);
        return readLog(logPage, namespaceId, offset, page, 0, retainEvent);
    }

    private CompletableFuture<MemorySegment> readLog(int logPage, int namespaceId, long offset, MemorySegment page,
            int done, boolean retainEvent) {
        int length = Math.min(PAGE_BYTES, (int) page.byteSize() - done);
        int dwordsZeroBased = length / Integer.BYTES - 1;
        boolean last = done + length == page.byteSize();
        int retain = retainEvent || !last ? RETAIN_ASYNCHRONOUS_EVENT : 0;
        PassthroughCommand command = command(AdminOpcode.GET_LOG_PAGE, "Get Log Page %02Xh", logPage)
                .namespaceId(namespaceId)
                .dword(10, dwordsZeroBased << 16 | retain | logPage & 0xFF)
                .qword(12, offset + done).dataIn(page.asSlice(done, length));
        CompletableFuture<CommandResult> piece = give(command);
        return last ? piece.thenApply(result -> page)
                : piece.thenCompose(result -> readLog(logPage, namespaceId, offset, page, done + length, retainEvent));
    }

    CompletableFuture<Integer> feature(FeatureIdentifier feature, int namespaceId, int dword11) {
        return give(command(AdminOpcode.GET_FEATURES, "Get Features %02Xh", feature.code()).namespaceId(namespaceId)
                .dword(10, feature.code()).dword(11, dword11)).thenApply(CommandResult::dword0);
    }

    CompletableFuture<Integer> setFeature(FeatureIdentifier feature, int namespaceId, int value, boolean save) {
        return give(command(AdminOpcode.SET_FEATURES, "Set Features %02Xh", feature.code()).namespaceId(namespaceId)
                .dword(10, feature.code() | (save ? SAVE : 0)).dword(11, value)).thenApply(CommandResult::dword0);
    }

    CompletableFuture<Long> property(Property property) {
        return property(property.offset(), property.sizeBytes() == Long.BYTES);
    }

    CompletableFuture<Long> property(int offset, boolean eightBytes) {
        return giveUrgent(fabrics(FabricsCommandType.PROPERTY_GET, "Property Get (offset %02Xh)", offset)
                .dword(10, eightBytes ? 1 : 0).dword(11, offset))
                .thenApply(result -> eightBytes ? result.value() : Integer.toUnsignedLong(result.dword0()));
    }

    CompletableFuture<CommandResult> setProperty(Property property, long value) {
        return giveUrgent(fabrics(FabricsCommandType.PROPERTY_SET, "Property Set (offset %02Xh)", property.offset())
                .dword(10, property.sizeBytes() == Long.BYTES ? 1 : 0).dword(11, property.offset()).qword(12, value));
    }

    /**
     * Reads CSTS again and again until it is as wanted.
     *
     * @return the last status read; the future fails with {@link TimeoutException} if it never was as wanted
     */
    CompletableFuture<ControllerStatus> awaitStatus(Predicate<ControllerStatus> wanted, long timeoutNanos) {
        long deadline = gate.queue().loop().nanoTime() + timeoutNanos;
        CompletableFuture<ControllerStatus> result = new CompletableFuture<>();
        pollStatus(wanted, deadline, STATUS_POLL_NANOS_MIN, result);
        return result;
    }

    private void pollStatus(Predicate<ControllerStatus> wanted, long deadline, long pause,
            CompletableFuture<ControllerStatus> result) {
        property(Property.CSTS).whenComplete((value, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            ControllerStatus status = new ControllerStatus(value.intValue());
            EventLoop loop = gate.queue().loop();
            if (wanted.test(status)) {
                result.complete(status);
            } else if (loop.nanoTime() - deadline >= 0) {
                result.completeExceptionally(new TimeoutException(status.toString()));
            } else {
                loop.schedule(pause, () -> pollStatus(wanted, deadline, Math.min(2 * pause, STATUS_POLL_NANOS_MAX),
                        result));
            }
        });
    }

    /** A Fabrics command; its type stands where other commands have the namespace. */
    PassthroughCommand fabrics(FabricsCommandType type, String name, int argument) {
        return command(AdminOpcode.FABRICS, name, argument).namespaceId(type.code());
    }

    private PassthroughCommand command(AdminOpcode opcode, String name, int argument) {
        return PassthroughCommand.of(opcode.code()).timeoutNanos(timeoutNanos)
                .named(String.format(Locale.ROOT, name, argument));
    }
}
