package io.nvmeof.local;

import static io.nvmeof.local.posix.SystemCalls.BLKGETSIZE64;
import static io.nvmeof.local.posix.SystemCalls.BLKPBSZGET;
import static io.nvmeof.local.posix.SystemCalls.BLKROGET;
import static io.nvmeof.local.posix.SystemCalls.BLKSSZGET;
import static io.nvmeof.local.posix.SystemCalls.FALLOC_FL_KEEP_SIZE;
import static io.nvmeof.local.posix.SystemCalls.FALLOC_FL_PUNCH_HOLE;
import static io.nvmeof.local.posix.SystemCalls.LOCK_EX;
import static io.nvmeof.local.posix.SystemCalls.LOCK_NB;
import static io.nvmeof.local.posix.SystemCalls.LOCK_SH;
import static io.nvmeof.local.posix.SystemCalls.O_CLOEXEC;
import static io.nvmeof.local.posix.SystemCalls.O_CREAT;
import static io.nvmeof.local.posix.SystemCalls.O_EXCL;
import static io.nvmeof.local.posix.SystemCalls.O_RDONLY;
import static io.nvmeof.local.posix.SystemCalls.O_RDWR;

import io.nvmeof.local.posix.Errno;
import io.nvmeof.local.posix.FileStatus;
import io.nvmeof.local.posix.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Opens, creates, locks and examines what a namespace is to be stored in. One use; blocks. */
final class FileOpener {
    /** For the owner alone: what hosts store is nobody else's business. */
    private static final int MODE = 0600;
    private static final int PAGE_BYTES = 4096;

    private final SystemCalls calls;
    private final FileBackendOptions options;
    private final String path;
    private int fd = -1;
    private boolean created;
    private boolean sized;

    FileOpener(SystemCalls calls, FileBackendOptions options) {
        this.calls = calls;
        this.options = options;
        this.path = options.path().toString();
    }

    /**
     * Leaves nothing behind when it fails: no open descriptor, no lock, no new file.
     *
     * @throws IOException naming the path, what is wrong and what is allowed
     */
    BackingFile open() throws IOException {
        try {
            openDescriptor();
            FileStatus status = calls.status(fd);
            if (!status.regularFile() && !status.blockDevice()) {
                throw refused("is " + status.kind() + ": allowed are regular files and block devices");
            }
            lock(status);
            BackingFile.Facts facts = status.regularFile() ? examineFile(status) : examineDevice(status);
            return new BackingFile(calls, facts, status);
        } catch (IOException | RuntimeException e) {
            undo();
            throw e;
        }
    }

    /** Whether {@link #open} made the file. */
    boolean created() {
        return created;
    }

    private void undo() {
        if (created) {
            calls.unlink(path);
        } else if (sized) {
            calls.truncate(fd, 0);
        }
        if (fd >= 0) {
            calls.close(fd);
        }
    }

    private void openDescriptor() throws IOException {
        boolean device = refuseSpecialFiles();
        int flags = (options.readOnly() ? O_RDONLY : O_RDWR) | O_CLOEXEC | (options.direct() ? calls.directFlag() : 0);
        // On a device O_EXCL without O_CREAT claims it: refused while it is mounted or part of an array.
        fd = calls.open(path, device && !options.readOnly() ? flags | O_EXCL : flags, 0);
        if (fd == -Errno.ENOENT && options.sizeBytes() > 0 && !options.readOnly()) {
            fd = calls.open(path, flags | O_CREAT | O_EXCL, MODE);
            // Some kernels refuse O_DIRECT only after they have made the file.
            created = fd >= 0 || fd == -Errno.EINVAL && options.direct();
        }
        if (fd < 0) {
            throw refused(whyNotOpen(-fd));
        }
    }

    /** Opening a pipe would block, so this is asked before; whether it is a device. */
    private boolean refuseSpecialFiles() throws IOException {
        Path file = options.path();
        if (!Files.exists(file)) {
            return false;
        }
        int mode = (Integer) Files.getAttribute(file, "unix:mode", new LinkOption[0]);
        FileStatus.DeviceNumber none = new FileStatus.DeviceNumber(0, 0);
        FileStatus status = new FileStatus(mode, 0, 0, 0, none, 0, none, -1, -1);
        if (!status.regularFile() && !status.blockDevice()) {
            throw refused("is " + status.kind() + ": allowed are regular files and block devices");
        }
        return status.blockDevice();
    }

    private String whyNotOpen(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> options.readOnly() || options.sizeBytes() > 0
                    ? "cannot be opened: " + Errno.describe(errno)
                    : "does not exist: give sizeBytes to create it, or the path of an existing file or block device";
            case Errno.EINVAL -> options.direct()
                    ? "direct true: this file system does not support O_DIRECT; use direct false"
                    : "cannot be opened: " + Errno.describe(errno);
            case Errno.EBUSY -> "is in use: mounted, part of an array or logical volume, or opened exclusively by "
                    + "another program; unmount or stop that first";
            case Errno.EROFS -> "cannot be written, its file system is mounted read-only: use readOnly true";
            case Errno.EACCES, Errno.EPERM -> "may not be opened for " + (options.readOnly() ? "reading" : "writing")
                    + " by this user: " + Errno.describe(errno);
            default -> "cannot be opened: " + Errno.describe(errno);
        };
    }

    private void lock(FileStatus status) throws IOException {
        int result = calls.lock(fd, (options.readOnly() || options.shared() ? LOCK_SH : LOCK_EX) | LOCK_NB);
        if (result == -Errno.EAGAIN) {
            throw refused("is locked by " + LockHolder.describe(status)
                    + ": two programs must not serve one file; stop the other one, use another"
                    + " file, or say that the file is shared, in both");
        }
        if (result < 0) {
            throw refused("cannot be locked (flock): " + Errno.describe(-result));
        }
    }

    private BackingFile.Facts examineFile(FileStatus status) throws IOException {
        long sizeBytes = status.sizeBytes();
        if (sizeBytes == 0 && options.sizeBytes() > 0 && !options.readOnly()) {
            sizeBytes = options.sizeBytes();
            giveSize(sizeBytes);
        }
        checkSize(sizeBytes);
        int directAlignment = 1;
        int memoryAlignment = 1;
        if (options.direct()) {
            FileStatus now = calls.status(fd);
            if (now.directOffsetAlignment() == 0) {
                throw refused("direct true: O_DIRECT is not supported for this file; use direct false");
            }
            boolean known = now.directOffsetAlignment() > 0;
            directAlignment = known ? now.directOffsetAlignment() : options.blockSizeBytes();
            memoryAlignment = known ? now.directMemoryAlignment() : PAGE_BYTES;
            checkDirectAlignment(directAlignment);
            if (!known) {
                tryDirectRead();
            }
        }
        boolean punchHole = !options.readOnly() && canPunchHole(sizeBytes);
        return new BackingFile.Facts(path, fd, sizeBytes, true, options.direct(), directAlignment, memoryAlignment,
                status.preferredBlockBytes(), options.readOnly(), punchHole);
    }

    /** Both the size and the name are on the device before the namespace is served: a crash must not undo them. */
    private void giveSize(long sizeBytes) throws IOException {
        demand(calls.truncate(fd, sizeBytes), "cannot be given sizeBytes " + sizeBytes);
        sized = true;
        demand(calls.synchronize(fd), "cannot be made durable (fsync)");
        Path parent = options.path().toAbsolutePath().getParent();
        int directory = calls.open(parent.toString(), O_RDONLY | O_CLOEXEC | calls.directoryFlag(), 0);
        demand(directory, "cannot be made durable, its directory cannot be opened");
        int result = calls.synchronize(directory);
        calls.close(directory);
        demand(result, "cannot be made durable (fsync of its directory)");
    }

    private void checkSize(long sizeBytes) throws IOException {
        if (options.sizeBytes() > 0 && sizeBytes != options.sizeBytes()) {
            throw refused("has " + sizeBytes + " bytes, sizeBytes says " + options.sizeBytes()
                    + ": allowed is 0 (the size it has) or " + sizeBytes);
        }
        if (sizeBytes == 0) {
            throw refused("is empty: give sizeBytes, a positive multiple of " + options.blockSizeBytes());
        }
        if (sizeBytes % options.blockSizeBytes() != 0) {
            throw refused("has " + sizeBytes + " bytes: allowed is a multiple of blockSizeBytes "
                    + options.blockSizeBytes() + (sizeBytes % 512 == 0 ? "; 512 would do" : ""));
        }
    }

    private void checkDirectAlignment(int alignment) throws IOException {
        if (options.blockSizeBytes() % alignment != 0) {
            throw refused("direct true with blockSizeBytes " + options.blockSizeBytes()
                    + ": O_DIRECT here needs a multiple of " + alignment);
        }
    }

    /** An older kernel cannot say what O_DIRECT needs: one block at an odd place shows whether our blocks will do. */
    private void tryDirectRead() throws IOException {
        int length = options.blockSizeBytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(length, PAGE_BYTES);
            if (calls.read(fd, memory.address(), length, length) == -Errno.EINVAL) {
                throw refused("direct true with blockSizeBytes " + length + ": O_DIRECT here needs larger blocks; use "
                        + PAGE_BYTES + " or direct false");
            }
        }
    }

    /** Behind the end of the file there is nothing to lose. */
    private boolean canPunchHole(long sizeBytes) {
        return calls.allocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, sizeBytes, options.blockSizeBytes()) == 0;
    }

    private BackingFile.Facts examineDevice(FileStatus status) throws IOException {
        long sizeBytes = calls.controlLong(fd, BLKGETSIZE64);
        int sectorBytes = calls.controlInt(fd, BLKSSZGET);
        if (sizeBytes < 0 || sectorBytes <= 0) {
            throw refused("does not tell its size as a block device does (BLKGETSIZE64 " + sizeBytes + ", BLKSSZGET "
                    + sectorBytes + ")");
        }
        if (!options.readOnly() && calls.controlInt(fd, BLKROGET) > 0) {
            throw refused("is a read-only device: use readOnly true");
        }
        if (options.blockSizeBytes() % sectorBytes != 0) {
            throw refused("blockSizeBytes " + options.blockSizeBytes() + ": this device has sectors of " + sectorBytes
                    + " bytes; allowed is a multiple of that");
        }
        checkSize(sizeBytes);
        int physicalBytes = Math.max(calls.controlInt(fd, BLKPBSZGET), sectorBytes);
        boolean punchHole = !options.readOnly() && BlockDeviceLimits.canZeroByUnmapping(status.self());
        int alignment = options.direct() ? sectorBytes : 1;
        return new BackingFile.Facts(path, fd, sizeBytes, false, options.direct(), alignment, alignment, physicalBytes,
                options.readOnly(), punchHole);
    }

    private void demand(int result, String what) throws IOException {
        if (result < 0) {
            throw refused(what + ": " + Errno.describe(-result));
        }
    }

    private IOException refused(String why) {
        return new IOException(path + ": " + why);
    }
}
