package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.EventLoops;
import java.util.ArrayList;
import java.util.List;

/** The loops of one simulated process. */
final class SimulatedLoops implements EventLoops {
    private final List<SimulatedLoop> loops = new ArrayList<>();
    private int turn;

    SimulatedLoops(Simulation simulation, String name, int count, long bufferBudgetBytes) {
        for (int i = 0; i < count; i++) {
            loops.add(new SimulatedLoop(simulation, name + "-" + i, bufferBudgetBytes));
        }
    }

    @Override
    public int count() {
        return loops.size();
    }

    @Override
    public SimulatedLoop loop(int index) {
        return loops.get(index);
    }

    @Override
    public EventLoop next() {
        return loops.get(turn++ % loops.size());
    }

    long takenBytes() {
        return loops.stream().mapToLong(loop -> loop.buffers().takenBytes()).sum();
    }

    int waiterCount() {
        return loops.stream().mapToInt(loop -> loop.buffers().waiterCount()).sum();
    }

    @Override
    public void close() {
        // The simulation ends by no longer running events.
    }
}
