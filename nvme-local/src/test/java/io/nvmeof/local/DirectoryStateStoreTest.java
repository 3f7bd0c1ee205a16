package io.nvmeof.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is saved is found again, whatever stops the process or the disk on the way. */
class DirectoryStateStoreTest {
    private static final int WAIT_SECONDS = 60;

    @TempDir
    private Path folder;

    /** Files that stop, and stay stopped, before or after a step: the process was killed, or the power failed. */
    private static final class CrashingFiles extends StateFiles {
        private int stepsLeft = Integer.MAX_VALUE;
        private boolean partWritten;
        private final List<String> steps = new ArrayList<>();

        /** Lets so many more steps happen. */
        void crashAfter(int steps, boolean partOfNextWrite) {
            stepsLeft = steps;
            partWritten = partOfNextWrite;
            this.steps.clear();
        }

        private boolean crashed(String step) {
            steps.add(step);
            return --stepsLeft < 0;
        }

        @Override
        void writeDurably(Path file, ByteBuffer content) throws IOException {
            if (crashed("write")) {
                if (partWritten) {
                    super.writeDurably(file, content.slice(0, content.remaining() / 2));
                }
                throw new IOException("no power");
            }
            super.writeDurably(file, content);
        }

        @Override
        void rename(Path from, Path to) throws IOException {
            if (crashed("rename")) {
                throw new IOException("no power");
            }
            super.rename(from, to);
        }

        @Override
        void synchronizeDirectory(Path directory) throws IOException {
            if (crashed("directory")) {
                throw new IOException("no power");
            }
            super.synchronizeDirectory(directory);
        }
    }

    private Path directory() {
        return folder.resolve("state");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(StateStore store, String key) throws IOException {
        return store.load(key).map(content -> new String(content, StandardCharsets.UTF_8)).orElse(null);
    }

    private static void await(CompletableFuture<Void> save) throws Exception {
        save.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void keepsContentsByKeyForTheOwnerAlone() throws Exception {
        try (DirectoryStateStore store = DirectoryStateStore.open(directory())) {
            assertThat(store.load("a")).isEmpty();
            await(store.save("a", bytes("one")));
            await(store.save("a.state", bytes("two")));
            await(store.save("..", bytes("three")));
            await(store.save("empty", new byte[0]));
            assertThat(text(store, "a")).isEqualTo("one");
            await(store.save("a", bytes("four")));
            assertThat(text(store, "a")).isEqualTo("four");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory()))).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.filter(file -> file.toString().endsWith(".state"))).hasSize(4).allSatisfy(file ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        try (DirectoryStateStore store = DirectoryStateStore.open(directory())) {
            assertThat(text(store, "a")).isEqualTo("four");
            assertThat(text(store, "a.state")).isEqualTo("two");
            assertThat(text(store, "..")).isEqualTo("three");
            assertThat(store.load("empty").orElseThrow()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a~", "ä", "a b"})
    void refusesOtherKeys(String key) throws Exception {
        try (DirectoryStateStore store = DirectoryStateStore.open(directory())) {
            assertThatThrownBy(() -> store.save(key, new byte[1])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.load(key)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void hasLimits() throws Exception {
        try (DirectoryStateStore store = DirectoryStateStore.open(directory())) {
            String longest = "k".repeat(200);
            await(store.save(longest, new byte[StateStore.CONTENT_BYTES_MAX]));
            assertThat(store.load(longest).orElseThrow()).hasSize(StateStore.CONTENT_BYTES_MAX);
            assertThatThrownBy(() -> store.save("k".repeat(201), new byte[0]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.save("k", new byte[StateStore.CONTENT_BYTES_MAX + 1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Steps of a save: write, rename, directory. The rename may or may not have reached the disk. */
    @ParameterizedTest(name = "crash after {0} steps, part written: {1}")
    @CsvSource({"0, false, old", "0, true, old", "1, false, old", "2, false, new", "3, false, new"})
    void aCrashLeavesTheOldContentOrTheNewOne(int steps, boolean partWritten, String found) throws Exception {
        CrashingFiles files = new CrashingFiles();
        CompletableFuture<Void> save;
        try (DirectoryStateStore store = DirectoryStateStore.open(directory(), files)) {
            await(store.save("key", bytes("old")));
            files.crashAfter(steps, partWritten);
            save = store.save("key", bytes("new"));
            try {
                await(save);
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOf(IOException.class).hasMessageContaining("key.state")
                        .hasMessageContaining("no power");
            }
        }
        assertThat(files.steps).containsExactlyElementsOf(
                List.of("write", "rename", "directory").subList(0, Math.min(steps + 1, 3)));
        assertThat(save.isCompletedExceptionally()).as("nothing was promised").isEqualTo(steps < 3);
        try (DirectoryStateStore store = DirectoryStateStore.open(directory())) {
            assertThat(text(store, "key")).isEqualTo(found);
            await(store.save("key", bytes("next")));
            assertThat(text(store, "key")).as("whatever the crash has left").isEqualTo("next");
        }
    }

    @Test
    void aFailedSaveIsNotTheEnd() throws Exception {
        CrashingFiles files = new CrashingFiles();
        try (DirectoryStateStore store = DirectoryStateStore.open(directory(), files)) {
            files.crashAfter(0, false);
            CompletableFuture<Void> save = store.save("key", bytes("old"));
            assertThatThrownBy(() -> await(save)).isInstanceOf(ExecutionException.class);
            files.crashAfter(Integer.MAX_VALUE, false);
            await(store.save("key", bytes("new")));
            assertThat(text(store, "key")).isEqualTo("new");
        }
    }

    @Test
    void everyDamagedBitIsSeen() throws Exception {
        try (DirectoryStateStore store = DirectoryStateStore.open(directory())) {
            await(store.save("key", bytes("content")));
            Path file = directory().resolve("key.state");
            byte[] good = Files.readAllBytes(file);
            for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
                byte[] bad = good.clone();
                bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                Files.write(file, bad);
                assertThatThrownBy(() -> store.load("key")).as("bit %d", bit).isInstanceOf(IOException.class)
                        .hasMessageContaining(file.toString()).hasMessageContaining("damaged")
                        .hasMessageContaining("start the target again");
            }
            for (int length = 0; length < good.length; length++) {
                Files.write(file, Arrays.copyOf(good, length));
                assertThatThrownBy(() -> store.load("key")).isInstanceOf(IOException.class);
            }
            Files.write(file, Arrays.copyOf(good, good.length + 1));
            assertThatThrownBy(() -> store.load("key")).isInstanceOf(IOException.class);
            Files.write(file, good);
            assertThat(text(store, "key")).isEqualTo("content");
        }
    }

    @Test
    void savesOfOneKeyKeepTheirOrderAndThoseThatWaitAreWrittenOnce() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<String> written = new ArrayList<>();
        StateFiles slow = new StateFiles() {
            @Override
            void writeDurably(Path file, ByteBuffer content) throws IOException {
                written.add(new String(content.array(), StateRecord.HEADER_BYTES,
                        content.remaining() - StateRecord.HEADER_BYTES, StandardCharsets.UTF_8));
                entered.countDown();
                try {
                    assertThat(release.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.writeDurably(file, content);
            }
        };
        try (DirectoryStateStore store = DirectoryStateStore.open(directory(), slow)) {
            List<CompletableFuture<Void>> saves = new ArrayList<>();
            saves.add(store.save("key", bytes("0")));
            assertThat(entered.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            byte[] reused = bytes("1");
            saves.add(store.save("key", reused));
            reused[0] = 'X';
            saves.add(store.save("other", bytes("o")));
            for (int i = 2; i < 100; i++) {
                saves.add(store.save("key", bytes("" + i)));
            }
            assertThat(saves).noneMatch(CompletableFuture::isDone);
            release.countDown();
            assertThat(text(store, "key")).as("a load finds what was saved before it").isEqualTo("99");
            for (CompletableFuture<Void> save : saves) {
                await(save);
            }
            assertThat(written).containsExactly("0", "99", "o");
        }
    }

    @Test
    void closingWritesWhatWaits() throws Exception {
        List<CompletableFuture<Void>> saves = new ArrayList<>();
        DirectoryStateStore store = DirectoryStateStore.open(directory());
        for (int i = 0; i < 20; i++) {
            saves.add(store.save("key" + i, bytes("" + i)));
        }
        store.close();
        assertThat(saves).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(store.save("late", new byte[0])).isCompletedExceptionally();
    }

    @Test
    void oneTargetAtATimeUsesADirectory() throws Exception {
        DirectoryStateStore store = DirectoryStateStore.open(directory());
        assertThatThrownBy(() -> DirectoryStateStore.open(directory())).isInstanceOf(IOException.class)
                .hasMessageContaining(directory().toString()).hasMessageContaining("in use");
        store.close();
        DirectoryStateStore.open(directory()).close();
    }

    @Test
    void aDirectoryThatCannotBeIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> DirectoryStateStore.open(file)).isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> DirectoryStateStore.open(folder.resolve("none/state")))
                .isInstanceOf(IOException.class).hasMessageContaining("none");
    }
}
