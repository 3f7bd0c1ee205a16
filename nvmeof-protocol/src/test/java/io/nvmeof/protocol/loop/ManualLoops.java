package io.nvmeof.protocol.loop;

import java.util.ArrayList;
import java.util.List;

/** Several loops run by hand on one thread, with the same time. */
public final class ManualLoops implements EventLoops {
    private final List<ManualLoop> loops = new ArrayList<>();
    private int next;

    public ManualLoops(int count) {
        for (int i = 0; i < count; i++) {
            loops.add(new ManualLoop());
        }
    }

    /** Runs the tasks of all loops, in turn, until there is none. */
    public int runTasks() {
        int count = 0;
        int before;
        do {
            before = count;
            for (ManualLoop loop : loops) {
                count += loop.runTasks();
            }
        } while (count > before);
        return count;
    }

    /** Lets time pass on all loops. */
    public void advance(long nanos) {
        for (ManualLoop loop : loops) {
            loop.advance(nanos);
        }
        runTasks();
    }

    @Override
    public int count() {
        return loops.size();
    }

    @Override
    public ManualLoop loop(int index) {
        return loops.get(index);
    }

    @Override
    public ManualLoop next() {
        return loops.get(next++ % loops.size());
    }

    @Override
    public void close() {
        runTasks();
        loops.forEach(ManualLoop::close);
    }
}
