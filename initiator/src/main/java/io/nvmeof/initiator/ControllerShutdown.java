package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.ControllerStatus;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.transport.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The orderly end of an association (NVMe Base 2.1, Controller Shutdown): nothing new, nothing outstanding, CC.SHN,
 * CSTS.SHST, connections closed. Bounded at every step: commands by their own time limit, the shutdown by the
 * controller's RTD3 Entry Latency or by {@link #TIMEOUT_NANOS_MIN}, whichever is longer.
 */
final class ControllerShutdown {
    /** What a controller is given at least. */
    static final long TIMEOUT_NANOS_MIN = 5_000_000_000L;
    /** What a controller is given at most, whatever it says. */
    static final long TIMEOUT_NANOS_MAX = 60_000_000_000L;

    private static final CloseReason DISCONNECTING = CloseReason.of(CloseReason.Kind.LOCAL, "disconnected");

    private final ControllerQueues queues;
    private final AdminQueue admin;
    private final KeepAliveTimer keepAlive;
    private final IdentifyController identify;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean begun;

    ControllerShutdown(ControllerQueues queues, AdminQueue admin, KeepAliveTimer keepAlive,
            IdentifyController identify) {
        this.queues = queues;
        this.admin = admin;
        this.keepAlive = keepAlive;
        this.identify = identify;
    }

    boolean begun() {
        return begun;
    }

    /** Any thread; again is the same. */
    CompletableFuture<Void> begin() {
        queues.loop().execute(this::onBegin);
        return done.copy();
    }

    private void onBegin() {
        if (begun) {
            return;
        }
        begun = true;
        if (queues.closeReason() != null) {
            end(null);
            return;
        }
        List<CompletableFuture<Void>> empty = new ArrayList<>();
        queues.forEach(gate -> {
            gate.refuse(DISCONNECTING);
            if (gate.queue().queueId() != 0) {
                CompletableFuture<Void> future = new CompletableFuture<>();
                empty.add(future);
                gate.queue().loop().execute(() -> gate.whenEmpty(() -> future.complete(null)));
            }
        });
        CompletableFuture.allOf(empty.toArray(CompletableFuture[]::new))
                .thenComposeAsync(x -> shutDown(), queues.loop()::execute)
                .whenComplete((status, failure) -> end(failure));
    }

    private CompletableFuture<ControllerStatus> shutDown() {
        long latencyNanos = identify.rtd3EntryLatencyMicros() * 1_000;
        long timeoutNanos = Math.clamp(latencyNanos, TIMEOUT_NANOS_MIN, TIMEOUT_NANOS_MAX);
        admin.timeoutNanos(timeoutNanos);
        return admin.property(Property.CC).thenCompose(value -> {
            ControllerConfiguration configuration = new ControllerConfiguration(value.intValue())
                    .withShutdown(ControllerConfiguration.SHUTDOWN_NORMAL);
            return admin.setProperty(Property.CC, Integer.toUnsignedLong(configuration.value()));
        }).thenCompose(x -> admin.awaitStatus(
                status -> status.shutdown() == ControllerStatus.SHUTDOWN_COMPLETE || status.fatal(), timeoutNanos))
                .thenApply(status -> {
                    if (status.shutdown() != ControllerStatus.SHUTDOWN_COMPLETE) {
                        throw new IllegalStateException("the controller reports a fatal status while it shuts down");
                    }
                    return status;
                });
    }

    private void end(Throwable failure) {
        if (keepAlive != null) {
            keepAlive.stop();
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        queues.closeAll(DISCONNECTING);
        queues.closed().thenAccept(reason -> {
            if (cause == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(cause);
            }
        });
    }
}
