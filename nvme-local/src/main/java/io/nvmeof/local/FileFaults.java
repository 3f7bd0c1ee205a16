package io.nvmeof.local;

import static io.nvmeof.local.posix.Errno.EACCES;
import static io.nvmeof.local.posix.Errno.EAGAIN;
import static io.nvmeof.local.posix.Errno.EBADMSG;
import static io.nvmeof.local.posix.Errno.EBUSY;
import static io.nvmeof.local.posix.Errno.EDQUOT;
import static io.nvmeof.local.posix.Errno.EFBIG;
import static io.nvmeof.local.posix.Errno.EHOSTDOWN;
import static io.nvmeof.local.posix.Errno.EHOSTUNREACH;
import static io.nvmeof.local.posix.Errno.EILSEQ;
import static io.nvmeof.local.posix.Errno.EINTR;
import static io.nvmeof.local.posix.Errno.EIO;
import static io.nvmeof.local.posix.Errno.EMEDIUMTYPE;
import static io.nvmeof.local.posix.Errno.ENODATA;
import static io.nvmeof.local.posix.Errno.ENODEV;
import static io.nvmeof.local.posix.Errno.ENOLINK;
import static io.nvmeof.local.posix.Errno.ENOSPC;
import static io.nvmeof.local.posix.Errno.ENOTCONN;
import static io.nvmeof.local.posix.Errno.ENXIO;
import static io.nvmeof.local.posix.Errno.EPERM;
import static io.nvmeof.local.posix.Errno.EREMOTEIO;
import static io.nvmeof.local.posix.Errno.EROFS;
import static io.nvmeof.local.posix.Errno.ESTALE;
import static io.nvmeof.local.posix.Errno.ETIMEDOUT;
import static io.nvmeof.local.posix.Errno.EUCLEAN;

import io.nvmeof.local.posix.Errno;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What went wrong with a file, told to hosts as NVMe statuses and to the operator as few log lines; and the two faults
 * that stay: a failed flush, and a file that lost its end. Shared by all channels.
 */
final class FileFaults {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileFaults.class);

    /** What was being done. */
    enum Action {
        READ,
        WRITE,
        FLUSH
    }

    /** So many failures and no success in between: not a bad spot, but a device that is gone. */
    static final int STORM_ERRORS = 1000;

    /**
     * The size of the namespace, and how much of it is still what hosts wrote.
     *
     * @param intactBytes less than the size once somebody else has cut the file
     */
    private record Extent(long sizeBytes, long intactBytes) {}

    private final String path;
    private final AtomicLong errorCount = new AtomicLong();
    /** Failures since the last success; roughly, where many loops count. */
    private volatile int failureCount;
    private volatile boolean goneTold;
    private volatile boolean flushFailed;
    private volatile boolean deleted;
    private volatile Extent extent;
    private volatile Consumer<String> goneListener = why -> {};

    FileFaults(String path, long sizeBytes) {
        this.path = path;
        this.extent = new Extent(sizeBytes, sizeBytes);
    }

    /** Sets who is told when the storage is found to be gone. */
    void setGoneListener(Consumer<String> listener) {
        goneListener = listener;
    }

    /** The size of the namespace. */
    long sizeBytes() {
        return extent.sizeBytes;
    }

    /** The file has been given this size by us, or its owner takes the size as it is. */
    synchronized void onResized(long sizeBytes) {
        extent = new Extent(sizeBytes, sizeBytes);
    }

    /** Whether an operation failed since the last that succeeded: {@link #onSuccess()} wants to know of the next. */
    boolean failing() {
        return failureCount != 0;
    }

    void onSuccess() {
        failureCount = 0;
        goneTold = false;
    }

    private static boolean outOfReach(int errno) {
        return switch (errno) {
            case EIO, EREMOTEIO, ENOLINK, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH -> true;
            default -> false;
        };
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // A count that misses one is as good.
    private void tellIfGone(int errno) {
        boolean gone = errno == ENODEV || errno == ENXIO || errno == ESTALE || errno == ENOTCONN;
        if (!gone && !outOfReach(errno)) {
            return; // A full or protected file system is there.
        }
        failureCount++;
        if ((gone || failureCount >= STORM_ERRORS) && !goneTold) {
            goneTold = true;
            goneListener.accept(gone ? Errno.describe(errno)
                    : STORM_ERRORS + " operations failed in a row, the last with " + Errno.describe(errno));
        }
    }

    /**
     * An operation failed.
     *
     * @param errno positive
     * @return the status the host is to see: a media error where the data is at fault, a path error where the device is
     *     out of reach (a multipath host then tries another way), Capacity Exceeded where a sparse file or thin volume
     *     finds no space (Linux hands that up as "no space left"), a retryable status where memory is short
     */
    StatusCode onError(Action action, int errno, long offset, long length) {
        tellIfGone(errno);
        if (action == Action.FLUSH) {
            return onFlushError(errno);
        }
        StatusCode status = statusOf(action, errno);
        long count = errorCount.incrementAndGet();
        if (Long.bitCount(count) == 1) { // The 1st, 2nd, 4th, 8th, ...: a dying disk does not fill the log.
            LOGGER.warn("{}: {} of {} bytes at {} failed: {}; the host is told \"{}\" (error {} of this file)", path,
                    action == Action.READ ? "read" : "write", length, offset, Errno.describe(errno),
                    status.description(), count);
        }
        return status;
    }

    /**
     * After a failed fdatasync the kernel may have dropped the very data it could not write, and answers the next
     * fdatasync with success. So no flush succeeds any more until the backend is opened anew.
     */
    private StatusCode onFlushError(int errno) {
        if (!flushFailed) {
            flushFailed = true;
            LOGGER.error("{}: flush failed: {}. Writes not flushed before may be lost. Every further flush fails with "
                    + "\"{}\" until the target is restarted", path, Errno.describe(errno),
                    MediaStatus.WRITE_FAULT.description());
        }
        return MediaStatus.WRITE_FAULT;
    }

    /** The status of a flush whose fdatasync succeeded just now. */
    StatusCode flushStatus() {
        return flushFailed || deleted || shrunk() ? MediaStatus.WRITE_FAULT : GenericStatus.SUCCESSFUL_COMPLETION;
    }

    /** Somebody else cut the file to so many bytes. What was behind is lost and must not come back as zeroes. */
    synchronized void onShrunk(long nowBytes) {
        Extent now = extent;
        if (nowBytes < now.intactBytes) {
            if (!shrunk()) {
                LOGGER.error("{}: was cut from {} to {} bytes by someone else. Blocks beyond fail with \"{}\" and "
                        + "\"{}\" and flushes with \"{}\" until the namespace is resized or the target "
                        + "restarted", path, now.sizeBytes, nowBytes,
                        MediaStatus.UNRECOVERED_READ_ERROR.description(), MediaStatus.WRITE_FAULT.description(),
                        MediaStatus.WRITE_FAULT.description());
            }
            extent = new Extent(now.sizeBytes, nowBytes);
        }
    }

    /**
     * The file has a name, or it has none any more. A deleted file takes all that hosts write and loses it when the
     * target ends: no flush of it may succeed.
     */
    void onNamed(boolean named) {
        if (named == deleted) {
            deleted = !named;
            if (deleted) {
                LOGGER.error("{}: was deleted by someone else. What it holds is lost when the target ends, unless it is "
                        + "linked anew; flushes fail with \"{}\"", path, MediaStatus.WRITE_FAULT.description());
                goneListener.accept("the file was deleted");
            }
        }
    }

    boolean shrunk() {
        Extent now = extent;
        return now.intactBytes < now.sizeBytes;
    }

    /** Whether everything before {@code endOffset} is still what hosts wrote. */
    boolean intact(long endOffset) {
        return endOffset <= extent.intactBytes;
    }

    private static StatusCode statusOf(Action action, int errno) {
        boolean read = action == Action.READ;
        return switch (errno) {
            case EIO, ENODATA, EILSEQ, EBADMSG, EREMOTEIO, EUCLEAN, EMEDIUMTYPE ->
                read ? MediaStatus.UNRECOVERED_READ_ERROR : MediaStatus.WRITE_FAULT;
            case ENOSPC, EDQUOT, EFBIG -> GenericStatus.CAPACITY_EXCEEDED;
            case EROFS, EPERM, EACCES ->
                read ? MediaStatus.ACCESS_DENIED : GenericStatus.NAMESPACE_IS_WRITE_PROTECTED;
            case ENODEV, ENXIO, ESTALE, ENOLINK, ENOTCONN, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH ->
                PathRelatedStatus.INTERNAL_PATH_ERROR;
            case EAGAIN, EBUSY, EINTR -> GenericStatus.COMMAND_INTERRUPTED;
            default -> GenericStatus.INTERNAL_ERROR;
        };
    }
}
