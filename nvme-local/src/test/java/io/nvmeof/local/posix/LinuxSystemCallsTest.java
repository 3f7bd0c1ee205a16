package io.nvmeof.local.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxSystemCallsTest {
    private static final SystemCalls CALLS = LinuxSystemCalls.instance();
    private static final int NO_FD = 1_000_000;

    @TempDir
    Path folder;

    @Test
    void everyCallAnswersWithItsErrorNumber() {
        int badFd = -Errno.EBADF;
        assertThat(CALLS.open(folder.resolve("missing").toString(), SystemCalls.O_RDONLY, 0)).isEqualTo(-Errno.ENOENT);
        assertThat(CALLS.unlink(folder.resolve("missing").toString())).isEqualTo(-Errno.ENOENT);
        assertThat(CALLS.close(NO_FD)).isEqualTo(badFd);
        assertThat(CALLS.truncate(NO_FD, 1)).isEqualTo(badFd);
        assertThat(CALLS.allocate(NO_FD, 0, 0, 1)).isEqualTo(badFd);
        assertThat(CALLS.read(NO_FD, 0, 0, 0)).isEqualTo(badFd);
        assertThat(CALLS.write(NO_FD, 0, 0, 0, 0)).isEqualTo(badFd);
        assertThat(CALLS.write(NO_FD, 0, 0, 0, SystemCalls.RWF_DSYNC)).isEqualTo(badFd);
        assertThat(CALLS.synchronizeData(NO_FD)).isEqualTo(badFd);
        assertThat(CALLS.synchronize(NO_FD)).isEqualTo(badFd);
        assertThat(CALLS.lock(NO_FD, SystemCalls.LOCK_EX)).isEqualTo(badFd);
        assertThat(CALLS.controlInt(NO_FD, SystemCalls.BLKSSZGET)).isEqualTo(badFd);
        assertThat(CALLS.controlLong(NO_FD, SystemCalls.BLKGETSIZE64)).isEqualTo(badFd);
        assertThat(CALLS.sizeBytes(NO_FD)).isEqualTo(-1);
    }

    @Test
    void aFileIsWrittenReadAndDescribed() throws IOException {
        Path path = folder.resolve("näme");
        int fd = CALLS.open(path.toString(), SystemCalls.O_RDWR | SystemCalls.O_CREAT | SystemCalls.O_EXCL, 0640);
        assertThat(fd).isNotNegative();
        byte[] text = "blocks".getBytes(StandardCharsets.US_ASCII);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(16);
            MemorySegment.copy(text, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, text.length);
            assertThat(CALLS.write(fd, memory.address(), text.length, 10, 0)).isEqualTo(text.length);
            assertThat(CALLS.write(fd, memory.address(), text.length, 20, SystemCalls.RWF_DSYNC))
                    .isEqualTo(text.length);
            memory.fill((byte) 0);
            assertThat(CALLS.read(fd, memory.address(), 16, 20)).isEqualTo(text.length);
            assertThat(memory.getString(0, StandardCharsets.US_ASCII)).isEqualTo("blocks");
        }
        FileStatus status = CALLS.status(fd);
        assertThat(status.regularFile()).isTrue();
        assertThat(status.kind()).isEqualTo("a regular file");
        assertThat(status.sizeBytes()).isEqualTo(26).isEqualTo(Files.size(path)).isEqualTo(CALLS.sizeBytes(fd));
        assertThat(status.inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
        assertThat(status.mode()).isEqualTo(Files.getAttribute(path, "unix:mode"));
        assertThat(CALLS.truncate(fd, 1 << 20)).isZero();
        assertThat(CALLS.synchronize(fd)).isZero();
        assertThat(CALLS.status(fd).allocatedBytes()).isLessThan(1 << 20);
        assertThat(CALLS.close(fd)).isZero();
        assertThat(CALLS.close(fd)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void errorNumbersHaveNames() {
        assertThat(Errno.describe(Errno.EIO)).isEqualTo("EIO: input/output error");
        assertThat(Errno.describe(4711)).isEqualTo("errno 4711");
    }
}
