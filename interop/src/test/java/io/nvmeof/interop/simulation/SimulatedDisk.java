package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.BackendCompletion;
import io.nvmeof.target.storage.NamespaceBackend;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * A disk with a volatile write cache: slow, out of order, sometimes failing, and forgetful when its power is cut.
 * Data moves at the moment an operation completes, so memory that is reused before then shows.
 */
final class SimulatedDisk implements NamespaceBackend {
    /** Bugs that can be planted, to prove that a run would notice them. */
    enum Defect { NONE, LOSES_A_WRITE, FLUSH_LIES }

    /** A block as some write left it; later writes have higher versions. An empty array stands for zeroes. */
    private record Version(long number, byte[] data) {}

    private static final byte[] ZEROES = new byte[0];
    private static final Version NEVER_WRITTEN = new Version(0, ZEROES);

    private final Simulation simulation;
    private final Faults faults;
    private final int blockSizeBytes;
    private long blockCount;
    private final Map<Long, Version> cache = new HashMap<>();
    private final Map<Long, Version> medium = new HashMap<>();
    private final Defect defect;
    private int outstanding;
    private long writeCount;

    SimulatedDisk(Simulation simulation, Faults faults, int blockSizeBytes, long blockCount, Defect defect) {
        this.simulation = simulation;
        this.faults = faults;
        this.blockSizeBytes = blockSizeBytes;
        this.blockCount = blockCount;
        this.defect = defect;
    }

    @Override
    public int blockSizeBytes() {
        return blockSizeBytes;
    }

    @Override
    public long blockCount() {
        return blockCount;
    }

    @Override
    public BackendCapabilities capabilities() {
        return new BackendCapabilities(true, true, false, 1);
    }

    @Override
    public String describe() {
        return "simulated disk";
    }

    int outstanding() {
        return outstanding;
    }

    /** Blocks that a loss of power could take. */
    int cachedCount() {
        return cache.size();
    }

    /** What is cut off is gone; what is added holds zeroes. */
    @Override
    public void resize(long newBlockCount) {
        blockCount = newBlockCount;
        cache.keySet().removeIf(block -> block >= newBlockCount);
        medium.keySet().removeIf(block -> block >= newBlockCount);
    }

    /** The power fails: each cached block is lost, or not, as the seed decides. */
    void cutPower() {
        cache.entrySet().removeIf(entry -> {
            if (simulation.random.nextBoolean()) {
                makeDurable(entry.getKey(), entry.getValue());
            }
            return true;
        });
    }

    private void makeDurable(long block, Version version) {
        medium.merge(block, version, (before, after) -> before.number() > after.number() ? before : after);
    }

    /** What the medium and the cache hold for a block, as a read would return it. */
    byte[] block(long block) {
        byte[] data = cache.getOrDefault(block, medium.getOrDefault(block, NEVER_WRITTEN)).data();
        return data.length == 0 ? new byte[blockSizeBytes] : data;
    }

    @Override
    public BackendChannel open(EventLoop loop) {
        return new Channel((SimulatedLoop) loop);
    }

    @Override
    public void close() {
        assert outstanding == 0;
    }

    private void put(long startingBlock, int count, MemorySegment from, boolean durable) {
        writeCount++;
        if (defect == Defect.LOSES_A_WRITE && writeCount % 100 == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            byte[] data = from == null ? ZEROES
                    : from.asSlice((long) i * blockSizeBytes, blockSizeBytes).toArray(ValueLayout.JAVA_BYTE);
            if (durable) {
                cache.remove(startingBlock + i);
                medium.put(startingBlock + i, new Version(writeCount, data));
            } else {
                cache.put(startingBlock + i, new Version(writeCount, data));
            }
        }
    }

    private final class Channel implements BackendChannel {
        private final SimulatedLoop loop;

        private Channel(SimulatedLoop loop) {
            this.loop = loop;
        }

        @Override
        public void read(long startingBlock, int count, MemorySegment memory, BackendCompletion completion) {
            later(faults.readErrorRate, MediaStatus.UNRECOVERED_READ_ERROR, completion, () -> {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(MemorySegment.ofArray(block(startingBlock + i)), 0, memory,
                            (long) i * blockSizeBytes, blockSizeBytes);
                }
            });
        }

        @Override
        public void write(long startingBlock, int count, MemorySegment memory, boolean forceUnitAccess,
                BackendCompletion completion) {
            later(faults.writeErrorRate, MediaStatus.WRITE_FAULT, completion,
                    () -> put(startingBlock, count, memory, forceUnitAccess));
        }

        @Override
        public void flush(BackendCompletion completion) {
            Map<Long, Version> cached = new HashMap<>(cache);
            later(0, GenericStatus.SUCCESSFUL_COMPLETION, completion, () -> {
                if (defect != Defect.FLUSH_LIES) {
                    cached.forEach((block, version) -> {
                        makeDurable(block, version);
                        cache.remove(block, version);
                    });
                }
            });
        }

        @Override
        public void writeZeroes(long startingBlock, int count, boolean deallocate, boolean forceUnitAccess,
                BackendCompletion completion) {
            later(faults.writeErrorRate, MediaStatus.WRITE_FAULT, completion,
                    () -> put(startingBlock, count, null, forceUnitAccess));
        }

        @Override
        public void deallocate(long startingBlock, long count, BackendCompletion completion) {
            later(0, GenericStatus.SUCCESSFUL_COMPLETION, completion,
                    () -> put(startingBlock, (int) count, null, false));
        }

        private void later(double errorRate, StatusCode error, BackendCompletion completion, Runnable effect) {
            assert loop.inLoop();
            outstanding++;
            boolean fails = simulation.chance(faults.rate(errorRate));
            simulation.after(simulation.random.nextLong(faults.storageDelayNanosMax), () -> loop.run(() -> {
                outstanding--;
                if (!fails) {
                    effect.run();
                }
                completion.onBackendComplete(fails ? error : GenericStatus.SUCCESSFUL_COMPLETION);
            }));
        }

        @Override
        public void close() {
            // Nothing is held for a loop.
        }
    }
}
