package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the commands of a namespace, from all controllers and loops, can be kept out of a range of its blocks. Every
 * I/O command passes the {@link NamespaceGate} of its loop just before it executes; while that is open, passing costs
 * a look at two fields.
 *
 * <p>One closing is in effect at a time, the others wait in line: they cannot wait for each other in a circle. Whoever
 * closes must open, and must not wait for a command of the same namespace meanwhile. Rare and short: so there is a
 * lock, which no command ever takes. Any thread may call.
 */
final class NamespaceGates {
    /** As a number of blocks: the whole namespace, and commands that have no blocks, too. */
    static final long WHOLE = -1;

    private final Map<EventLoop, NamespaceGate> gates = new LinkedHashMap<>();
    private final ArrayDeque<Closing> line = new ArrayDeque<>();
    private UncorrectableBlocks uncorrectable = UncorrectableBlocks.NONE;

    /**
     * Keeps commands out of a range from now on.
     *
     * @param blockCount at least 1, or {@link #WHOLE}
     * @param whenQuiet run on {@code loop} when no command is inside the range any more, on any loop; those that come
     *     wait until {@link Closing#open()}, and are then checked again
     */
    Closing close(long firstBlock, long blockCount, EventLoop loop, Runnable whenQuiet) {
        Closing closing = new Closing(this, firstBlock, blockCount, loop, whenQuiet);
        synchronized (this) {
            line.addLast(closing);
            if (line.peekFirst() == closing) {
                begin(closing);
            }
        }
        return closing;
    }

    /** As {@link #close}, for the whole namespace. */
    Closing closeWhole(EventLoop loop, Runnable whenQuiet) {
        return close(0, WHOLE, loop, whenQuiet);
    }

    /** Has every command that was admitted but does not execute yet checked again: what it may do has changed. */
    synchronized void checkAgain() {
        for (NamespaceGate gate : gates.values()) {
            gate.loop().execute(gate::onCheckAgain);
        }
    }

    /** The blocks that cannot be read; every gate knows them before it hears of anything that is said later. */
    synchronized void setUncorrectable(UncorrectableBlocks blocks) {
        uncorrectable = blocks;
        for (NamespaceGate gate : gates.values()) {
            gate.loop().execute(() -> gate.onUncorrectable(blocks));
        }
    }

    /**
     * As {@link #checkAgain()}.
     *
     * @param whenDone run on {@code loop}, which is the caller's, when nothing that was admitted before can execute any
     *     more without having been checked again
     */
    synchronized void checkAgain(EventLoop loop, Runnable whenDone) {
        Countdown all = new Countdown(gates.size(), whenDone);
        for (NamespaceGate gate : gates.values()) {
            gate.loop().execute(() -> {
                gate.onCheckAgain();
                loop.execute(all::arrive);
            });
        }
    }

    private void begin(Closing closing) {
        closing.loopsToComeCount = gates.size();
        if (gates.isEmpty()) {
            closing.deliver();
        }
        for (NamespaceGate gate : gates.values()) {
            gate.loop().execute(() -> gate.onClose(closing));
        }
    }

    /** Nothing of the range is inside on one more loop. */
    synchronized void onQuiet(Closing closing) {
        if (--closing.loopsToComeCount == 0 && !closing.isOpen()) {
            closing.deliver();
        }
    }

    synchronized void open(Closing closing) {
        closing.markOpen();
        if (line.peekFirst() != closing) {
            line.remove(closing);
            return;
        }
        line.pollFirst();
        for (NamespaceGate gate : gates.values()) {
            gate.loop().execute(() -> gate.onOpen(closing));
        }
        if (!line.isEmpty()) {
            begin(line.peekFirst());
        }
    }

    /** The gate of a loop, which stays the same; a new one is as closed as the others are. Called on that loop. */
    synchronized NamespaceGate gate(EventLoop loop) {
        NamespaceGate gate = gates.get(loop);
        if (gate == null) {
            gate = new NamespaceGate(this, loop, line.peekFirst(), uncorrectable);
            gates.put(loop, gate);
        }
        return gate;
    }
}
