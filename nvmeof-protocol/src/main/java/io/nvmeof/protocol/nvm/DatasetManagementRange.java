package io.nvmeof.protocol.nvm;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * One range of a Dataset Management command, whose data is up to 256 of them (NVM Command Set 1.1, Dataset Management -
 * Range Definition).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused.
 */
public final class DatasetManagementRange {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE32.withName("CATTR"),
            LE32.withName("LENGTH"),
            LE64.withName("SLBA"));

    /** Bytes of a range. */
    public static final int SIZE = (int) LAYOUT.byteSize();
    /** Most ranges of a command: NR is 8 bits, 0's based. */
    public static final int MAX_RANGES = 256;

    /** Dword 10 of the command: mask of the number of ranges, 0's based. */
    public static final int NUMBER_OF_RANGES_MASK = 0xFF;
    /** Dword 11: the ranges are optimized for reading as a whole. */
    public static final int INTEGRAL_READ = 1;
    /** Dword 11: the ranges are optimized for writing as a whole. */
    public static final int INTEGRAL_WRITE = 1 << 1;
    /** Dword 11: the ranges may be deallocated. */
    public static final int DEALLOCATE = 1 << 2;

    private static final VarHandle CATTR = field("CATTR");
    private static final VarHandle LENGTH = field("LENGTH");
    private static final VarHandle SLBA = field("SLBA");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 16 bytes of {@code segment} that start at {@code base} from now on. */
    public DatasetManagementRange wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /** Writes all 16 bytes; {@code blocks} is below 2^32 and not 0's based. */
    public DatasetManagementRange encode(int contextAttributes, long startingLba, long blocks) {
        CATTR.set(segment, base, contextAttributes);
        LENGTH.set(segment, base, (int) blocks);
        SLBA.set(segment, base, startingLba);
        return this;
    }

    /** Context Attributes. */
    public int contextAttributes() {
        return (int) CATTR.get(segment, base);
    }

    /** Length in logical blocks, not 0's based; 0 is a range of nothing. */
    public long blocks() {
        return Integer.toUnsignedLong((int) LENGTH.get(segment, base));
    }

    /** The first block; all 64 bits are the peer's. */
    public long startingLba() {
        return (long) SLBA.get(segment, base);
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
