package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One loop's part of the {@link NamespaceGates} of a namespace. Nobody counts who passes: when the gate closes, it
 * looks at every slot of the loop's queues for commands inside, and those it finds tell when they leave.
 *
 * <p>Owned by the loop.
 */
final class NamespaceGate implements Turnstile {
    private final NamespaceGates gates;
    private final EventLoop loop;
    private final List<NamespaceView> views = new ArrayList<>();
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private Closing closing;
    private UncorrectableBlocks uncorrectable;
    /** Whether there is neither a closing nor a block that cannot be read. */
    private boolean open;
    private int insideCount;
    private int epoch;

    NamespaceGate(NamespaceGates gates, EventLoop loop, Closing closing, UncorrectableBlocks uncorrectable) {
        this.gates = gates;
        this.loop = loop;
        this.closing = closing;
        this.uncorrectable = uncorrectable;
        noteOpen();
    }

    EventLoop loop() {
        return loop;
    }

    // ---- What commands ask

    /**
     * Changes whenever commands that were admitted before have to be checked again before they execute; no command
     * overlooks it that remembers the number of its admission.
     */
    int epoch() {
        return epoch;
    }

    /** Whether it is open for everything, and was since that epoch. The only question on the way of most commands. */
    boolean openSince(int admittedEpoch) {
        return open && epoch == admittedEpoch;
    }

    /** Whether a command has to wait. */
    boolean stops(Request request) {
        return closing != null && closing.stops(request);
    }

    /** The blocks that cannot be read, {@link UncorrectableBlocks#NONE} as a rule. */
    UncorrectableBlocks uncorrectable() {
        return uncorrectable;
    }

    /** Lines a command up that {@link #stops}; it executes, perhaps again, when it has passed. */
    void await(Request request) {
        waiting.addLast(request);
        request.awaitTurn(this);
    }

    @Override
    public void cancel(Request request) {
        waiting.remove(request);
    }

    /** A command that {@link QueuePair#markInside} found is inside no more. */
    void onLeft() {
        if (closing != null && --insideCount == 0) {
            gates.onQuiet(closing);
        }
    }

    // ---- What views say

    void add(NamespaceView view) {
        views.add(view);
    }

    void remove(NamespaceView view) {
        views.remove(view);
    }

    // ---- What the gates say

    void onClose(Closing next) {
        assert loop.inLoop();
        closing = next;
        noteOpen();
        epoch++;
        insideCount = 0;
        for (NamespaceView view : views) {
            insideCount += view.queue().markInside(view, next);
        }
        if (insideCount == 0) {
            gates.onQuiet(next);
        }
    }

    /** Those who waited go on, in order, before anything new comes. */
    void onOpen(Closing ended) {
        assert loop.inLoop() && closing == ended;
        closing = null;
        noteOpen();
        epoch++;
        Request request;
        while ((request = waiting.pollFirst()) != null) {
            request.onTurn();
        }
    }

    void onCheckAgain() {
        epoch++;
    }

    void onUncorrectable(UncorrectableBlocks blocks) {
        uncorrectable = blocks;
        noteOpen();
    }

    private void noteOpen() {
        open = closing == null && uncorrectable.isEmpty();
    }
}
