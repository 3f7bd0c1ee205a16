package io.nvmeof.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.cli.load.AcknowledgedLog.Promise;
import io.nvmeof.cli.load.AcknowledgedLog.Promises;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgedLogTest {
    @TempDir
    Path folder;

    @Test
    void keepsTheLastPromiseOfEachBlockOverSeveralRuns() throws IOException {
        Path file = folder.resolve("promises");
        try (AcknowledgedLog log = AcknowledgedLog.append(file, -1, 4096)) {
            log.kept(10, 3, 7);
            log.kept(11, 1, 5);
        }
        try (AcknowledgedLog log = AcknowledgedLog.append(file, 42, 4096)) {
            log.kept(12, 1, 1);
            assertThat(log.recordCount()).isEqualTo(1);
        }
        Promises promises = AcknowledgedLog.read(file);
        assertThat(promises.blockSizeBytes()).isEqualTo(4096);
        assertThat(promises.byBlock()).containsOnly(java.util.Map.entry(10L, new Promise(0, 7)),
                java.util.Map.entry(11L, new Promise(0, 7)), java.util.Map.entry(12L, new Promise(1, 1)));
        assertThat(promises.seed(0)).isEqualTo(-1);
        assertThat(promises.run(42)).isEqualTo(1);
        assertThat(promises.run(43)).isEqualTo(-1);
    }

    @Test
    void aLaterWriteKeepsAPromiseAndAnEarlierOneBreaksIt() {
        Promise promise = new Promise(1, 10);
        assertThat(promise.keptBy(1, 10)).isTrue();
        assertThat(promise.keptBy(1, 11)).isTrue();
        assertThat(promise.keptBy(2, 1)).isTrue();
        assertThat(promise.keptBy(1, 9)).isFalse();
        assertThat(promise.keptBy(0, 99)).isFalse();
        assertThat(promise.keptBy(-1, 99)).isFalse();
    }

    @Test
    void ignoresALineWithoutItsEndAndRefusesAnythingElse() throws IOException {
        Path file = folder.resolve("promises");
        Files.writeString(file, "run 1 4096\nkept 1 1 1\nkept 2 1");
        assertThat(AcknowledgedLog.read(file).byBlock()).containsOnlyKeys(1L);
        Files.writeString(file, "\nnonsense\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> AcknowledgedLog.read(file)).isInstanceOf(IOException.class)
                .hasMessageContaining("promises:3").hasMessageContaining("kept 2 1");
    }
}
