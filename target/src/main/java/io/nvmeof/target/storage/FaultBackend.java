package io.nvmeof.target.storage;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Another backend with faults: operations that come late or fail, by rules that may change at any time. The first rule
 * that meets an operation decides. The same seed meets the same operations of a channel again.
 *
 * <p>Without a rule an operation costs one look at an empty array.
 */
public final class FaultBackend implements NamespaceBackend {
    /** Most rules at a time. */
    public static final int RULES_MAX = 64;

    private static final ActiveRule[] NO_RULES = {};
    private static final long NANOS_PER_MICRO = 1000;

    private final NamespaceBackend backend;
    private final long seed;
    private final AtomicInteger channelCount = new AtomicInteger();
    private volatile ActiveRule[] rules = NO_RULES;

    /**
     * @param backend where the blocks are; closed with this one
     * @param seed what the probabilities of rules come from
     */
    public FaultBackend(NamespaceBackend backend, long seed) {
        this.backend = backend;
        this.seed = seed;
    }

    /** The rules in force. Any thread may call. */
    public List<FaultRule> rules() {
        List<FaultRule> all = new ArrayList<>();
        for (ActiveRule active : rules) {
            all.add(active.rule);
        }
        return all;
    }

    /** How many operations each of {@link #rules()} has met so far. Any thread may call. */
    public List<Long> metCounts() {
        List<Long> all = new ArrayList<>();
        for (ActiveRule active : rules) {
            all.add(active.met.get());
        }
        return all;
    }

    /**
     * Sets the rules instead of those in force, for operations that begin from now on. Any thread may call.
     *
     * @throws IllegalArgumentException if there are more than {@link #RULES_MAX}
     */
    public void setRules(List<FaultRule> rules) {
        if (rules.size() > RULES_MAX) {
            throw new IllegalArgumentException(rules.size() + " rules for faults: at most " + RULES_MAX);
        }
        this.rules = rules.stream().map(ActiveRule::new).toArray(ActiveRule[]::new);
    }

    /** The backend that this one adds faults to. */
    public NamespaceBackend backend() {
        return backend;
    }

    @Override
    public int blockSizeBytes() {
        return backend.blockSizeBytes();
    }

    @Override
    public long blockCount() {
        return backend.blockCount();
    }

    @Override
    public long actualBlockCount() {
        return backend.actualBlockCount();
    }

    @Override
    public void resize(long blockCount) {
        backend.resize(blockCount);
    }

    @Override
    public void setGoneListener(Consumer<String> listener) {
        backend.setGoneListener(listener);
    }

    @Override
    public BackendCapabilities capabilities() {
        return backend.capabilities();
    }

    @Override
    public String describe() {
        return backend.describe() + ", with faults";
    }

    @Override
    public BackendChannel open(EventLoop loop) {
        return new FaultChannel(this, loop, backend.open(loop),
                new SplittableRandom(seed + channelCount.getAndIncrement()));
    }

    @Override
    public void close() {
        backend.close();
    }

    /** The rule that meets an operation now, or {@code null}; it has then counted it. */
    private ActiveRule meet(FaultRule.Operation operation, long startingBlock, long count, SplittableRandom random) {
        for (ActiveRule active : rules) {
            if (active.meets(operation, startingBlock, count, random)) {
                return active;
            }
        }
        return null;
    }

    private static final class ActiveRule {
        private final FaultRule rule;
        private final AtomicLong met = new AtomicLong();

        ActiveRule(FaultRule rule) {
            this.rule = rule;
        }

        boolean meets(FaultRule.Operation operation, long startingBlock, long count, SplittableRandom random) {
            if (!rule.covers(operation, startingBlock, count)
                    || rule.probability() < 1 && random.nextDouble() >= rule.probability()) {
                return false;
            }
            if (rule.countMax() == 0) {
                met.incrementAndGet();
                return true;
            }
            return met.getAndUpdate(count1 -> Math.min(count1 + 1, rule.countMax())) < rule.countMax();
        }
    }

    private static final class FaultChannel implements BackendChannel {
        private final FaultBackend owner;
        private final EventLoop loop;
        private final BackendChannel channel;
        private final SplittableRandom random;
        private final List<Delayed> delayed = new ArrayList<>();

        FaultChannel(FaultBackend owner, EventLoop loop, BackendChannel channel, SplittableRandom random) {
            this.owner = owner;
            this.loop = loop;
            this.channel = channel;
            this.random = random;
        }

        @Override
        public void read(long startingBlock, int blockCount, MemorySegment memory, BackendCompletion completion) {
            ActiveRule met = owner.meet(FaultRule.Operation.READ, startingBlock, blockCount, random);
            if (met == null) {
                channel.read(startingBlock, blockCount, memory, completion);
            } else {
                inject(met.rule, completion, () -> channel.read(startingBlock, blockCount, memory, completion));
            }
        }

        @Override
        public void write(long startingBlock, int blockCount, MemorySegment memory, boolean forceUnitAccess,
                BackendCompletion completion) {
            ActiveRule met = owner.meet(FaultRule.Operation.WRITE, startingBlock, blockCount, random);
            if (met == null) {
                channel.write(startingBlock, blockCount, memory, forceUnitAccess, completion);
            } else {
                inject(met.rule, completion,
                        () -> channel.write(startingBlock, blockCount, memory, forceUnitAccess, completion));
            }
        }

        @Override
        public void flush(BackendCompletion completion) {
            ActiveRule met = owner.meet(FaultRule.Operation.FLUSH, 0, 0, random);
            if (met == null) {
                channel.flush(completion);
            } else {
                inject(met.rule, completion, () -> channel.flush(completion));
            }
        }

        @Override
        public void writeZeroes(long startingBlock, int blockCount, boolean deallocate, boolean forceUnitAccess,
                BackendCompletion completion) {
            ActiveRule met = owner.meet(FaultRule.Operation.WRITE_ZEROES, startingBlock, blockCount, random);
            if (met == null) {
                channel.writeZeroes(startingBlock, blockCount, deallocate, forceUnitAccess, completion);
            } else {
                inject(met.rule, completion, () -> channel.writeZeroes(startingBlock, blockCount, deallocate,
                        forceUnitAccess, completion));
            }
        }

        @Override
        public void deallocate(long startingBlock, long blockCount, BackendCompletion completion) {
            ActiveRule met = owner.meet(FaultRule.Operation.DEALLOCATE, startingBlock, blockCount, random);
            if (met == null) {
                channel.deallocate(startingBlock, blockCount, completion);
            } else {
                inject(met.rule, completion, () -> channel.deallocate(startingBlock, blockCount, completion));
            }
        }

        @Override
        public void close() {
            channel.close();
        }

        private void inject(FaultRule rule, BackendCompletion completion, Runnable operation) {
            StatusCode status = rule.status();
            Runnable then = status.successful() ? operation : () -> completion.onBackendComplete(status);
            if (rule.delayMicros() == 0) {
                then.run();
                return;
            }
            Delayed late = new Delayed(completion);
            delayed.add(late);
            late.timer = loop.schedule(rule.delayMicros() * NANOS_PER_MICRO, () -> {
                delayed.remove(late);
                then.run();
            });
        }

        @Override
        public boolean cancel(BackendCompletion completion) {
            for (Delayed late : delayed) {
                if (late.completion == completion) {
                    late.timer.cancel();
                    delayed.remove(late);
                    return true;
                }
            }
            return channel.cancel(completion);
        }
    }

    /** An operation that has not begun. */
    private static final class Delayed {
        private final BackendCompletion completion;
        private EventLoop.Timer timer;

        Delayed(BackendCompletion completion) {
            this.completion = completion;
        }
    }
}
