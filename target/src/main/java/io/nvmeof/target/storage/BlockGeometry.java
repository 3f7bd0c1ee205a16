package io.nvmeof.target.storage;

/** The rules every backend's size follows. */
final class BlockGeometry {
    private static final int BLOCK_SIZE_BYTES_MIN = 512;
    private static final int BLOCK_SIZE_BYTES_MAX = 65_536;

    private BlockGeometry() {}

    /** Throws {@link IllegalArgumentException}, naming value and range, unless both are possible. */
    static void check(long sizeBytes, int blockSizeBytes, long sizeBytesMax) {
        if (blockSizeBytes < BLOCK_SIZE_BYTES_MIN || blockSizeBytes > BLOCK_SIZE_BYTES_MAX
                || Integer.bitCount(blockSizeBytes) != 1) {
            throw new IllegalArgumentException("block size " + blockSizeBytes
                    + " bytes: allowed are powers of two from " + BLOCK_SIZE_BYTES_MIN + " to " + BLOCK_SIZE_BYTES_MAX);
        }
        if (sizeBytes < blockSizeBytes || sizeBytes > sizeBytesMax || sizeBytes % blockSizeBytes != 0) {
            throw new IllegalArgumentException("size " + sizeBytes + " bytes: allowed are multiples of the block size, "
                    + blockSizeBytes + ", up to " + sizeBytesMax);
        }
    }
}
