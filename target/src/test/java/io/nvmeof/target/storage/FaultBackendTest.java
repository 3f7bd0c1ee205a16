package io.nvmeof.target.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.FaultRule.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Faults meet what their rule says, come when it says, and leave the storage alone when they fail something. */
class FaultBackendTest {
    private static final int BLOCK = 512;

    /** A backend without rules is the backend itself. */
    @Nested
    class WithoutRules extends BackendContract {
        private final ThreadLoop[] loops = new ThreadLoop[2];

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
            return new FaultBackend(new MemoryBackend(SIZE_BYTES, BLOCK), 1);
        }
    }

    private final ManualLoop loop = new ManualLoop();
    private final Arena arena = Arena.ofConfined();
    private final FaultBackend backend = new FaultBackend(new MemoryBackend(1 << 20, BLOCK), 1);
    private final List<StatusCode> completed = new ArrayList<>();
    private BackendChannel channel;
    private MemorySegment memory;

    @BeforeEach
    void open() {
        loop.run(() -> channel = backend.open(loop));
        memory = arena.allocate(64 * BLOCK, 4096);
    }

    @AfterEach
    void close() {
        loop.run(channel::close);
        backend.close();
        arena.close();
        loop.close();
    }

    @Test
    void aFailureLeavesTheStorageAlone() {
        memory.fill((byte) 1);
        write(0, 4);
        backend.setRules(List.of(FaultRule.failure(Set.of(Operation.WRITE), MediaStatus.WRITE_FAULT)));
        memory.fill((byte) 2);
        write(0, 4);
        read(0, 4);
        assertThat(completed).containsExactly(GenericStatus.SUCCESSFUL_COMPLETION, MediaStatus.WRITE_FAULT,
                GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
    }

    @Test
    void onlyOperationsThatTouchTheRangeAreMet() {
        backend.setRules(List.of(new FaultRule(Set.of(Operation.READ), 10, 5, 1, 0,
                MediaStatus.UNRECOVERED_READ_ERROR, 0)));
        read(0, 10);
        read(15, 3);
        read(9, 2);
        read(14, 1);
        read(0, 20);
        assertThat(completed).containsExactly(GenericStatus.SUCCESSFUL_COMPLETION, GenericStatus.SUCCESSFUL_COMPLETION,
                MediaStatus.UNRECOVERED_READ_ERROR, MediaStatus.UNRECOVERED_READ_ERROR,
                MediaStatus.UNRECOVERED_READ_ERROR);
        assertThat(backend.metCounts()).containsExactly(3L);
    }

    @Test
    void everyOperationCanBeMet() {
        for (Operation operation : Operation.values()) {
            completed.clear();
            backend.setRules(List.of(FaultRule.failure(Set.of(operation), GenericStatus.INTERNAL_ERROR)));
            read(0, 1);
            write(0, 1);
            loop.run(() -> channel.flush(completed::add));
            loop.run(() -> channel.writeZeroes(0, 1, true, false, completed::add));
            loop.run(() -> channel.deallocate(0, 1, completed::add));
            List<StatusCode> expected = new ArrayList<>(
                    Collections.nCopies(Operation.values().length, GenericStatus.SUCCESSFUL_COMPLETION));
            expected.set(operation.ordinal(), GenericStatus.INTERNAL_ERROR);
            assertThat(completed).as("rule for %s", operation).isEqualTo(expected);
        }
    }

    @Test
    void aDelayIsTheTimeBeforeTheOperationBegins() {
        backend.setRules(List.of(FaultRule.delay(EnumSet.allOf(Operation.class), 2000)));
        read(0, 1);
        loop.advance(1_999_000);
        assertThat(completed).isEmpty();
        loop.advance(1_000);
        assertThat(completed).containsExactly(GenericStatus.SUCCESSFUL_COMPLETION);
        backend.setRules(List.of());
        read(0, 1);
        assertThat(completed).hasSize(2);
    }

    @Test
    void aRuleRestsAfterItsCount() {
        backend.setRules(List.of(new FaultRule(Set.of(Operation.READ), 0, 100, 1, 0,
                MediaStatus.UNRECOVERED_READ_ERROR, 2)));
        for (int i = 0; i < 4; i++) {
            read(i, 1);
        }
        assertThat(completed).containsExactly(MediaStatus.UNRECOVERED_READ_ERROR, MediaStatus.UNRECOVERED_READ_ERROR,
                GenericStatus.SUCCESSFUL_COMPLETION, GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(backend.metCounts()).containsExactly(2L);
        assertThat(backend.rules()).hasSize(1);
    }

    @Test
    void aProbabilityIsKeptAndComesFromTheSeed() {
        backend.setRules(List.of(new FaultRule(Set.of(Operation.READ), 0, 100, 0.25, 0,
                MediaStatus.UNRECOVERED_READ_ERROR, 0)));
        for (int i = 0; i < 4000; i++) {
            read(0, 1);
        }
        List<StatusCode> first = List.copyOf(completed);
        assertThat(backend.metCounts().getFirst()).isBetween(850L, 1150L);
        FaultBackend again = new FaultBackend(new MemoryBackend(1 << 20, BLOCK), 1);
        again.setRules(backend.rules());
        completed.clear();
        loop.run(() -> {
            BackendChannel other = again.open(loop);
            for (int i = 0; i < 4000; i++) {
                other.read(0, 1, memory, completed::add);
            }
            other.close();
        });
        again.close();
        assertThat(completed).isEqualTo(first);
    }

    @Test
    void impossibleRulesAreRefused() {
        Set<Operation> read = Set.of(Operation.READ);
        StatusCode fine = GenericStatus.SUCCESSFUL_COMPLETION;
        assertThatThrownBy(() -> new FaultRule(Set.of(), 0, 1, 1, 1, fine, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("operations");
        assertThatThrownBy(() -> new FaultRule(read, -1, 1, 1, 1, fine, 0)).hasMessageContaining("first-block is -1");
        assertThatThrownBy(() -> new FaultRule(read, 0, 0, 1, 1, fine, 0)).hasMessageContaining("block-count is 0");
        assertThatThrownBy(() -> new FaultRule(read, 0, 1, 0, 1, fine, 0)).hasMessageContaining("probability is 0");
        assertThatThrownBy(() -> new FaultRule(read, 0, 1, Double.NaN, 1, fine, 0))
                .hasMessageContaining("probability is NaN");
        assertThatThrownBy(() -> new FaultRule(read, 0, 1, 1, -1, fine, 0)).hasMessageContaining("delay is -1");
        assertThatThrownBy(() -> new FaultRule(read, 0, 1, 1, 0, fine, 0)).hasMessageContaining("a delay, a status");
        assertThatThrownBy(() -> new FaultRule(read, 0, 1, 1, 1, fine, -1)).hasMessageContaining("count is -1");
        FaultRule rule = FaultRule.delay(read, 1);
        assertThatThrownBy(() -> backend.setRules(Collections.nCopies(FaultBackend.RULES_MAX + 1, rule)))
                .hasMessageContaining("65 rules");
        assertThat(backend.rules()).isEmpty();
    }

    private void read(long block, int count) {
        loop.run(() -> channel.read(block, count, memory, completed::add));
    }

    private void write(long block, int count) {
        loop.run(() -> channel.write(block, count, memory, false, completed::add));
    }
}
