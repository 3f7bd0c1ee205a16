package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;

/** One wish to have blocks of a namespace for oneself, from {@link NamespaceGates#close} to {@link #open()}. */
final class Closing {
    private final NamespaceGates gates;
    private final long firstBlock;
    private final long blockCount;
    private final EventLoop loop;
    private final Runnable whenQuiet;
    private volatile boolean open;
    /** Loops that have not said yet that nothing of the range is inside. Guarded by the gates. */
    int loopsToComeCount;

    /** @param blockCount {@link NamespaceGates#WHOLE} for everything, commands without blocks included */
    Closing(NamespaceGates gates, long firstBlock, long blockCount, EventLoop loop, Runnable whenQuiet) {
        this.gates = gates;
        this.firstBlock = firstBlock;
        this.blockCount = blockCount;
        this.loop = loop;
        this.whenQuiet = whenQuiet;
    }

    /** Whether a command must stay outside. */
    boolean stops(Request request) {
        return blockCount == NamespaceGates.WHOLE || request.touches(firstBlock, blockCount);
    }

    /**
     * Lets everybody in again, or gives up the wish before it came true: {@code whenQuiet} is not run any more if this
     * is called on its loop. Once; any thread may call.
     */
    void open() {
        gates.open(this);
    }

    boolean isOpen() {
        return open;
    }

    /** With the gates' lock held. */
    void markOpen() {
        if (open) {
            throw new IllegalStateException("a gate was opened twice");
        }
        open = true;
    }

    void deliver() {
        loop.execute(() -> {
            if (!open) {
                whenQuiet.run();
            }
        });
    }
}
