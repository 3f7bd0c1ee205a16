package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * Reservation Notification log page, LID 80h: one thing that happened to a reservation this host has a part in (NVMe
 * Base 2.1, Reservation Notification). Reading it brings the next one, the oldest first.
 *
 * @param count LPC: which notification of this controller it is, from 1; a gap means that some were lost. 0 in an
 *     {@link #EMPTY} page
 * @param type 0 to 255: {@link #TYPE_REGISTRATION_PREEMPTED} and the like
 * @param availablePages NALP: how many more there are to be read, at most 255
 * @param namespaceId the namespace whose reservation it is
 */
public record ReservationNotificationLog(long count, int type, int availablePages, int namespaceId) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE64.withName("LPC"),
            U8.withName("RNLPT"),
            U8.withName("NALP"),
            MemoryLayout.paddingLayout(2),
            LE32.withName("NSID"),
            MemoryLayout.paddingLayout(48));

    /** Bytes of the page. */
    public static final int SIZE = (int) LAYOUT.byteSize();
    /** Most further pages the page can tell of. */
    public static final int AVAILABLE_PAGES_MAX = 0xFF;

    /** Nothing to be read. */
    public static final int TYPE_EMPTY = 0;
    /** Another host took this host's registration away. */
    public static final int TYPE_REGISTRATION_PREEMPTED = 1;
    /** The reservation was released. */
    public static final int TYPE_RESERVATION_RELEASED = 2;
    /** Another host took the reservation away. */
    public static final int TYPE_RESERVATION_PREEMPTED = 3;

    /** The page when nothing has happened. */
    public static final ReservationNotificationLog EMPTY = new ReservationNotificationLog(0, TYPE_EMPTY, 0, 0);

    private static final long LPC = LAYOUT.byteOffset(groupElement("LPC"));
    private static final long RNLPT = LAYOUT.byteOffset(groupElement("RNLPT"));
    private static final long NALP = LAYOUT.byteOffset(groupElement("NALP"));
    private static final long NSID = LAYOUT.byteOffset(groupElement("NSID"));

    /** Refuses what the fields cannot hold. */
    public ReservationNotificationLog {
        if (((type | availablePages) & ~0xFF) != 0) {
            throw new IllegalArgumentException("reservation notification " + type + ", " + availablePages + " more");
        }
    }

    /** Reads the {@link #SIZE} bytes at {@code base}, whatever they are. */
    public static ReservationNotificationLog decode(MemorySegment from, long base) {
        MemorySegment bytes = from.asSlice(base, SIZE);
        return new ReservationNotificationLog(bytes.get(LE64, LPC), Byte.toUnsignedInt(bytes.get(U8, RNLPT)),
                Byte.toUnsignedInt(bytes.get(U8, NALP)), bytes.get(LE32, NSID));
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        MemorySegment bytes = into.asSlice(base, SIZE).fill((byte) 0);
        bytes.set(LE64, LPC, count);
        bytes.set(U8, RNLPT, (byte) type);
        bytes.set(U8, NALP, (byte) availablePages);
        bytes.set(LE32, NSID, namespaceId);
    }
}
