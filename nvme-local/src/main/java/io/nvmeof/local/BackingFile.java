package io.nvmeof.local;

import io.nvmeof.local.posix.Errno;
import io.nvmeof.local.posix.FileStatus;
import io.nvmeof.local.posix.SystemCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open, locked file or block device and what is known of it. Shared by the channels of all loops; closed when the
 * backend and the last channel have let go of it, so that no queued operation ever meets a reused descriptor.
 */
final class BackingFile {
    private static final Logger LOGGER = LoggerFactory.getLogger(BackingFile.class);

    /**
     * What opening found out.
     *
     * @param path as given
     * @param fd the locked descriptor
     * @param sizeBytes the size of the namespace at first; later {@link FileFaults#sizeBytes()} knows it
     * @param regular whether this is a regular file, which can shrink
     * @param directAlignment what offsets and lengths must be a multiple of; 1 through the page cache
     * @param memoryAlignment what addresses must be a multiple of; 1 through the page cache
     * @param preferredBytes the best unit for writing
     * @param punchHole whether storage can be given back
     */
    record Facts(String path, int fd, long sizeBytes, boolean regular, boolean direct, int directAlignment,
            int memoryAlignment, int preferredBytes, boolean readOnly, boolean punchHole) {}

    private final SystemCalls calls;
    private final Facts facts;
    private final FileFaults faults;
    private final BlockGuard guard = new BlockGuard();
    private final FileStatus.DeviceNumber device;
    private final long inode;
    private volatile boolean canPunchHole;
    private volatile boolean canZeroRange;
    private WorkerPool workers;
    private int holders = 1;

    BackingFile(SystemCalls calls, Facts facts, FileStatus status) {
        this.calls = calls;
        this.facts = facts;
        this.faults = new FileFaults(facts.path, facts.sizeBytes);
        this.device = status.device();
        this.inode = status.inode();
        this.canPunchHole = facts.punchHole;
        this.canZeroRange = !facts.readOnly;
    }

    SystemCalls calls() {
        return calls;
    }

    Facts facts() {
        return facts;
    }

    FileFaults faults() {
        return faults;
    }

    BlockGuard guard() {
        return guard;
    }

    boolean canPunchHole() {
        return canPunchHole;
    }

    boolean canZeroRange() {
        return canZeroRange;
    }

    /** The file system answered that it cannot: do not ask again. */
    void forget(int allocateMode) {
        if ((allocateMode & SystemCalls.FALLOC_FL_PUNCH_HOLE) != 0) {
            canPunchHole = false;
        } else {
            canZeroRange = false;
        }
    }

    /**
     * Opens the file once more, for one channel's fdatasync alone. The kernel reports a failed write-back once for each
     * open file, so a descriptor shared by several would tell only the first.
     */
    int openForSynchronizing() {
        int flags = SystemCalls.O_RDWR | SystemCalls.O_CLOEXEC;
        int fd = calls.open("/proc/self/fd/" + facts.fd, flags, 0);
        if (fd == -Errno.ENOENT) {
            fd = calls.open(facts.path, flags, 0);
        }
        if (fd < 0) {
            throw new UncheckedIOException(new IOException(facts.path + ": cannot be opened once more to flush it: "
                    + Errno.describe(-fd)));
        }
        FileStatus status = calls.status(fd);
        if (status.inode() != inode || !status.device().equals(device)) {
            calls.close(fd);
            throw new UncheckedIOException(new IOException(facts.path
                    + ": was replaced by another file since the backend opened it; restart the target"));
        }
        return fd;
    }

    /** Whether the file still has all its bytes, and a name; says so in the log if not. */
    boolean complete() {
        if (facts.regular) {
            long expectedBytes = faults.sizeBytes(); // Before the question: it may be growing.
            long sizeBytes = calls.sizeBytes(facts.fd);
            if (sizeBytes >= 0 && sizeBytes < expectedBytes) {
                faults.onShrunk(sizeBytes);
            }
            faults.onNamed(!calls.deleted(facts.fd));
        }
        return !faults.shrunk();
    }

    /** The size of the file or device by now, in bytes. */
    long actualBytes() {
        long sizeBytes = facts.regular ? calls.sizeBytes(facts.fd)
                : calls.controlLong(facts.fd, SystemCalls.BLKGETSIZE64);
        if (sizeBytes < 0) {
            throw new UncheckedIOException(new IOException(facts.path + ": does not tell its size"));
        }
        return sizeBytes;
    }

    /**
     * Gives the namespace another size, and the file too unless it has it already.
     *
     * @param blockBytes the size of a block: a rest of the file that is smaller stays as it is
     */
    synchronized void resize(long sizeBytes, int blockBytes) {
        long actualBytes = actualBytes();
        if (actualBytes / blockBytes != sizeBytes / blockBytes) {
            if (!facts.regular || facts.readOnly) {
                throw new UnsupportedOperationException(facts.path + " has " + actualBytes + " bytes");
            }
            if (faults.shrunk() && sizeBytes > actualBytes) {
                throw new UncheckedIOException(new IOException(facts.path + ": was cut to " + actualBytes
                        + " bytes by someone else; take over that size first, what was lost would read as zeroes"));
            }
            truncate(sizeBytes);
        }
        faults.onResized(sizeBytes);
    }

    private void truncate(long sizeBytes) {
        long formerBytes = faults.sizeBytes();
        if (sizeBytes < formerBytes) {
            faults.onResized(sizeBytes); // Nothing may touch what is about to go.
        }
        int result = calls.truncate(facts.fd, sizeBytes);
        if (result < 0) {
            faults.onResized(formerBytes);
            throw new UncheckedIOException(new IOException(facts.path + ": cannot be given " + sizeBytes + " bytes: "
                    + Errno.describe(-result)));
        }
        result = calls.synchronize(facts.fd);
        if (result < 0) {
            // The size is what it is now, and may be another after a crash: nobody is told that a flush worked.
            faults.onError(FileFaults.Action.FLUSH, -result, 0, sizeBytes);
        }
    }

    /** The threads that make calls for loops without a ring, started when first asked for. */
    synchronized WorkerPool workers() {
        if (workers == null) {
            workers = new WorkerPool(calls, facts.path.substring(facts.path.lastIndexOf('/') + 1));
        }
        return workers;
    }

    synchronized void retain() {
        if (holders == 0) {
            throw new IllegalStateException(facts.path + ": is closed");
        }
        holders++;
    }

    synchronized void release() {
        if (--holders == 0) {
            if (workers != null) {
                workers.close();
            }
            int result = calls.close(facts.fd);
            if (result < 0) {
                LOGGER.warn("{}: close: {}", facts.path, Errno.describe(-result));
            }
        }
    }

    /** Channels that still use the file, for a message when the backend closes before them. */
    synchronized int channelCount() {
        return holders - 1;
    }
}
