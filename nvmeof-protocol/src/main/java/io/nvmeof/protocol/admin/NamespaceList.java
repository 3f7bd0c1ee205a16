package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A Namespace List: up to 1024 namespace identifiers in increasing order, zero filled (NVMe Base 2.1, Namespace List).
 * Identify CNS 02h, 07h, 10h return it, and so does the Changed Attached Namespace List log page.
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
     * @throws IllegalArgumentException if there are more than 1024, or they are not in order
     */
    public static NamespaceList of(int... namespaceIds) {
        if (namespaceIds.length > MAX_ENTRIES) {
            throw new IllegalArgumentException(namespaceIds.length + " namespaces in one list");
        }
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

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        into.asSlice(base, SIZE).fill((byte) 0);
        MemorySegment.copy(namespaceIds, 0, into, LE32, base, namespaceIds.length);
    }

    /** The identifiers, unsigned and in order. */
    public int[] namespaceIds() {
        return namespaceIds.clone();
    }

    /** Whether another list may follow, because this one is full. */
    public boolean full() {
        return namespaceIds.length == MAX_ENTRIES;
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
