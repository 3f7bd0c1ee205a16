package io.nvmeof.target.controller;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.HostQueue;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.TestTarget;
import io.nvmeof.target.storage.MemoryBackend;
import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which blocks are marked, and that it is kept before anybody is told. */
class UncorrectableMarksTest {
    private static final UUID NAMESPACE = TestTarget.NAMESPACE_UUID;

    private final HeldStore store = new HeldStore();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void setsAreLikeBits(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BitSet bits = new BitSet();
        UncorrectableBlocks blocks = UncorrectableBlocks.NONE;
        for (int round = 0; round < 3000; round++) {
            int first = random.nextInt(60);
            int count = 1 + random.nextInt(10);
            boolean marks = random.nextBoolean();
            bits.set(first, first + count, marks);
            blocks = marks ? blocks.with(first, count) : blocks.without(first, count);
            assertThat(blocks.blockCount()).isEqualTo(bits.cardinality());
            assertThat(blocks.isEmpty()).isEqualTo(bits.isEmpty());
            int from = random.nextInt(70);
            int length = 1 + random.nextInt(10);
            assertThat(blocks.touches(from, length))
                    .as("seed %d round %d: %s, %d+%d", seed, round, blocks, from, length)
                    .isEqualTo(!bits.get(from, from + length).isEmpty());
            assertThat(UncorrectableBlocks.decode(blocks.encode())).isEqualTo(blocks);
        }
    }

    @Test
    void damageIsNotTakenForNothing() {
        byte[] good = UncorrectableBlocks.NONE.with(5, 3).with(20, 1).encode();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> UncorrectableBlocks.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        for (int at : new int[] {0, 4, 8, 23}) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) 0x81;
            assertThatThrownBy(() -> UncorrectableBlocks.decode(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        store.contents.put("uncorrectable-" + NAMESPACE, new byte[3]);
        assertThatThrownBy(() -> UncorrectableMarks.load(NAMESPACE, Optional.of(store)))
                .isInstanceOf(IOException.class).hasMessageContaining("damaged");
        TestTarget target = target();
        target.connectAdmin(0);
        HostQueue queue = target.connectIo(0, 1);
        assertThat(queue.poll(submit(queue, NvmOpcode.READ)).status()).as("not served")
                .isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
    }

    private TestTarget target() {
        return new TestTarget(2, TargetConfiguration.builder().port(new PortConfiguration(1, TestTarget.ADDRESS))
                .stateStore(store)
                .subsystem(SubsystemConfiguration.builder(TestTarget.SUBSYSTEM).allowAnyHost(true)
                        .namespace(new NamespaceConfiguration(1, NAMESPACE, new MemoryBackend(1 << 20, 512))).build())
                .build());
    }

    @Test
    void eachChangeIsKeptBeforeItIsAnswered() {
        TestTarget target = target();
        target.connectAdmin(0);
        HostQueue queue = target.connectIo(0, 1);
        HostQueue other = target.connectIo(1, 2);
        int mark = submit(queue, NvmOpcode.WRITE_UNCORRECTABLE);
        assertThat(queue.poll(mark)).as("not kept yet").isNull();
        int read = submit(other, NvmOpcode.READ);
        assertThat(other.poll(read)).as("nobody knows yet").isNull();
        store.finish(null);
        success(queue.poll(mark));
        assertThat(other.poll(read).status()).isEqualTo(MediaStatus.UNRECOVERED_READ_ERROR);

        assertThat(readAfterRestart()).isEqualTo(MediaStatus.UNRECOVERED_READ_ERROR);

        int write = submit(other, NvmOpcode.WRITE);
        assertThat(other.poll(write)).as("the end of the mark is not kept yet").isNull();
        store.finish(null);
        success(other.poll(write));
        assertThat(readAfterRestart()).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        assertThat(queue.poll(submit(queue, NvmOpcode.READ)).status()).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
    }

    @Test
    void whatCannotBeKeptFails() {
        TestTarget target = target();
        target.connectAdmin(0);
        HostQueue queue = target.connectIo(0, 1);
        int mark = submit(queue, NvmOpcode.WRITE_UNCORRECTABLE);
        target.loops().runTasks();
        store.finish(new IOException("no space left"));
        assertThat(queue.poll(mark).status()).isEqualTo(GenericStatus.INTERNAL_ERROR);
        // The store may have the mark: a write is acknowledged only when it has it no more.
        assertThat(queue.poll(submit(queue, NvmOpcode.READ)).status()).isEqualTo(MediaStatus.UNRECOVERED_READ_ERROR);
        int clearing = submit(queue, NvmOpcode.WRITE);
        assertThat(queue.poll(clearing)).as("the end of the mark is not kept yet").isNull();
        store.finish(null);
        success(queue.poll(clearing));
        assertThat(queue.poll(submit(queue, NvmOpcode.READ)).status()).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        mark = submit(queue, NvmOpcode.WRITE_UNCORRECTABLE);
        target.loops().runTasks();
        store.finish(null);
        success(queue.poll(mark));
        int write = submit(queue, NvmOpcode.WRITE);
        target.loops().runTasks();
        store.finish(new IOException("no space left"));
        assertThat(queue.poll(write).status()).isEqualTo(GenericStatus.INTERNAL_ERROR);
        assertThat(queue.poll(submit(queue, NvmOpcode.READ)).status()).isEqualTo(MediaStatus.UNRECOVERED_READ_ERROR);
    }

    private StatusCode readAfterRestart() {
        TestTarget restarted = target();
        restarted.connectAdmin(0);
        HostQueue queue = restarted.connectIo(0, 1);
        return queue.poll(submit(queue, NvmOpcode.READ)).status();
    }

    private static int submit(HostQueue queue, NvmOpcode opcode) {
        boolean data = opcode != NvmOpcode.WRITE_UNCORRECTABLE;
        return queue.submit(entry(opcode.code(), entry -> entry.namespaceId(1)), new byte[512], data ? 512 : 0);
    }

    /** Keeps things when the test says so. */
    private static final class HeldStore implements StateStore {
        private record Save(String key, byte[] content, CompletableFuture<Void> done) {}

        private final Map<String, byte[]> contents = new HashMap<>();
        private final Deque<Save> saves = new ArrayDeque<>();

        @Override
        public Optional<byte[]> load(String key) {
            return Optional.ofNullable(contents.get(key));
        }

        @Override
        public CompletableFuture<Void> save(String key, byte[] content) {
            if (key.startsWith("smart-")) {
                return CompletableFuture.completedFuture(null); // Counters, which are not what is tested with this.
            }
            Save save = new Save(key, content, new CompletableFuture<>());
            saves.addLast(save);
            return save.done();
        }

        void finish(IOException failure) {
            Save save = saves.removeFirst();
            if (failure != null) {
                save.done().completeExceptionally(failure);
            } else {
                contents.put(save.key(), save.content());
                save.done().complete(null);
            }
        }
    }
}
