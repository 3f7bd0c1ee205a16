package io.nvmeof.local;

/** How a file is read and written. */
public enum FileEngine {
    /** The loop's io_uring ring where it has one, else positional I/O. */
    AUTO,
    /** The loop's io_uring ring; a loop without one cannot open the backend. */
    IO_URING,
    /** pread and pwrite on a few worker threads, so that the loop itself is never blocked. */
    POSITIONAL
}
