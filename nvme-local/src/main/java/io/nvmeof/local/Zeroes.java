package io.nvmeof.local;

import java.lang.foreign.Arena;

/**
 * Zeroes to write from, shared by all; made when a file system first needs them because it cannot zero a range itself.
 */
final class Zeroes {
    static final int BYTES = 256 << 10;
    private static final int ALIGNMENT_BYTES = 4096;

    private Zeroes() {}

    private static final class Memory {
        static final long ADDRESS = Arena.global().allocate(BYTES, ALIGNMENT_BYTES).address();
    }

    static long address() {
        return Memory.ADDRESS;
    }
}
