package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Asynchronous Event Requests that wait for an event, and events that wait for a request (NVMe Base 2.1, Asynchronous
 * Event Request command). An event that was reported is masked until the host has read its log page. Owned by the
 * controller's loop.
 */
final class AsynchronousEventQueue {
    private static final int OPCODE_BYTE = 0;

    private final Deque<Request> waiting = new ArrayDeque<>();
    private final Set<AsynchronousEvent> pending = new LinkedHashSet<>();
    private final Set<AsynchronousEvent> masked = new HashSet<>();

    /** The host offers a request to report an event with. */
    void onRequest(Request request) {
        dropFinished();
        if (waiting.size() > TargetLimits.ASYNCHRONOUS_EVENT_REQUEST_LIMIT) {
            request.reject(CommandSpecificStatus.ASYNCHRONOUS_EVENT_REQUEST_LIMIT_EXCEEDED, OPCODE_BYTE);
            return;
        }
        request.awaitEvent();
        waiting.addLast(request);
        reportPending();
    }

    /** Something happened that the host has asked to be told about. */
    void raise(AsynchronousEvent event) {
        if (!masked.contains(event)) {
            pending.add(event);
            reportPending();
        }
    }

    /** The host has read a log page and wants to hear of further events that it explains. */
    void onLogPageRead(int logPage) {
        masked.removeIf(event -> event.logPage() == logPage);
        pending.removeIf(event -> event.logPage() == logPage);
    }

    /** Completes every waiting request with this status and forgets all events: a reset. */
    void clear(StatusCode status) {
        dropFinished();
        pending.clear();
        masked.clear();
        while (!waiting.isEmpty()) {
            waiting.pollFirst().complete(status);
        }
    }

    int waitingCount() {
        dropFinished();
        return waiting.size();
    }

    private void reportPending() {
        dropFinished();
        while (!pending.isEmpty() && !waiting.isEmpty()) {
            AsynchronousEvent event = pending.iterator().next();
            pending.remove(event);
            masked.add(event);
            waiting.pollFirst().complete(GenericStatus.SUCCESSFUL_COMPLETION,
                    Integer.toUnsignedLong(event.dword0()));
        }
    }

    /** Requests that were aborted, or whose queue is gone, leave without telling. */
    private void dropFinished() {
        waiting.removeIf(request -> request.state() != RequestState.AWAITING_EVENT);
    }
}
