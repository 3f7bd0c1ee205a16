package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * One group of the ANA log page: its state on this controller, its namespaces (NVMe Base 2.1, ANA Group Descriptor).
 *
 * @param groupId ANAGRPID, unsigned 32 bits, not 0
 * @param changeCount when this group last changed; 0 if not reported
 * @param stateCode ANA state, 0 to 15; see {@link #state()}
 * @param namespaces the group's namespaces; empty if only groups were asked for
 */
public record AnaGroupDescriptor(long groupId, long changeCount, int stateCode, NamespaceList namespaces) {
    /** The wire layout of the part before the namespace identifiers; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE32.withName("AGID"),
            LE32.withName("NNV"),
            LE64.withName("CHGC"),
            U8.withName("STATE"),
            MemoryLayout.paddingLayout(15));

    /** Bytes of the part before the namespace identifiers. */
    public static final int HEADER_SIZE = (int) LAYOUT.byteSize();

    private static final long AGID = LAYOUT.byteOffset(groupElement("AGID"));
    private static final long NNV = LAYOUT.byteOffset(groupElement("NNV"));
    private static final long CHGC = LAYOUT.byteOffset(groupElement("CHGC"));
    private static final long STATE = LAYOUT.byteOffset(groupElement("STATE"));
    private static final int STATE_MASK = 0xF;

    /** Refuses what the fields cannot hold. */
    public AnaGroupDescriptor {
        if (groupId >>> Integer.SIZE != 0 || (stateCode & ~STATE_MASK) != 0) {
            throw new IllegalArgumentException("ANA group " + groupId + " in state " + stateCode);
        }
    }

    /** A group in a state the specification names. */
    public AnaGroupDescriptor(long groupId, long changeCount, AnaState state, NamespaceList namespaces) {
        this(groupId, changeCount, state.code(), namespaces);
    }

    /** The state, or null if the code names none. */
    public AnaState state() {
        return AnaState.ofCode(stateCode);
    }

    /** Bytes of this descriptor on the wire. */
    public int size() {
        return HEADER_SIZE + namespaces.size() * Integer.BYTES;
    }

    /**
     * Reads the descriptor at {@code base}; {@link #size()} says where it ends.
     *
     * @param limit bytes from {@code base} that belong to the log page
     * @throws IllegalArgumentException if it runs past the limit, or its namespaces are not in order
     */
    static AnaGroupDescriptor decode(MemorySegment from, long base, long limit) {
        if (limit < HEADER_SIZE) {
            throw new IllegalArgumentException("an ANA group descriptor in " + limit + " bytes");
        }
        long count = Integer.toUnsignedLong(from.get(LE32, base + NNV));
        if (HEADER_SIZE + count * Integer.BYTES > limit) {
            throw new IllegalArgumentException(count + " namespaces in " + limit + " bytes of an ANA group");
        }
        int[] namespaceIds = from.asSlice(base + HEADER_SIZE, count * Integer.BYTES).toArray(LE32);
        return new AnaGroupDescriptor(Integer.toUnsignedLong(from.get(LE32, base + AGID)), from.get(LE64, base + CHGC),
                from.get(U8, base + STATE) & STATE_MASK, NamespaceList.of(namespaceIds));
    }

    /** Writes all {@link #size()} bytes. */
    void encode(MemorySegment into, long base) {
        int[] namespaceIds = namespaces.namespaceIds();
        into.asSlice(base, HEADER_SIZE).fill((byte) 0);
        into.set(LE32, base + AGID, (int) groupId);
        into.set(LE32, base + NNV, namespaceIds.length);
        into.set(LE64, base + CHGC, changeCount);
        into.set(U8, base + STATE, (byte) stateCode);
        MemorySegment.copy(namespaceIds, 0, into, LE32, base + HEADER_SIZE, namespaceIds.length);
    }
}
