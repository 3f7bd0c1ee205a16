package io.nvmeof.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.cli.load.BlockPattern.BlockHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockPatternTest {
    private static final int BLOCK_BYTES = 512;
    private final BlockPattern pattern = new BlockPattern(7, BLOCK_BYTES);
    private final MemorySegment memory = Arena.ofAuto().allocate(3 * BLOCK_BYTES);

    @BeforeEach
    void writeThreeBlocks() {
        for (int i = 0; i < 3; i++) {
            pattern.write(memory, (long) i * BLOCK_BYTES, 100 + i, 5);
        }
    }

    @Test
    void matchesWhatItWroteAndNothingElse() {
        assertThat(pattern.matches(memory, BLOCK_BYTES, 101, 5)).isTrue();
        assertThat(pattern.matches(memory, BLOCK_BYTES, 100, 5)).isFalse();
        assertThat(pattern.matches(memory, BLOCK_BYTES, 101, 6)).isFalse();
        assertThat(new BlockPattern(8, BLOCK_BYTES).matches(memory, BLOCK_BYTES, 101, 5)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 24, 32, 39, 40, 300, 511})
    void noticesAnyChangedByte(int at) {
        byte before = memory.get(ValueLayout.JAVA_BYTE, at);
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ 1));
        assertThat(pattern.matches(memory, 0, 100, 5)).isFalse();
        BlockHeader header = pattern.header(memory, 0);
        assertThat(header.known() && header.intact()).isFalse();
    }

    @Test
    void readsItsOwnHeader() {
        assertThat(pattern.header(memory, 2 * BLOCK_BYTES)).isEqualTo(new BlockHeader(true, 7, 102, 5, true));
    }

    @Test
    void namesALostWrite() {
        assertThat(pattern.explain(memory, 0, 100, 6)).contains("block 100 is wrong: stale: the last write is lost",
                "expected: seed 7, block 100, generation 6",
                "found:    seed 7, block 100, generation 5, checksum right",
                "first difference at byte 24 of 512");
    }

    @Test
    void namesAMisplacedBlock() {
        assertThat(pattern.explain(memory, 0, 200, 5)).contains("misplaced: it holds the data of block 100");
    }

    @Test
    void namesATornBlock() {
        memory.asSlice(256, 256).fill((byte) 0);
        assertThat(pattern.explain(memory, 0, 100, 5)).contains("torn", "checksum wrong",
                "first difference at byte 256 of 512", "  found    000100  00 00");
    }

    @Test
    void namesZeroesAndForeignData() {
        memory.asSlice(0, BLOCK_BYTES).fill((byte) 0);
        assertThat(pattern.explain(memory, 0, 100, 5)).contains("it reads as zeroes", "found:    zeroes");
        memory.asSlice(0, BLOCK_BYTES).fill((byte) 0xAA);
        assertThat(pattern.explain(memory, 0, 100, BlockLedger.ZEROES))
                .contains("it holds something verify never wrote", "expected: zeroes", "found:    no header of verify");
    }

    @Test
    void namesTheDataOfAnotherRun() {
        new BlockPattern(8, BLOCK_BYTES).write(memory, 0, 100, 9);
        assertThat(pattern.explain(memory, 0, 100, 5)).contains("it holds the data of another run");
    }
}
