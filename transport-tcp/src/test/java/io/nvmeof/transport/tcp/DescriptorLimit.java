package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The soft limit of open descriptors of this process, lowered for a moment. */
final class DescriptorLimit implements AutoCloseable {
    private static final int RLIMIT_NOFILE = 7;

    private final MethodHandle getrlimit = function("getrlimit");
    private final MethodHandle setrlimit = function("setrlimit");
    private final MemorySegment limits = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2);
    private final List<FileInputStream> fillers = new ArrayList<>();
    private final long before;

    DescriptorLimit() {
        call(getrlimit);
        before = limits.getAtIndex(ValueLayout.JAVA_LONG, 0);
        // Once for practice: later there may be no descriptor left to load a class with.
        set(before);
        try {
            highest();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Forbids descriptors above those that are open, and uses up what is free below. */
    void lowerToWhatIsOpen() throws IOException {
        set(highest() + 1);
        boolean exhausted = false;
        while (!exhausted) {
            try {
                fillers.add(new FileInputStream("/dev/null"));
            } catch (FileNotFoundException noneLeft) {
                assertThat(noneLeft).hasMessageContaining("Too many open files");
                exhausted = true;
            }
        }
    }

    void restore() throws IOException {
        set(before);
        while (!fillers.isEmpty()) {
            fillers.removeLast().close();
        }
    }

    @Override
    public void close() throws IOException {
        restore();
    }

    private static long highest() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.mapToLong(path -> Long.parseLong(path.getFileName().toString())).max().orElseThrow();
        }
    }

    private void set(long soft) {
        limits.setAtIndex(ValueLayout.JAVA_LONG, 0, soft);
        call(setrlimit);
    }

    private void call(MethodHandle function) {
        try {
            assertThat((int) function.invokeExact(RLIMIT_NOFILE, limits)).isZero();
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private static MethodHandle function(String name) {
        return Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }
}
