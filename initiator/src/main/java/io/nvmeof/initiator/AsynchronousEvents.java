package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.FeatureIdentifier;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.LogPageIdentifier;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events a controller reports of itself: which are asked for, the requests that wait for them, and the log page
 * that has to be read before the same event can come again (NVMe Base 2.1, Asynchronous Event Request).
 *
 * <p>Owned by the loop of the admin queue.
 */
final class AsynchronousEvents {
    /** Requests that wait at once; one would do, more let events of different kinds come together. */
    static final int REQUEST_COUNT_MAX = 4;

    private static final Logger LOG = LoggerFactory.getLogger(AsynchronousEvents.class);
    private static final int WANTED = AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE | AsynchronousEvent.ENABLE_ANA_CHANGE
            | AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE;
    private static final int ALL_NAMESPACES = 0xFFFF_FFFF;
    /** Enough of a log page to have read it, as far as the controller is concerned. */
    private static final int LOG_PAGE_BYTES = 4096;

    /** What an event leads to. */
    interface Listener {
        /**
         * An event came.
         *
         * @param logPage the first 4096 bytes of the log page that belongs to it, or {@code null} if it has none or
         *     could not be read
         */
        void onEvent(AsynchronousEvent event, MemorySegment logPage);
    }

    private final AdminQueue admin;
    private final ControllerQueues queues;
    private final IdentifyController identify;
    private final Listener listener;

    AsynchronousEvents(AdminQueue admin, ControllerQueues queues, IdentifyController identify, Listener listener) {
        this.admin = admin;
        this.queues = queues;
        this.identify = identify;
        this.listener = listener;
    }

    /** Enables what the controller can report of what this host wants, then waits for events. */
    CompletableFuture<Void> configure() {
        int enabled = identify.optionalAsynchronousEvents() & WANTED;
        CompletableFuture<?> configured = enabled == 0 ? CompletableFuture.completedFuture(null)
                : admin.setFeature(FeatureIdentifier.ASYNCHRONOUS_EVENT_CONFIGURATION, 0, enabled, false);
        return configured.handle((x, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof CommandException refused) {
                LOG.warn("{} does not report events: {}", admin.gate().name(), refused.getMessage());
            } else if (cause != null) {
                throw new CompletionException(cause);
            } else {
                requestEvents();
            }
            return null;
        });
    }

    private void requestEvents() {
        int count = Math.min(identify.asynchronousEventRequestLimit() + 1, REQUEST_COUNT_MAX);
        for (int i = 0; i < count; i++) {
            request();
        }
    }

    private void request() {
        admin.giveUrgent(PassthroughCommand.of(AdminOpcode.ASYNCHRONOUS_EVENT_REQUEST.code())
                .named("Asynchronous Event Request").timeoutNanos(0)).whenComplete(this::onAnswer);
    }

    private void onAnswer(CommandResult result, Throwable failure) {
        if (failure instanceof CommandException refused) {
            LOG.warn("no more events from {}: {}", admin.gate().name(), refused.getMessage());
        }
        if (failure != null || queues.closeReason() != null) {
            return;
        }
        AsynchronousEvent event = AsynchronousEvent.ofDword0(result.dword0());
        if (event.logPage() == LogPageIdentifier.SUPPORTED_LOG_PAGES.code()) {
            listener.onEvent(event, null);
            request();
            return;
        }
        admin.logPage(event.logPage(), ALL_NAMESPACES, 0, LOG_PAGE_BYTES, false).whenComplete((page, unread) -> {
            if (unread != null && queues.closeReason() == null) {
                LOG.warn("cannot read the log page of {} of {}: {}", event, admin.gate().name(), unread.getMessage());
            }
            listener.onEvent(event, page);
            // Only now: a controller that reports without end is answered one log page at a time.
            request();
        });
    }
}
