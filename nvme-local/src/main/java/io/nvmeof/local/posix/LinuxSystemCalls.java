package io.nvmeof.local.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library of this process. */
public final class LinuxSystemCalls implements SystemCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(StructLayout.PathElement.groupElement("errno"));
    private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));

    private static final MethodHandle OPEN = function("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = function("close", -1, JAVA_INT, JAVA_INT);
    private static final MethodHandle UNLINK = function("unlink", -1, JAVA_INT, ADDRESS);
    private static final MethodHandle STATX =
            function("statx", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle FTRUNCATE = function("ftruncate", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle FALLOCATE =
            function("fallocate", -1, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PREAD =
            function("pread", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PWRITE =
            function("pwrite", -1, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PWRITEV2 =
            function("pwritev2", -1, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle FDATASYNC = function("fdatasync", -1, JAVA_INT, JAVA_INT);
    private static final MethodHandle FSYNC = function("fsync", -1, JAVA_INT, JAVA_INT);
    private static final MethodHandle FLOCK = function("flock", -1, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle IOCTL = function("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_STATX_DONT_SYNC = 0x4000;
    private static final int STATX_BASIC_STATS = 0x7FF;
    private static final int STATX_DIOALIGN = 0x2000;
    private static final int STATX_SIZE_FIELD = 0x200;
    private static final int STATX_NLINK = 0x4;
    private static final long STATX_SIZE = 256;

    private static final SystemCalls INSTANCE = new LinuxSystemCalls();

    /** Where the calls of a thread leave their error number, the iovec of a write, and what statx needs. */
    private record Scratch(MemorySegment captured, MemorySegment vector, MemorySegment statx, MemorySegment empty) {}

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(() -> {
        Arena arena = Arena.ofAuto();
        return new Scratch(arena.allocate(CAPTURE), arena.allocate(JAVA_LONG, 2),
                arena.allocate(STATX_SIZE, Long.BYTES), arena.allocateFrom(""));
    });

    private LinuxSystemCalls() {}

    public static SystemCalls instance() {
        return INSTANCE;
    }

    @Override
    public int directFlag() {
        return ARM ? 0x10000 : 0x4000;
    }

    @Override
    public int directoryFlag() {
        return ARM ? 0x4000 : 0x10000;
    }

    @Override
    public int open(String path, int flags, int mode) {
        MemorySegment captured = SCRATCH.get().captured;
        try (Arena arena = Arena.ofConfined()) {
            return result((int) OPEN.invokeExact(captured, arena.allocateFrom(path), flags, mode), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public int close(int fd) {
        MemorySegment captured = SCRATCH.get().captured;
        try {
            return result((int) CLOSE.invokeExact(captured, fd), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public int unlink(String path) {
        MemorySegment captured = SCRATCH.get().captured;
        try (Arena arena = Arena.ofConfined()) {
            return result((int) UNLINK.invokeExact(captured, arena.allocateFrom(path)), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public FileStatus status(int fd) {
        Scratch scratch = SCRATCH.get();
        int result = statx(fd, STATX_BASIC_STATS | STATX_DIOALIGN, scratch);
        if (result < 0) {
            throw new UncheckedIOException(new IOException("statx: " + Errno.describe(-result)));
        }
        return decodeStatus(scratch.statx);
    }

    @Override
    public long sizeBytes(int fd) {
        Scratch scratch = SCRATCH.get();
        return statx(fd, STATX_SIZE_FIELD, scratch) < 0 ? -1 : scratch.statx.get(JAVA_LONG, 0x28);
    }

    @Override
    public boolean deleted(int fd) {
        Scratch scratch = SCRATCH.get();
        return statx(fd, STATX_NLINK, scratch) >= 0 && (scratch.statx.get(JAVA_INT, 0x00) & STATX_NLINK) != 0
                && scratch.statx.get(JAVA_INT, 0x10) == 0;
    }

    private static int statx(int fd, int mask, Scratch scratch) {
        try {
            return result((int) STATX.invokeExact(scratch.captured, fd, scratch.empty,
                    AT_EMPTY_PATH | AT_STATX_DONT_SYNC, mask, scratch.statx), scratch.captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static FileStatus decodeStatus(MemorySegment statx) {
        boolean directKnown = (statx.get(JAVA_INT, 0x00) & STATX_DIOALIGN) != 0;
        return new FileStatus(Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 0x1C)), statx.get(JAVA_LONG, 0x28),
                statx.get(JAVA_LONG, 0x30) * 512, statx.get(JAVA_INT, 0x04),
                new FileStatus.DeviceNumber(statx.get(JAVA_INT, 0x88), statx.get(JAVA_INT, 0x8C)),
                statx.get(JAVA_LONG, 0x20),
                new FileStatus.DeviceNumber(statx.get(JAVA_INT, 0x80), statx.get(JAVA_INT, 0x84)),
                directKnown ? statx.get(JAVA_INT, 0x98) : -1, directKnown ? statx.get(JAVA_INT, 0x9C) : -1);
    }

    @Override
    public int truncate(int fd, long sizeBytes) {
        MemorySegment captured = SCRATCH.get().captured;
        try {
            return result((int) FTRUNCATE.invokeExact(captured, fd, sizeBytes), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public int allocate(int fd, int mode, long offset, long length) {
        MemorySegment captured = SCRATCH.get().captured;
        try {
            return result((int) FALLOCATE.invokeExact(captured, fd, mode, offset, length), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public long read(int fd, long address, long length, long offset) {
        MemorySegment captured = SCRATCH.get().captured;
        try {
            return result((long) PREAD.invokeExact(captured, fd, address, length, offset), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public long write(int fd, long address, long length, long offset, int flags) {
        Scratch scratch = SCRATCH.get();
        MemorySegment captured = scratch.captured;
        try {
            if (flags == 0) {
                return result((long) PWRITE.invokeExact(captured, fd, address, length, offset), captured);
            }
            MemorySegment vector = scratch.vector;
            vector.setAtIndex(JAVA_LONG, 0, address);
            vector.setAtIndex(JAVA_LONG, 1, length);
            return result((long) PWRITEV2.invokeExact(captured, fd, vector, 1, offset, flags), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public int synchronizeData(int fd) {
        MemorySegment captured = SCRATCH.get().captured;
        try {
            return result((int) FDATASYNC.invokeExact(captured, fd), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public int synchronize(int fd) {
        MemorySegment captured = SCRATCH.get().captured;
        try {
            return result((int) FSYNC.invokeExact(captured, fd), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public int lock(int fd, int operation) {
        MemorySegment captured = SCRATCH.get().captured;
        try {
            return result((int) FLOCK.invokeExact(captured, fd, operation), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    @Override
    public int controlInt(int fd, int request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(JAVA_INT);
            int result = control(fd, request, answer);
            return result < 0 ? result : answer.get(JAVA_INT, 0);
        }
    }

    @Override
    public long controlLong(int fd, int request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(JAVA_LONG);
            int result = control(fd, request, answer);
            return result < 0 ? result : answer.get(JAVA_LONG, 0);
        }
    }

    private static int control(int fd, int request, MemorySegment argument) {
        MemorySegment captured = SCRATCH.get().captured;
        try {
            return result((int) IOCTL.invokeExact(captured, fd, Integer.toUnsignedLong(request), argument), captured);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static int result(int answer, MemorySegment captured) {
        return answer >= 0 ? answer : -(int) ERRNO.get(captured, 0L);
    }

    private static long result(long answer, MemorySegment captured) {
        return answer >= 0 ? answer : -(int) ERRNO.get(captured, 0L);
    }

    /** A downcall declares Throwable but throws nothing, unless this class describes the function wrongly. */
    private static RuntimeException unexpected(Throwable t) {
        return new IllegalStateException("system call could not be made", t);
    }

    /** @param firstVariadic index of the first argument of a variadic function's variable part, or -1 */
    private static MethodHandle function(String name, int firstVariadic, ValueLayout result, ValueLayout... arguments) {
        MemorySegment symbol = LINKER.defaultLookup().find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError(name + ": not in this C library (glibc 2.28 has it)"));
        FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
        Linker.Option capture = Linker.Option.captureCallState("errno");
        return firstVariadic < 0 ? LINKER.downcallHandle(symbol, descriptor, capture)
                : LINKER.downcallHandle(symbol, descriptor, capture, Linker.Option.firstVariadicArg(firstVariadic));
    }
}
