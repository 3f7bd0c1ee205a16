package io.nvmeof.target.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.status.GenericStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory backend keeps the contract with small and large blocks, and takes only the memory it needs. */
class MemoryBackendTest {
    /** The contract, with blocks of one size. */
    abstract static class Contract extends BackendContract {
        private final int blockSizeBytes;
        private final ThreadLoop[] loops = new ThreadLoop[2];

        Contract(int blockSizeBytes) {
            this.blockSizeBytes = blockSizeBytes;
        }

        @Override
        protected EventLoop[] openLoops() {
            for (int i = 0; i < loops.length; i++) {
                loops[i] = new ThreadLoop("loop-" + i);
            }
            return loops;
        }

        @Override
        protected void closeLoops() {
            for (ThreadLoop loop : loops) {
                loop.close();
            }
        }

        @Override
        protected NamespaceBackend openBackend() {
            return new MemoryBackend(SIZE_BYTES, blockSizeBytes);
        }
    }

    @Nested
    class With512ByteBlocks extends Contract {
        With512ByteBlocks() {
            super(512);
        }
    }

    @Nested
    class With4096ByteBlocks extends Contract {
        With4096ByteBlocks() {
            super(4096);
        }
    }

    @Test
    void givesMemoryBack() {
        ManualLoop loop = new ManualLoop();
        MemoryBackend backend = new MemoryBackend(1L << 40, 4096);
        BackendChannel channel = backend.open(loop);
        assertThat(backend.allocatedBytes()).isZero();
        int chunkBlocks = MemoryChunk.SIZE_BYTES / 4096;
        List<Object> done = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(4096).fill((byte) 1);
            for (int i = 0; i < 200; i++) {
                channel.write((long) i * chunkBlocks, 1, block, false, done::add);
            }
            assertThat(backend.allocatedBytes()).isEqualTo(200L * MemoryChunk.SIZE_BYTES);
            channel.write(1, 1, block, false, done::add);
            channel.deallocate(0, 1, done::add);
            assertThat(backend.allocatedBytes()).as("block 1 is still there")
                    .isEqualTo(200L * MemoryChunk.SIZE_BYTES);
            channel.deallocate(1, 1, done::add);
            assertThat(backend.allocatedBytes()).isEqualTo(199L * MemoryChunk.SIZE_BYTES);
            channel.writeZeroes(chunkBlocks, chunkBlocks, false, false, done::add);
            assertThat(backend.allocatedBytes()).isEqualTo(198L * MemoryChunk.SIZE_BYTES);
            int before = done.size();
            channel.deallocate(0, backend.blockCount(), done::add);
            assertThat(done).as("a long one takes several turns").hasSize(before);
            loop.runTasks();
            assertThat(done).hasSize(before + 1).containsOnly(GenericStatus.SUCCESSFUL_COMPLETION);
        }
        assertThat(backend.allocatedBytes()).isZero();
        backend.close();
    }

    @ParameterizedTest(name = "{0} bytes in blocks of {1}")
    @CsvSource({"0, 512", "511, 512", "513, 512", "-512, 512", "4096, 256", "4096, 1000", "131072, 131072",
        "17592186044417, 512"})
    void refusesImpossibleSizes(long sizeBytes, int blockSizeBytes) {
        assertThatThrownBy(() -> new MemoryBackend(sizeBytes, blockSizeBytes))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("allowed");
    }

    @Test
    void theNullBackendReadsZeroesWhateverWasWritten() {
        NullBackend backend = new NullBackend(1 << 20, 512);
        BackendChannel channel = backend.open(new ManualLoop());
        List<Object> done = new ArrayList<>();
        MemorySegment memory = MemorySegment.ofArray(new byte[1024]).fill((byte) 9);
        channel.write(0, 2, memory, true, done::add);
        channel.read(0, 2, memory, done::add);
        channel.flush(done::add);
        channel.writeZeroes(0, 2, true, true, done::add);
        channel.deallocate(0, 2048, done::add);
        assertThat(done).hasSize(5).containsOnly(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        assertThat(backend.blockCount()).isEqualTo(2048);
    }

    @Test
    void keepsWhatRemainsWhenItsSizeChanges() {
        ManualLoop loop = new ManualLoop();
        int block = 512;
        long chunk = MemoryChunk.SIZE_BYTES;
        MemoryBackend backend = new MemoryBackend(3 * chunk, block);
        BackendChannel channel = backend.open(loop);
        MemorySegment ones = Arena.ofAuto().allocate(block).fill((byte) 1);
        MemorySegment read = Arena.ofAuto().allocate(block);
        List<Object> ends = new ArrayList<>();
        long perChunk = chunk / block;
        for (long each : new long[] {0, perChunk - 1, perChunk, perChunk + 9, perChunk + 10, 3 * perChunk - 1}) {
            loop.run(() -> channel.write(each, 1, ones, false, ends::add));
        }
        backend.resize(perChunk + 10);
        loop.run(() -> channel.write(perChunk + 10, 1, ones, false, ends::add));
        assertThat(ends.getLast()).isEqualTo(GenericStatus.LBA_OUT_OF_RANGE);
        loop.run(() -> channel.read(perChunk + 9, 2, Arena.ofAuto().allocate(2L * block), ends::add));
        assertThat(ends.getLast()).isEqualTo(GenericStatus.LBA_OUT_OF_RANGE);
        loop.run(() -> channel.deallocate(perChunk + 9, 2, ends::add));
        assertThat(ends.getLast()).isEqualTo(GenericStatus.LBA_OUT_OF_RANGE);
        assertThat(backend.allocatedBytes()).isEqualTo(2 * chunk);
        backend.resize(2000 * perChunk);
        assertThat(backend.blockCount()).isEqualTo(2000 * perChunk);
        for (long each : new long[] {perChunk + 9, perChunk + 10, 3 * perChunk - 1, 2000 * perChunk - 1}) {
            loop.run(() -> channel.read(each, 1, read, ends::add));
            assertThat(ends.getLast()).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
            assertThat(read.get(ValueLayout.JAVA_BYTE, 17)).isEqualTo((byte) (each == perChunk + 9 ? 1 : 0));
        }
        assertThatThrownBy(() -> backend.resize(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.resize(MemoryBackend.SIZE_BYTES_MAX / block + 1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("up to");
        assertThat(backend.blockCount()).isEqualTo(2000 * perChunk);
        channel.close();
        backend.close();
    }
}
