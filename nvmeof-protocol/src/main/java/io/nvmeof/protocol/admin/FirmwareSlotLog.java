package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.layout.WireText;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Firmware Slot Information log page, LID 03h (NVMe Base 2.1, Firmware Slot Information).
 *
 * @param activeSlot the slot whose firmware runs, 1 to 7 from an honest controller
 * @param nextSlot the slot that runs after the next reset, 0 if that is not known
 * @param revisions revision of each slot from 1 on, at most 7, an empty string for an empty slot
 */
public record FirmwareSlotLog(int activeSlot, int nextSlot, List<String> revisions) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("AFI"),
            MemoryLayout.paddingLayout(7),
            MemoryLayout.sequenceLayout(56, U8).withName("FRS"),
            MemoryLayout.paddingLayout(448));

    /** Bytes of the log page. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    private static final long AFI = LAYOUT.byteOffset(groupElement("AFI"));
    private static final long FRS = LAYOUT.byteOffset(groupElement("FRS"));
    private static final int SLOTS = 7;
    private static final int REVISION_SIZE = 8;
    private static final int NEXT_SHIFT = 4;
    private static final int SLOT_MASK = 0x7;

    /** Refuses what the fields cannot hold. */
    public FirmwareSlotLog {
        revisions = List.copyOf(revisions);
        if ((activeSlot & ~SLOT_MASK | nextSlot & ~SLOT_MASK) != 0 || revisions.size() > SLOTS) {
            throw new IllegalArgumentException(
                    "slots " + activeSlot + ", " + nextSlot + ", " + revisions.size() + " revisions");
        }
    }

    /** Reads the {@link #SIZE} bytes at {@code base}, whatever they are; all 7 slots are listed. */
    public static FirmwareSlotLog decode(MemorySegment from, long base) {
        MemorySegment bytes = from.asSlice(base, SIZE);
        List<String> revisions = new ArrayList<>(SLOTS);
        for (int slot = 0; slot < SLOTS; slot++) {
            revisions.add(WireText.ascii(bytes, FRS + (long) slot * REVISION_SIZE, REVISION_SIZE));
        }
        int active = bytes.get(U8, AFI);
        return new FirmwareSlotLog(active & SLOT_MASK, active >>> NEXT_SHIFT & SLOT_MASK, revisions);
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        MemorySegment bytes = into.asSlice(base, SIZE).fill((byte) 0);
        bytes.set(U8, AFI, (byte) (nextSlot << NEXT_SHIFT | activeSlot));
        for (int slot = 0; slot < revisions.size(); slot++) {
            if (!revisions.get(slot).isEmpty()) { // An empty slot is all zero, not spaces.
                WireText.putAscii(bytes, FRS + (long) slot * REVISION_SIZE, REVISION_SIZE, revisions.get(slot));
            }
        }
    }
}
