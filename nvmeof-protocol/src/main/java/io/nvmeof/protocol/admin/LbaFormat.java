package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.U8;

import java.lang.foreign.MemorySegment;

/**
 * One LBA format a namespace can have (NVM Command Set 1.1, LBA Format data structure).
 *
 * @param metadataBytes MS: bytes of metadata per block
 * @param dataSizeExponent LBADS: a block has 2 to this power bytes; below 9 the format is not available
 * @param relativePerformance RP byte: 0 best to 3 degraded in bits 1:0, the others reserved
 */
public record LbaFormat(int metadataBytes, int dataSizeExponent, int relativePerformance) {
    /** Bytes of an entry. */
    public static final int SIZE = 4;
    /** Most formats a namespace can list. */
    public static final int MAX_FORMATS = 64;

    private static final int MIN_EXPONENT = 9;
    private static final int MAX_EXPONENT = 30;
    private static final int LBADS = 2;
    private static final int RP = 3;

    /** Refuses what the fields cannot hold. */
    public LbaFormat {
        if ((metadataBytes & ~0xFFFF | dataSizeExponent & ~0xFF | relativePerformance & ~0xFF) != 0) {
            throw new IllegalArgumentException(
                    "LBA format " + metadataBytes + ", " + dataSizeExponent + ", " + relativePerformance);
        }
    }

    /**
     * The format of blocks of {@code blockSizeBytes} without metadata.
     *
     * @throws IllegalArgumentException unless it is a power of two from 512 bytes to 1 GiB
     */
    public static LbaFormat ofBlockSize(int blockSizeBytes) {
        int exponent = Integer.numberOfTrailingZeros(blockSizeBytes);
        if (Integer.bitCount(blockSizeBytes) != 1 || exponent < MIN_EXPONENT || exponent > MAX_EXPONENT) {
            throw new IllegalArgumentException("block size " + blockSizeBytes);
        }
        return new LbaFormat(0, exponent, 0);
    }

    /** Reads any four bytes. */
    public static LbaFormat decode(MemorySegment from, long base) {
        return new LbaFormat(Short.toUnsignedInt(from.get(LE16, base)),
                Byte.toUnsignedInt(from.get(U8, base + LBADS)), Byte.toUnsignedInt(from.get(U8, base + RP)));
    }

    /** Writes four bytes. */
    public void encode(MemorySegment into, long base) {
        into.set(LE16, base, (short) metadataBytes);
        into.set(U8, base + LBADS, (byte) dataSizeExponent);
        into.set(U8, base + RP, (byte) relativePerformance);
    }

    /** Bytes of data in a block, or 0 if LBADS is one that cannot be used (below 512 bytes or above 1 GiB). */
    public int blockSizeBytes() {
        return dataSizeExponent < MIN_EXPONENT || dataSizeExponent > MAX_EXPONENT ? 0 : 1 << dataSizeExponent;
    }
}
