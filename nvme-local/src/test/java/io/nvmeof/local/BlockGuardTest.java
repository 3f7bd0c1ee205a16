package io.nvmeof.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockGuardTest {
    private static final boolean READ = false;
    private static final boolean WRITE = true;
    private final BlockGuard guard = new BlockGuard();

    @Test
    void readersShareAndAWriterIsAlone() {
        assertThat(guard.enter(READ, 4096, 8192)).isTrue();
        assertThat(guard.enter(READ, 8192, 8192)).isTrue();
        assertThat(guard.enter(WRITE, 12_288 + 4096, 512)).isTrue(); // Beside them.
        guard.leave(WRITE, 12_288 + 4096, 512);
        assertThat(guard.enter(WRITE, 8704, 512)).isFalse();
        guard.leave(READ, 4096, 8192);
        assertThat(guard.enter(WRITE, 8704, 512)).isFalse();
        guard.leave(READ, 8192, 8192);
        assertThat(guard.enter(WRITE, 8704, 512)).isTrue();
        assertThat(guard.enter(WRITE, 8192, 512)).isFalse();
        assertThat(guard.enter(READ, 8192, 512)).isFalse();
        guard.leave(WRITE, 8704, 512);
        assertThat(guard.enter(WRITE, 8192, 512)).isTrue();
    }

    @Test
    void aWriterThatWaitsGetsItsTurnBeforeNewReaders() {
        assertThat(guard.enter(READ, 8192, 4096)).isTrue();
        assertThat(guard.enter(WRITE, 0, 12_288)).isFalse();
        for (long offset = 0; offset < 12_288; offset += 4096) {
            assertThat(guard.enter(READ, offset, 4096)).isFalse();
        }
        assertThat(guard.enter(READ, 12_288, 4096)).isTrue();
        guard.leave(READ, 8192, 4096);
        assertThat(guard.enter(WRITE, 0, 12_288)).isTrue();
        guard.leave(WRITE, 0, 12_288);
        assertThat(guard.enter(READ, 0, 12_288)).isTrue();
    }

    @Test
    void aFailedAttemptLeavesNothingBehind() {
        assertThat(guard.enter(WRITE, 8192, 4096)).isTrue();
        assertThat(guard.enter(READ, 0, 12_288)).isFalse();
        guard.leave(WRITE, 8192, 4096);
        assertThat(guard.enter(WRITE, 0, 12_288)).isTrue();
        guard.leave(WRITE, 0, 12_288);
        assertThat(guard.enter(READ, 0, 12_288)).isTrue();
    }

    @Test
    void theWindowRepeatsAndHugeRangesAreLeftAlone() {
        assertThat(guard.enter(WRITE, 1L << 40, 4096)).isTrue();
        assertThat(guard.enter(READ, 0, 1L << 40)).isTrue();
        assertThat(guard.enter(WRITE, 0, 1L << 40)).isTrue();
        assertThat(guard.enter(READ, (1L << 40) + 4096, 4096)).isTrue();
        guard.leave(WRITE, 0, 1L << 40);
        guard.leave(WRITE, 1L << 40, 4096);
        assertThat(guard.enter(READ, 0, 4096)).isTrue();
    }
}
