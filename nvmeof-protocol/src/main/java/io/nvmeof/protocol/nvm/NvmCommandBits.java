package io.nvmeof.protocol.nvm;

/**
 * Bits of command dword 12 that Read, Write, Compare, Write Zeroes, Verify and Write Uncorrectable share (NVM Command
 * Set 1.1). Dwords 10 and 11 are the starting LBA.
 */
public final class NvmCommandBits {
    /** Number of Logical Blocks, 0's based. */
    public static final int NUMBER_OF_BLOCKS_MASK = 0xFFFF;
    /** Storage Tag Check. */
    public static final int STORAGE_TAG_CHECK = 1 << 24;
    /** Deallocate (DEAC) of Write Zeroes: the blocks may be deallocated instead, if they then read as zeroes. */
    public static final int DEALLOCATE = 1 << 25;
    /** Protection Information (PRINFO), bits 29:26; 0 without metadata. */
    public static final int PROTECTION_INFORMATION_MASK = 0xF << 26;
    /** Force Unit Access: from or to the medium, not a volatile cache. */
    public static final int FORCE_UNIT_ACCESS = 1 << 30;
    /** Limited Retry. */
    public static final int LIMITED_RETRY = 1 << 31;

    /** Byte of the command where the starting LBA is, for error locations. */
    public static final int STARTING_LBA_BYTE = 40;
    /** Byte of the command where the number of blocks is, for error locations. */
    public static final int NUMBER_OF_BLOCKS_BYTE = 48;

    private NvmCommandBits() {}

    /** How many blocks dword 12 asks for, 1 to 65536. */
    public static int blockCount(int dword12) {
        return (dword12 & NUMBER_OF_BLOCKS_MASK) + 1; // NLB is 0's based.
    }

    /**
     * Dword 12 for so many blocks.
     *
     * @throws IllegalArgumentException unless {@code blockCount} is 1 to 65536
     */
    public static int dword12(int blockCount, int flags) {
        if (blockCount < 1 || blockCount > NUMBER_OF_BLOCKS_MASK + 1) {
            throw new IllegalArgumentException("number of blocks " + blockCount);
        }
        return blockCount - 1 | flags;
    }
}
