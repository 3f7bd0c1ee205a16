package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Namespace identifiers in increasing order. On the wire, as a Namespace List (NVMe Base 2.1), up to 1024 of them, zero
 * filled: Identify CNS 02h, 07h, 10h return one, and so does the Changed Attached Namespace List log page. A group of
 * the ANA log page may hold more.
 */
public final class NamespaceList {
    /** Bytes of the list on the wire. */
    public static final int SIZE = 4096;
    /** Most identifiers one list holds; a host asks for the next list with the last of them. */
    public static final int MAX_ENTRIES = SIZE / Integer.BYTES;
    /** The only entry of a Changed Namespace List that would not hold all changes. */
    public static final int TOO_MANY_CHANGED = 0xFFFFFFFF;

    private final int[] namespaceIds;

    private NamespaceList(int[] namespaceIds) {
        this.namespaceIds = namespaceIds;
    }

    /**
     * A list of these identifiers, unsigned, not 0, in increasing order.
     *
     * @throws IllegalArgumentException if they are not in order
     */
    public static NamespaceList of(int... namespaceIds) {
        int previous = 0;
        for (int namespaceId : namespaceIds) {
            if (Integer.compareUnsigned(namespaceId, previous) <= 0) {
                throw new IllegalArgumentException("namespace identifiers not in order: "
                        + Integer.toUnsignedString(namespaceId) + " after " + Integer.toUnsignedString(previous));
            }
            previous = namespaceId;
        }
        return new NamespaceList(namespaceIds.clone());
    }

    /**
     * The part of {@code sorted} that answers "active namespaces above {@code after}": at most 1024 of them.
     *
     * @param sorted all identifiers, in increasing unsigned order
     * @param after NSID of the Identify command; unsigned
     */
    public static NamespaceList above(int after, int... sorted) {
        int from = 0;
        while (from < sorted.length && Integer.compareUnsigned(sorted[from], after) <= 0) {
            from++;
        }
        return of(Arrays.copyOfRange(sorted, from, Math.min(sorted.length, from + MAX_ENTRIES)));
    }

    /**
     * Reads the {@link #SIZE} bytes at {@code base}, up to the first 0.
     *
     * @throws IllegalArgumentException if the identifiers are not in order
     */
    public static NamespaceList decode(MemorySegment from, long base) {
        int[] namespaceIds = new int[MAX_ENTRIES];
        int count = 0;
        while (count < MAX_ENTRIES) {
            int namespaceId = from.get(LE32, base + (long) count * Integer.BYTES);
            if (namespaceId == 0) {
                break;
            }
            namespaceIds[count++] = namespaceId;
        }
        return of(Arrays.copyOf(namespaceIds, count));
    }

    /**
     * Writes all {@link #SIZE} bytes.
     *
     * @throws IllegalArgumentException if there are more than {@link #MAX_ENTRIES}
     */
    public void encode(MemorySegment into, long base) {
        if (namespaceIds.length > MAX_ENTRIES) {
            throw new IllegalArgumentException(namespaceIds.length + " namespaces in one list");
        }
        into.asSlice(base, SIZE).fill((byte) 0);
        MemorySegment.copy(namespaceIds, 0, into, LE32, base, namespaceIds.length);
    }

    /** The identifiers, unsigned and in order. */
    public int[] namespaceIds() {
        return namespaceIds.clone();
    }

    /** How many there are. */
    public int size() {
        return namespaceIds.length;
    }

    /** Whether another list may follow, because this one is full. */
    public boolean full() {
        return namespaceIds.length >= MAX_ENTRIES;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamespaceList that && Arrays.equals(namespaceIds, that.namespaceIds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(namespaceIds);
    }

    @Override
    public String toString() {
        return "NamespaceList" + Arrays.toString(namespaceIds);
    }
}
