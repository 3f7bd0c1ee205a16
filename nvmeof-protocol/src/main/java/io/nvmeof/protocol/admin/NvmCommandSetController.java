package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * What Identify (CNS 06h) says about a controller and the NVM Command Set (NVM Command Set 1.1, I/O Command Set
 * Specific Identify Controller Data Structure): limits of commands that move no data. In all of them 0 is no limit.
 *
 * @param verifySizeLimit VSL, as the exponent of a power of two, in units of CAP.MPSMIN
 * @param writeZeroesSizeLimit WZSL, likewise
 * @param writeUncorrectableSizeLimit WUSL, likewise
 * @param datasetManagementRanges DMRL, ranges of a Dataset Management command, up to 255
 * @param datasetManagementRangeBlocks DMRSL, blocks of each of them
 * @param datasetManagementBlocks DMSL, blocks of all of them
 */
public record NvmCommandSetController(int verifySizeLimit, int writeZeroesSizeLimit, int writeUncorrectableSizeLimit,
        int datasetManagementRanges, long datasetManagementRangeBlocks, long datasetManagementBlocks) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("VSL"),
            U8.withName("WZSL"),
            U8.withName("WUSL"),
            U8.withName("DMRL"),
            LE32.withName("DMRSL"),
            LE64.withName("DMSL"),
            MemoryLayout.paddingLayout(4080));

    /** Bytes of the structure. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    private static final VarHandle VSL = field("VSL");
    private static final VarHandle WZSL = field("WZSL");
    private static final VarHandle WUSL = field("WUSL");
    private static final VarHandle DMRL = field("DMRL");
    private static final VarHandle DMRSL = field("DMRSL");
    private static final VarHandle DMSL = field("DMSL");

    /** Writes all 4096 bytes. */
    public void encode(MemorySegment into, long base) {
        into.asSlice(base, SIZE).fill((byte) 0);
        VSL.set(into, base, (byte) verifySizeLimit);
        WZSL.set(into, base, (byte) writeZeroesSizeLimit);
        WUSL.set(into, base, (byte) writeUncorrectableSizeLimit);
        DMRL.set(into, base, (byte) datasetManagementRanges);
        DMRSL.set(into, base, (int) datasetManagementRangeBlocks);
        DMSL.set(into, base, datasetManagementBlocks);
    }

    /** Reads 4096 bytes; every value is the peer's. */
    public static NvmCommandSetController decode(MemorySegment from, long base) {
        return new NvmCommandSetController(Byte.toUnsignedInt((byte) VSL.get(from, base)),
                Byte.toUnsignedInt((byte) WZSL.get(from, base)), Byte.toUnsignedInt((byte) WUSL.get(from, base)),
                Byte.toUnsignedInt((byte) DMRL.get(from, base)), Integer.toUnsignedLong((int) DMRSL.get(from, base)),
                (long) DMSL.get(from, base));
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
