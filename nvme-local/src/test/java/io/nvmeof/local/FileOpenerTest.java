package io.nvmeof.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.local.posix.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be opened, and what a person is told about the rest. */
class FileOpenerTest {
    @TempDir
    Path folder;

    private FileBackendOptions options(String name) {
        return FileBackendOptions.of(folder.resolve(name));
    }

    private void refuses(FileBackendOptions options, String... parts) {
        assertThatThrownBy(() -> FileBackend.open(options)).isInstanceOf(IOException.class)
                .hasMessageStartingWith(options.path() + ": ").hasMessageContainingAll(parts);
    }

    @Test
    void createsASparseFileForItsOwnerAlone() throws IOException {
        FileBackendOptions options = options("new.img").withSizeBytes(1L << 40);
        try (FileBackend backend = FileBackend.open(options)) {
            assertThat(backend.blockCount()).isEqualTo(1L << 28);
            assertThat(backend.capabilities().volatileWriteCache()).isTrue();
            assertThat(backend.describe()).isEqualTo("file " + options.path());
            assertThat(Files.size(options.path())).isEqualTo(1L << 40);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(options.path())))
                    .isEqualTo("rw-------");
        }
        try (FileBackend again = FileBackend.open(options.withSizeBytes(0).withBlockSizeBytes(512))) {
            assertThat(again.blockCount()).isEqualTo(1L << 31);
        }
    }

    @Test
    void takesAnEmptyFileThatIsGivenASize() throws IOException {
        Files.createFile(folder.resolve("empty"));
        refuses(options("empty"), "is empty: give sizeBytes");
        try (FileBackend backend = FileBackend.open(options("empty").withSizeBytes(8192))) {
            assertThat(backend.blockCount()).isEqualTo(2);
        }
    }

    @Test
    void refusesSizesThatDoNotFit() throws IOException {
        Files.write(folder.resolve("odd"), new byte[3 * 512]);
        refuses(options("odd"), "has 1536 bytes", "multiple of blockSizeBytes 4096", "512 would do");
        refuses(options("odd").withSizeBytes(8192), "has 1536 bytes, sizeBytes says 8192", "allowed is 0");
        assertThat(Files.size(folder.resolve("odd"))).isEqualTo(1536);
    }

    @Test
    void refusesASizeTheFileSystemCannotHoldAndLeavesNothingBehind() {
        FileBackendOptions options = options("huge").withSizeBytes(1L << 62);
        refuses(options, "cannot be given sizeBytes 4611686018427387904", "EFBIG");
        assertThat(options.path()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFileThatCannotBeMadeDurableIsNotServedAndNotLeftBehind(int succeeding) throws IOException {
        FailingCalls calls = new FailingCalls();
        FileBackendOptions fresh = options("fresh").withSizeBytes(8192);
        Path empty = Files.createFile(folder.resolve("empty"));
        for (FileBackendOptions options : List.of(fresh, options("empty").withSizeBytes(8192))) {
            calls.creations.addAll(Collections.nCopies(succeeding, FailingCalls.REALLY));
            calls.creations.add((long) -Errno.EIO);
            assertThatThrownBy(() -> FileBackend.open(options, calls)).isInstanceOf(IOException.class)
                    .hasMessageContainingAll(options.path().toString(), "cannot be made durable", "EIO");
        }
        assertThat(fresh.path()).doesNotExist();
        assertThat(Files.size(empty)).isZero();
        FileBackend.open(options("empty").withSizeBytes(8192), calls).close(); // No lock is left behind either.
    }

    @Test
    void severalShareAFileOnlyIfAllOfThemSaySo() throws Exception {
        FileBackendOptions options = options("shared").withSizeBytes(8192).withShared(true);
        try (FileBackend first = FileBackend.open(options); FileBackend second = FileBackend.open(options)) {
            assertThat(second.blockCount()).isEqualTo(first.blockCount());
            assertThatThrownBy(() -> FileBackend.open(options.withShared(false)))
                    .hasMessageContaining("is locked by this very process").hasMessageContaining("shared, in both");
        }
        try (FileBackend alone = FileBackend.open(options.withShared(false))) {
            assertThatThrownBy(() -> FileBackend.open(options)).hasMessageContaining("is locked by");
            assertThat(alone.blockCount()).isEqualTo(2);
        }
    }

    @Test
    void namesTheReasonIfAFileCannotBeLocked() {
        FailingCalls calls = new FailingCalls();
        calls.locks.add((long) -Errno.EOPNOTSUPP);
        FileBackendOptions options = options("fresh").withSizeBytes(8192);
        assertThatThrownBy(() -> FileBackend.open(options, calls)).hasMessageContaining("cannot be locked (flock)");
        assertThat(options.path()).doesNotExist();
    }

    @Test
    void refusesWhatIsNotThere() {
        refuses(options("missing"), "does not exist: give sizeBytes to create it");
        refuses(options("missing").withSizeBytes(4096).withReadOnly(true), "ENOENT");
        refuses(options("no/such/folder").withSizeBytes(4096), "ENOENT");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesWhatIsNoStorage() throws Exception {
        refuses(FileBackendOptions.of(folder), "is a directory");
        refuses(FileBackendOptions.of(Path.of("/dev/null")), "is a character device");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        refuses(FileBackendOptions.of(pipe).withReadOnly(true), "is a pipe or socket");
    }

    @Test
    void aFileIsServedOnceOnly() throws IOException {
        FileBackendOptions options = options("locked").withSizeBytes(8192);
        Files.createSymbolicLink(folder.resolve("alias"), options.path());
        try (FileBackend backend = FileBackend.open(options)) {
            assertThat(backend.blockCount()).isEqualTo(2);
            refuses(options, "is locked by this very process");
            refuses(options("alias"), "is locked by this very process");
            refuses(options.withReadOnly(true), "is locked by this very process");
        }
        FileBackend.open(options).close();
    }

    @Test
    void namesTheOtherProcessThatHoldsTheLock() throws Exception {
        FileBackendOptions options = options("locked").withSizeBytes(8192);
        FileBackend.open(options).close();
        Process other = new ProcessBuilder("flock", options.path().toString(), "sleep", "60").start();
        try {
            while (Files.readAllLines(Path.of("/proc/locks")).stream()
                    .noneMatch(line -> line.contains(" " + other.pid() + " "))) {
                assertThat(other.isAlive()).isTrue();
                Thread.sleep(10);
            }
            refuses(options, "is locked by process " + other.pid() + " (flock)", "stop the other one");
        } finally {
            other.descendants().forEach(ProcessHandle::destroy);
            other.destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256, 1000, 131_072, -4096})
    void refusesBlockSizesNvmeDoesNotHave(int blockSizeBytes) {
        assertThatThrownBy(() -> options("x").withBlockSizeBytes(blockSizeBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("blockSizeBytes " + blockSizeBytes, "power of two from 512 to 65536");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 4095, 6000})
    void refusesSizesThatAreNoWholeBlocks(long sizeBytes) {
        assertThatThrownBy(() -> options("x").withSizeBytes(sizeBytes)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("sizeBytes " + sizeBytes, "multiple of blockSizeBytes 4096");
    }
}
