package io.nvmeof.local.posix;

/**
 * The system calls that storage is made of. A failure is the negative error number, as the kernel itself returns it;
 * {@link Errno} has the names. Any thread may call; everything here may block on storage.
 *
 * <p>An interface so that tests can make a disk fail.
 */
public interface SystemCalls {
    int O_RDONLY = 0;
    int O_RDWR = 2;
    int O_CREAT = 0x40;
    int O_EXCL = 0x80;
    int O_CLOEXEC = 0x80000;
    /** Write through to the device at once (pwritev2(2), io_uring). */
    int RWF_DSYNC = 2;
    int FALLOC_FL_KEEP_SIZE = 1;
    int FALLOC_FL_PUNCH_HOLE = 2;
    int FALLOC_FL_ZERO_RANGE = 16;
    int LOCK_SH = 1;
    int LOCK_EX = 2;
    int LOCK_NB = 4;
    int BLKROGET = 0x125E;
    int BLKSSZGET = 0x1268;
    int BLKPBSZGET = 0x127B;
    int BLKGETSIZE64 = 0x80081272;

    /** The flag for unbuffered I/O, whose value depends on the processor. */
    int directFlag();

    /** The flag that insists on a directory, whose value depends on the processor. */
    int directoryFlag();

    /** open(2): a file descriptor. */
    int open(String path, int flags, int mode);

    int close(int fd);

    /** unlink(2). */
    int unlink(String path);

    /**
     * statx(2) of an open file, without asking a file server again.
     *
     * @throws java.io.UncheckedIOException if the kernel refuses, which it does for no open file
     */
    FileStatus status(int fd);

    /** The size alone, as {@link #status} says it, without creating anything; -1 if the kernel refuses. */
    long sizeBytes(int fd);

    /** Whether no name leads to an open file any more, so that it ends with its last descriptor. */
    boolean deleted(int fd);

    int truncate(int fd, long sizeBytes);

    int allocate(int fd, int mode, long offset, long length);

    /** pread(2): bytes read, fewer than asked for at the end of the file. */
    long read(int fd, long address, long length, long offset);

    /** pwritev2(2) of one piece, with {@link #RWF_DSYNC} or 0: bytes written. */
    long write(int fd, long address, long length, long offset, int flags);

    int synchronizeData(int fd);

    /** fsync(2): also of names, if {@code fd} is a directory. */
    int synchronize(int fd);

    /** flock(2). */
    int lock(int fd, int operation);

    /** An ioctl(2) that answers an int, such as {@link #BLKSSZGET}: the answer, which is never negative. */
    int controlInt(int fd, int request);

    /** An ioctl(2) that answers a 64-bit number, such as {@link #BLKGETSIZE64}: the answer, which is never negative. */
    long controlLong(int fd, int request);
}
