package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Asymmetric Namespace Access log page, LID 0Ch: which groups of namespaces this controller serves how well (NVMe Base
 * 2.1, Asymmetric Namespace Access).
 *
 * @param changeCount rises with every change, and wraps from the highest value to 0
 * @param groups at most 65535 of them
 */
public record AnaLog(long changeCount, List<AnaGroupDescriptor> groups) {
    /** The wire layout of the part before the groups; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE64.withName("CHGC"),
            LE16.withName("NAGD"),
            MemoryLayout.paddingLayout(6));

    /** Bytes of the part before the groups. */
    public static final int HEADER_SIZE = (int) LAYOUT.byteSize();

    private static final long CHGC = LAYOUT.byteOffset(groupElement("CHGC"));
    private static final long NAGD = LAYOUT.byteOffset(groupElement("NAGD"));
    private static final int MAX_GROUPS = 0xFFFF;

    /** Refuses more groups than the count can hold. */
    public AnaLog {
        groups = List.copyOf(groups);
        if (groups.size() > MAX_GROUPS) {
            throw new IllegalArgumentException(groups.size() + " ANA groups");
        }
    }

    /** Bytes of this log page on the wire. */
    public int size() {
        return HEADER_SIZE + groups.stream().mapToInt(AnaGroupDescriptor::size).sum();
    }

    /** Bytes of a log page with so many groups that have so many namespaces together. */
    public static int size(int groupCount, int namespaceCount) {
        return HEADER_SIZE + groupCount * AnaGroupDescriptor.HEADER_SIZE + namespaceCount * Integer.BYTES;
    }

    /** The same without namespaces, for a host that asked to Return Groups Only. */
    public AnaLog withoutNamespaces() {
        NamespaceList none = NamespaceList.of();
        return new AnaLog(changeCount, groups.stream()
                .map(group -> new AnaGroupDescriptor(group.groupId(), group.changeCount(), group.stateCode(), none))
                .toList());
    }

    /**
     * Reads a log page of which {@code length} bytes were returned.
     *
     * @throws IllegalArgumentException if the groups it announces do not fit in that, or one of them is malformed
     */
    public static AnaLog decode(MemorySegment from, long base, long length) {
        if (length < HEADER_SIZE) {
            throw new IllegalArgumentException("an ANA log page of " + length + " bytes");
        }
        int count = Short.toUnsignedInt(from.get(LE16, base + NAGD));
        List<AnaGroupDescriptor> groups = new ArrayList<>();
        long at = HEADER_SIZE;
        for (int i = 0; i < count; i++) {
            AnaGroupDescriptor group = AnaGroupDescriptor.decode(from, base + at, length - at);
            groups.add(group);
            at += group.size();
        }
        return new AnaLog(from.get(LE64, base + CHGC), groups);
    }

    /** Writes all {@link #size()} bytes. */
    public void encode(MemorySegment into, long base) {
        into.asSlice(base, HEADER_SIZE).fill((byte) 0);
        into.set(LE64, base + CHGC, changeCount);
        into.set(LE16, base + NAGD, (short) groups.size());
        long at = base + HEADER_SIZE;
        for (AnaGroupDescriptor group : groups) {
            group.encode(into, at);
            at += group.size();
        }
    }
}
