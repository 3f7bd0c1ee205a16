package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.ManualLoops;
import java.util.function.BooleanSupplier;

/** A fabric on loops run by hand: waiting means running them. */
public class ManualFabric implements TransportContract.Fabric {
    private static final int ROUNDS_MAX = 20_000;
    private static final long ROUND_NANOS = 1_000_000;

    private final ManualLoops loops;
    private final TargetTransport target;
    private final HostTransport host;
    private final TransportAddress address;
    private final Runnable turn;

    /**
     * @param turn what else to run in each round
     */
    public ManualFabric(ManualLoops loops, TargetTransport target, HostTransport host, TransportAddress address,
            Runnable turn) {
        this.loops = loops;
        this.target = target;
        this.host = host;
        this.address = address;
        this.turn = turn;
    }

    @Override
    public TargetTransport targetTransport() {
        return target;
    }

    @Override
    public HostTransport hostTransport() {
        return host;
    }

    @Override
    public EventLoop hostLoop() {
        return loops.loop(0);
    }

    @Override
    public TransportAddress listenAddress() {
        return address;
    }

    @Override
    public void until(BooleanSupplier condition) {
        for (int i = 0; i < ROUNDS_MAX; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            round();
        }
        throw new AssertionError("did not happen in " + ROUNDS_MAX + " rounds");
    }

    @Override
    public void settle() {
        for (int i = 0; i < 100; i++) {
            round();
        }
    }

    @Override
    public void close() {
        loops.close();
    }

    private void round() {
        loops.runTasks();
        turn.run();
        loops.advance(ROUND_NANOS);
    }
}
