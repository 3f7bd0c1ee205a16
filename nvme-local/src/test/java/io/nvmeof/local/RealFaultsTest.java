package io.nvmeof.local;

import static io.nvmeof.protocol.status.GenericStatus.CAPACITY_EXCEEDED;
import static io.nvmeof.protocol.status.GenericStatus.SUCCESSFUL_COMPLETION;
import static io.nvmeof.protocol.status.MediaStatus.UNRECOVERED_READ_ERROR;
import static io.nvmeof.protocol.status.MediaStatus.WRITE_FAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nvmeof.protocol.status.StatusCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel itself failing: a file system that is full, a block device whose medium is gone. Needs root for both. */
class RealFaultsTest {
    private static final int BLOCK = 4096;
    private static final int MIB_BLOCKS = (1 << 20) / BLOCK;

    @TempDir
    Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes()).trim();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assumeTrue(process.exitValue() == 0, "not run: " + String.join(" ", command) + ": " + output);
        return output;
    }

    /** A file system in memory of 8 MiB. */
    private Path smallFileSystem() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount.toString());
        open.add(() -> run("umount", mount.toString()));
        return mount;
    }

    private Path loopDevice(Path file, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
        command.addAll(List.of(options));
        command.add(file.toString());
        String device = run(command.toArray(String[]::new));
        open.add(() -> run("losetup", "--detach", device));
        return Path.of(device);
    }

    private BlockingChannel channel(FileBackendOptions options) throws IOException {
        NettyLoop loop = options.engine() == FileEngine.IO_URING ? NettyLoop.ring() : NettyLoop.nio();
        open.add(loop);
        FileBackend backend = FileBackend.open(options);
        open.add(backend);
        BlockingChannel channel = new BlockingChannel(backend, loop);
        open.add(channel);
        return channel;
    }

    @ParameterizedTest
    @ValueSource(strings = {"IO_URING", "POSITIONAL"})
    void aFullFileSystemIsCapacityExceededUntilThereIsSpaceAgain(String engine) throws Exception {
        BlockingChannel channel = channel(FileBackendOptions.of(smallFileSystem().resolve("thin"))
                .withSizeBytes(64L << 20).withEngine(FileEngine.valueOf(engine)));
        MemorySegment mebibyte = BlockingChannel.filled(1 << 20, 1);
        StatusCode status = SUCCESSFUL_COMPLETION;
        int written = 0;
        while (status == SUCCESSFUL_COMPLETION && written < 64) {
            status = channel.write((long) written * MIB_BLOCKS, MIB_BLOCKS, mebibyte, written % 2 == 0);
            written++;
        }
        assertThat(status).isEqualTo(CAPACITY_EXCEEDED);
        assertThat(written).isBetween(7, 9);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(0, MIB_BLOCKS)).containsOnly(1);
        assertThat(channel.deallocate(0, 2 * MIB_BLOCKS)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.write(32L * MIB_BLOCKS, MIB_BLOCKS, mebibyte, true)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(0, 2 * MIB_BLOCKS)).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void aBlockDeviceIsServed(String engine, boolean direct) throws Exception {
        Path file = Files.createFile(folder.resolve("disk"));
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(16 << 20);
        }
        Path device = loopDevice(file);
        FileBackendOptions options = FileBackendOptions.of(device).withDirect(direct).withBlockSizeBytes(512)
                .withEngine(FileEngine.valueOf(engine));
        assertThatThrownBy(() -> FileBackend.open(options.withSizeBytes(1 << 20)))
                .hasMessageContaining("has 16777216 bytes, sizeBytes says 1048576");
        BlockingChannel channel = channel(options);
        assertThatThrownBy(() -> FileBackend.open(options)).isInstanceOf(IOException.class)
                .hasMessageContainingAll(device.toString(), "is in use");
        assertThat(channel.write(1, 4096, BlockingChannel.filled(2 << 20, 6), true)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(0, 1)).containsOnly(0);
        assertThat(channel.bytes(1, 4096)).containsOnly(6);
        assertThat(channel.deallocate(9, 2048)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.writeZeroes(3001, 7, false, true)).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.bytes(8, 1)).containsOnly(6);
        assertThat(channel.bytes(9, 2048)).containsOnly(0);
        assertThat(channel.bytes(2057, 1)).containsOnly(6);
        assertThat(channel.bytes(3001, 7)).containsOnly(0);
        assertThat(channel.bytes(3008, 1)).containsOnly(6);
        assertThat(channel.flush()).isEqualTo(SUCCESSFUL_COMPLETION);
        assertThat(channel.read(32_767, 1, BlockingChannel.memory(512))).isEqualTo(SUCCESSFUL_COMPLETION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"IO_URING", "POSITIONAL"})
    void aReadOnlyDeviceIsRefusedForWriting(String engine) throws Exception {
        Path file = Files.write(folder.resolve("disk"), new byte[1 << 20]);
        FileBackendOptions options = FileBackendOptions.of(loopDevice(file, "--read-only"))
                .withEngine(FileEngine.valueOf(engine));
        assertThatThrownBy(() -> FileBackend.open(options)).isInstanceOf(IOException.class)
                .hasMessageContaining("read-only");
        assertThat(channel(options.withReadOnly(true)).bytes(0, 1)).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"IO_URING,false", "IO_URING,true", "POSITIONAL,false", "POSITIONAL,true"})
    void aMediumThatIsGoneIsAMediaErrorAndOthersLiveOn(String engine, boolean direct) throws Exception {
        Path file = Files.write(folder.resolve("disk"), new byte[16 << 20]);
        Path device = loopDevice(file);
        BlockingChannel channel = channel(FileBackendOptions.of(device).withDirect(direct)
                .withEngine(FileEngine.valueOf(engine)));
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(1 << 20); // The device does not notice: what is behind fails to read.
        }
        assertThat(channel.read(3000, 1, BlockingChannel.memory(BLOCK))).isEqualTo(UNRECOVERED_READ_ERROR);
        assertThat(channel.bytes(10, 1)).containsOnly(0);
    }

    /** Write-back of the page cache fails: the flush says so, and no later one says otherwise. */
    @ParameterizedTest
    @ValueSource(strings = {"IO_URING", "POSITIONAL"})
    void aWriteBackThatFailsFailsEveryFlushAfterwards(String engine) throws Exception {
        Path file = smallFileSystem().resolve("disk");
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(64 << 20);
        }
        BlockingChannel channel = channel(FileBackendOptions.of(loopDevice(file))
                .withEngine(FileEngine.valueOf(engine)));
        MemorySegment mebibyte = BlockingChannel.filled(1 << 20, 1);
        for (int i = 0; i < 16; i++) {
            assertThat(channel.write((long) i * MIB_BLOCKS, MIB_BLOCKS, mebibyte, false))
                    .isEqualTo(SUCCESSFUL_COMPLETION);
        }
        assertThat(channel.flush()).isEqualTo(WRITE_FAULT);
        assertThat(channel.flush()).isEqualTo(WRITE_FAULT);
        assertThat(channel.write(0, 1, BlockingChannel.filled(BLOCK, 2), true)).isEqualTo(WRITE_FAULT);
        assertThat(channel.bytes(0, 1)).containsOnly(2);
    }
}
