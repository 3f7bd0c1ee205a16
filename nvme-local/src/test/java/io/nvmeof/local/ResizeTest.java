package io.nvmeof.local;

import static io.nvmeof.protocol.status.GenericStatus.LBA_OUT_OF_RANGE;
import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.local.posix.Errno;
import io.nvmeof.protocol.status.MediaStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that becomes larger and smaller under an open channel, by us and by others; and storage that goes away. */
class ResizeTest {
    private static final int BLOCK = 4096;
    private static final long BLOCKS = 256;

    @TempDir
    Path folder;
    private final FailingCalls calls = new FailingCalls();
    private final NettyLoop loop = NettyLoop.nio();
    private Path path;
    private FileBackend backend;
    private BlockingChannel channel;

    @BeforeEach
    void open() throws IOException {
        path = folder.resolve("namespace");
        backend = FileBackend.open(FileBackendOptions.of(path).withSizeBytes(BLOCKS * BLOCK).withDirect(false), calls);
        channel = new BlockingChannel(backend, loop);
    }

    @AfterEach
    void close() {
        channel.close();
        backend.close();
        loop.close();
    }

    private void resizeFromOutside(long sizeBytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(sizeBytes);
        }
    }

    @Test
    void growsAndShrinksUnderAnOpenChannel() throws IOException {
        assertThat(channel.write(BLOCKS - 1, 1, BlockingChannel.filled(BLOCK, 7), true))
                .isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.write(BLOCKS, 1, BlockingChannel.filled(BLOCK, 8), false)).isEqualTo(LBA_OUT_OF_RANGE);
        backend.resize(2 * BLOCKS);
        assertThat(backend.blockCount()).isEqualTo(2 * BLOCKS);
        assertThat(Files.size(path)).isEqualTo(2 * BLOCKS * BLOCK);
        assertThat(channel.write(2 * BLOCKS - 1, 1, BlockingChannel.filled(BLOCK, 8), false))
                .isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(BLOCKS, 1)).containsOnly(0);
        assertThat(channel.bytes(BLOCKS - 1, 1)).containsOnly(7);

        backend.resize(BLOCKS / 2);
        assertThat(Files.size(path)).isEqualTo(BLOCKS / 2 * BLOCK);
        assertThat(channel.read(BLOCKS / 2, 1, BlockingChannel.memory(BLOCK))).isEqualTo(LBA_OUT_OF_RANGE);
        assertThat(channel.writeZeroes(BLOCKS / 2 - 1, 2, true, false)).isEqualTo(LBA_OUT_OF_RANGE);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
        backend.resize(BLOCKS);
        assertThat(channel.bytes(BLOCKS - 1, 1)).as("what was cut off does not come back").containsOnly(0);
    }

    @Test
    void takesOverASizeThatAnotherGaveTheFile() throws IOException {
        resizeFromOutside(2 * BLOCKS * BLOCK + 100);
        assertThat(backend.blockCount()).isEqualTo(BLOCKS);
        assertThat(backend.actualBlockCount()).isEqualTo(2 * BLOCKS);
        backend.resize(backend.actualBlockCount());
        assertThat(backend.blockCount()).isEqualTo(2 * BLOCKS);
        assertThat(Files.size(path)).as("the file stays as it is").isEqualTo(2 * BLOCKS * BLOCK + 100);
        assertThat(channel.read(2 * BLOCKS - 1, 1, BlockingChannel.memory(BLOCK))).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void aFileThatWasCutIsNotExtendedBeforeItsOwnerKnows() throws IOException {
        resizeFromOutside(10 * BLOCK);
        assertThat(channel.flush()).isEqualTo(MediaStatus.WRITE_FAULT);
        assertThatThrownBy(() -> backend.resize(BLOCKS)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("was cut to 40960 bytes");
        assertThat(Files.size(path)).isEqualTo(10 * BLOCK);
        backend.resize(backend.actualBlockCount());
        assertThat(backend.blockCount()).isEqualTo(10);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
        backend.resize(BLOCKS);
        assertThat(channel.read(BLOCKS - 1, 1, BlockingChannel.memory(BLOCK))).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @Test
    void aFileOpenForReadingKeepsItsSize() throws IOException {
        channel.close();
        backend.close();
        backend = FileBackend.open(FileBackendOptions.of(path).withReadOnly(true), calls);
        channel = new BlockingChannel(backend, loop);
        assertThatThrownBy(() -> backend.resize(BLOCKS + 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(backend.blockCount()).isEqualTo(BLOCKS);
        backend.resize(BLOCKS);
    }

    @Test
    void aSizeThatIsNotDurableStopsTheFlushes() {
        calls.creations.add((long) -Errno.EIO);
        backend.resize(BLOCKS / 2);
        assertThat(backend.blockCount()).isEqualTo(BLOCKS / 2);
        assertThat(channel.flush()).isEqualTo(MediaStatus.WRITE_FAULT);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENODEV, Errno.ENXIO, Errno.ESTALE, Errno.ENOTCONN})
    void saysOnceThatTheStorageIsGone(int errno) {
        List<String> said = new CopyOnWriteArrayList<>();
        backend.setGoneListener(said::add);
        for (int i = 0; i < 3; i++) {
            calls.reads.add((long) -errno);
            channel.read(0, 1, BlockingChannel.memory(BLOCK));
        }
        assertThat(said).hasSize(1).first().asString().contains(Errno.describe(errno));
        assertThat(channel.read(0, 1, BlockingChannel.memory(BLOCK))).isEqualTo(SUCCESSFUL_COMPLETION);
        calls.reads.add((long) -errno);
        channel.read(0, 1, BlockingChannel.memory(BLOCK));
        assertThat(said).as("it was back meanwhile").hasSize(2);
    }

    @Test
    void tellsAStormFromABadSpot() {
        List<String> said = new CopyOnWriteArrayList<>();
        backend.setGoneListener(said::add);
        for (int i = 0; i < FileFaults.STORM_ERRORS + 10; i++) {
            if (i == 20) {
                channel.read(1, 1, BlockingChannel.memory(BLOCK));
            }
            calls.reads.add((long) -Errno.EIO);
            channel.read(0, 1, BlockingChannel.memory(BLOCK));
            if (i == FileFaults.STORM_ERRORS) {
                assertThat(said).isEmpty();
            }
        }
        for (int i = 0; i < 20; i++) {
            calls.reads.add((long) -Errno.EIO);
            channel.read(0, 1, BlockingChannel.memory(BLOCK));
        }
        assertThat(said).hasSize(1).first().asString().contains("in a row");
    }

    @Test
    void aFullFileSystemIsNotGone() {
        List<String> said = new CopyOnWriteArrayList<>();
        backend.setGoneListener(said::add);
        for (int i = 0; i < FileFaults.STORM_ERRORS + 10; i++) {
            calls.writes.add((long) -Errno.ENOSPC);
            channel.write(0, 1, BlockingChannel.filled(BLOCK, 1), false);
        }
        assertThat(said).isEmpty();
    }

    @Test
    void aDeletedFileIsGone() throws IOException {
        List<String> said = new CopyOnWriteArrayList<>();
        backend.setGoneListener(said::add);
        Path other = folder.resolve("other");
        Files.createLink(other, path);
        Files.delete(path);
        assertThat(channel.flush()).as("has another name").isEqualTo(SUCCESSFUL_COMPLETION);
        Files.delete(other);
        assertThat(channel.flush()).isEqualTo(MediaStatus.WRITE_FAULT);
        assertThat(channel.flush()).isEqualTo(MediaStatus.WRITE_FAULT);
        assertThat(said).containsExactly("the file was deleted");
        assertThat(channel.write(0, 1, BlockingChannel.filled(BLOCK, 1), true)).isEqualTo(MediaStatus.WRITE_FAULT);
    }
}
