package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.ReservationNotificationLog;
import io.nvmeof.target.reservation.ReservationNotice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The Reservation Notification log of a controller, and which notifications its host does not want (NVMe Base 2.1,
 * Reservation Notification log page; Reservation Notification Mask feature). Owned by the controller's loop.
 */
final class ReservationNotifications {
    /** Most notifications that wait to be read; further ones are lost, which the host sees from the count. */
    static final int ENTRY_COUNT_MAX = 255;
    /** The bits of the mask: registration preempted, reservation released, reservation preempted. */
    static final int MASK_BITS = 0xE;

    private record Entry(long count, ReservationNotice.Kind kind, int namespaceId) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<Integer, Integer> masks = new HashMap<>();
    private long count;

    /** Something happened; returns whether there is something to be read because of it. */
    boolean add(int namespaceId, ReservationNotice.Kind kind) {
        if ((mask(namespaceId) & 1 << kind.code()) != 0) {
            return false;
        }
        count++;
        if (entries.size() == ENTRY_COUNT_MAX) {
            return false; // It was counted: the gap shows once something is logged again.
        }
        entries.add(new Entry(count, kind, namespaceId));
        return true;
    }

    /** The log page: the oldest notification. */
    ReservationNotificationLog page() {
        Entry oldest = entries.peek();
        return oldest == null ? ReservationNotificationLog.EMPTY : new ReservationNotificationLog(oldest.count,
                oldest.kind.code(), Math.min(entries.size() - 1, ReservationNotificationLog.AVAILABLE_PAGES_MAX),
                oldest.namespaceId);
    }

    /** The host has read the page; returns whether there is another one. */
    boolean onRead() {
        entries.poll();
        return !entries.isEmpty();
    }

    int mask(int namespaceId) {
        return masks.getOrDefault(namespaceId, 0);
    }

    void setMask(int namespaceId, int mask) {
        masks.put(namespaceId, mask);
    }

    /** A Controller Level Reset. */
    void reset() {
        entries.clear();
        masks.clear();
        count = 0;
    }
}
