package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.memory.BufferPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory in which the headers and small payloads of a turn are laid out one after the other, to leave as one write.
 * Where a large payload goes by reference in between, the slab leaves in several runs. It goes home when its writer
 * has let go of it and all its runs have been sent.
 */
final class TransmitSlab {
    private final TransmitSlabPool pool;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final List<Run> runs = new ArrayList<>();
    private int runCount;
    private int holdCount;

    TransmitSlab(TransmitSlabPool pool, int size) {
        this.pool = pool;
        this.segment = arena.allocate(size, BufferPool.ALIGNMENT_BYTES);
    }

    /** Gives the memory back to the system; the slab must be home and is not used again. */
    void free() {
        arena.close();
    }

    MemorySegment segment() {
        return segment;
    }

    /** The writer takes hold. */
    void open() {
        assert holdCount == 0;
        runCount = 0;
        holdCount = 1;
    }

    /** The next run: Netty's view of the bytes between the offsets. */
    Run run(ChannelOutput output, int from, int to) {
        if (runCount == runs.size()) {
            runs.add(new Run());
        }
        Run run = runs.get(runCount++);
        holdCount++;
        run.output = output;
        run.lend(from, to);
        run.length = to - from;
        return run;
    }

    /** The writer, or a run, lets go. */
    void letGo() {
        if (--holdCount == 0) {
            pool.giveBack(this);
        }
    }

    /** Some bytes of the slab on their way out. */
    final class Run extends LoanedByteBuf {
        private ChannelOutput output;
        private int length;

        private Run() {
            super(segment);
        }

        @Override
        void onReturned() {
            ChannelOutput sender = output;
            output = null;
            letGo();
            sender.onSent(length);
        }
    }
}
