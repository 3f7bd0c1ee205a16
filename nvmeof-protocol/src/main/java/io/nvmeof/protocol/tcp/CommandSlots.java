package io.nvmeof.protocol.tcp;

/**
 * The commands outstanding on the controller's side of a connection: slots, the identifiers in use, and the transfer
 * tags by which H2CData finds its slot.
 *
 * <p>A transfer tag is the slot's index in its low bits and a generation above it, so that data which answers an old
 * R2T is told from data that answers a new one.
 */
final class CommandSlots {
    private static final int TAG_MASK = 0xFFFF;

    private final long[] outstandingIds = new long[(TAG_MASK + 1) / Long.SIZE];
    private CommandSlot[] slots = new CommandSlot[0];
    private int[] free = new int[0];
    private int freeCount;
    private int indexBits;

    CommandSlots(int count) {
        grow(count);
    }

    int count() {
        return slots.length;
    }

    CommandSlot get(int index) {
        return slots[index];
    }

    /** Adds slots; those there are keep their commands. Not while an R2T is unanswered: tags change their meaning. */
    void grow(int count) {
        int before = slots.length;
        if (count < before) {
            throw new IllegalStateException("queue of " + before + " slots cannot shrink to " + count);
        }
        CommandSlot[] grown = new CommandSlot[count];
        System.arraycopy(slots, 0, grown, 0, before);
        int[] grownFree = new int[count];
        System.arraycopy(free, 0, grownFree, 0, freeCount);
        for (int i = count - 1; i >= before; i--) {
            grown[i] = new CommandSlot(i);
            grownFree[freeCount++] = i;
        }
        slots = grown;
        free = grownFree;
        indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    }

    /** Whether a command with this identifier is outstanding. */
    boolean outstanding(int commandId) {
        return (outstandingIds[commandId >>> 6] & 1L << commandId) != 0;
    }

    /** A free slot for a new command, or {@code null} if there is none. */
    CommandSlot take(int commandId) {
        if (freeCount == 0) {
            return null;
        }
        outstandingIds[commandId >>> 6] |= 1L << commandId;
        return slots[free[--freeCount]];
    }

    void release(CommandSlot slot) {
        slot.state = CommandSlot.State.FREE;
        outstandingIds[slot.commandId >>> 6] &= ~(1L << slot.commandId);
        free[freeCount++] = slot.index;
    }

    /** Gives the slot a new transfer tag. */
    void tag(CommandSlot slot) {
        slot.transferTag = (++slot.generation << indexBits | slot.index) & TAG_MASK;
    }

    /** The slot that waits for data under this tag, or {@code null}. */
    CommandSlot receiving(int transferTag) {
        int index = transferTag & (1 << indexBits) - 1;
        if (index >= slots.length) {
            return null;
        }
        CommandSlot slot = slots[index];
        return slot.state == CommandSlot.State.RECEIVING && slot.transferTag == transferTag ? slot : null;
    }
}
