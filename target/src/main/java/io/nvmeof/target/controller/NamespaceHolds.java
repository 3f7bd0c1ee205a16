package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps commands out of whole namespaces for as long as somebody wants it: a pause, a switchover, a shrinking. They
 * share one closing of a namespace's gates, so that none waits for another. Owned by the control loop.
 */
final class NamespaceHolds {
    private final EventLoop loop;
    private final Map<NamespaceCore, Hold> holds = new IdentityHashMap<>();

    NamespaceHolds(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Lets no command of the namespace begin, until {@link #release}.
     *
     * @param whenQuiet run on the control loop when none is at work any more; perhaps never, if the last release is
     *     sooner
     */
    void hold(NamespaceCore core, Runnable whenQuiet) {
        assert loop.inLoop();
        Hold hold = holds.get(core);
        if (hold == null) {
            hold = new Hold();
            holds.put(core, hold);
            hold.closing = core.gates().closeWhole(loop, hold::onQuiet);
        }
        hold.holderCount++;
        if (hold.quiet) {
            loop.execute(whenQuiet);
        } else {
            hold.awaitingQuiet.add(whenQuiet);
        }
    }

    /** One holder less; after the last one commands go on. */
    void release(NamespaceCore core) {
        assert loop.inLoop();
        Hold hold = holds.get(core);
        if (--hold.holderCount == 0) {
            holds.remove(core);
            hold.awaitingQuiet.clear();
            hold.closing.open();
        }
    }

    private static final class Hold {
        private final List<Runnable> awaitingQuiet = new ArrayList<>();
        private Closing closing;
        private int holderCount;
        private boolean quiet;

        private void onQuiet() {
            quiet = true;
            List<Runnable> all = List.copyOf(awaitingQuiet);
            awaitingQuiet.clear();
            all.forEach(Runnable::run);
        }
    }
}
