package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CloseReason;

/**
 * Shows the controller that this host is alive, and notices when the controller is not (NVMe Base 2.1, Keep Alive).
 *
 * <p>A Keep Alive command is sent at half the timeout, so that one that is late still arrives in time. Where any
 * command counts as a sign of life (traffic based), the queues are looked at twice as often, and only silence is
 * filled: from the last command to the Keep Alive no more than half the timeout passes either.
 *
 * <p>Owned by the loop of the admin queue.
 */
final class KeepAliveTimer {
    private final ControllerQueues queues;
    private final AdminQueue admin;
    private final long timeoutNanos;
    private final long periodNanos;
    private final boolean trafficBased;
    private final Runnable onPeriod = this::onPeriod;
    private EventLoop.Timer timer;
    private long completedCount;
    private boolean outstanding;
    private boolean stopped;

    KeepAliveTimer(ControllerQueues queues, AdminQueue admin, int timeoutMillis, boolean trafficBased) {
        this.queues = queues;
        this.admin = admin;
        this.timeoutNanos = timeoutMillis * 1_000_000L;
        this.periodNanos = timeoutNanos / (trafficBased ? 4 : 2);
        this.trafficBased = trafficBased;
    }

    void start() {
        timer = queues.loop().schedule(periodNanos, onPeriod);
    }

    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    private void onPeriod() {
        if (stopped || queues.closeReason() != null) {
            return;
        }
        timer = queues.loop().schedule(periodNanos, onPeriod);
        long completed = completedOnAllQueues();
        boolean traffic = completed != completedCount;
        completedCount = completed;
        if (outstanding || trafficBased && traffic) {
            return; // An unanswered Keep Alive has its own time limit.
        }
        outstanding = true;
        admin.giveUrgent(PassthroughCommand.of(AdminOpcode.KEEP_ALIVE.code()).named("Keep Alive")
                .timeoutNanos(timeoutNanos)).whenComplete((result, failure) -> onAnswer(failure));
    }

    private void onAnswer(Throwable failure) {
        outstanding = false;
        // A lost connection, too late an answer included, is reported by the queue itself.
        if (failure instanceof CommandException && queues.closeReason() == null) {
            queues.closeAll(new CloseReason(CloseReason.Kind.PROTOCOL_ERROR,
                    "Keep Alive failed: " + failure.getMessage(), failure));
        }
    }

    private long completedOnAllQueues() {
        long[] count = {0};
        queues.forEach(gate -> count[0] += gate.queue().completedCount());
        return count[0];
    }
}
