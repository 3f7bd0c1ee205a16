package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.tcp.ControllerConnection;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.tcp.HostConnection;
import io.nvmeof.protocol.tcp.HostConnectionOptions;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.MemorySegment;

/** A TCP connection between the two production state machines, over two simulated streams. */
final class SimulatedConnection {
    private final Simulation simulation;
    private final SimulatedLoop hostLoop;
    private final SimulatedLoop controllerLoop;
    private final SimulatedStream toController;
    private final SimulatedStream toHost;
    private final HostConnection host;
    private final ControllerConnection controller;
    private final Runnable onGone;
    private boolean hostGone;
    private boolean controllerGone;
    private boolean corrupted;

    SimulatedConnection(Simulation simulation, Faults faults, SimulatedLoop hostLoop, SimulatedLoop controllerLoop,
            TransportAddress address, HostQueueOptions options, HostQueueReceiver receiver, QueueAcceptor acceptor,
            ControllerConnectionOptions controllerOptions, Runnable onGone) {
        this.simulation = simulation;
        this.hostLoop = hostLoop;
        this.controllerLoop = controllerLoop;
        this.onGone = onGone;
        this.toController = new SimulatedStream(simulation, faults, hostLoop, controllerLoop, this);
        this.toHost = new SimulatedStream(simulation, faults, controllerLoop, hostLoop, this);
        this.host = new HostConnection(hostLoop, options, HostConnectionOptions.defaults(), toController, address,
                receiver);
        TransportAddress peer = TransportAddress.tcp("10.0.0.1", 40_000);
        this.controller = new ControllerConnection(controllerLoop, controllerOptions, toHost, address, peer, acceptor);
        toController.receiver(new SimulatedStream.Receiver() {
            @Override
            public int receive(MemorySegment segment, long offset, int length) {
                return controller.receive(segment, offset, length);
            }

            @Override
            public void onEnd() {
                controllerEnds(CloseReason.of(CloseReason.Kind.PEER_CLOSED, "the host closed the connection"));
            }
        });
        toHost.receiver(new SimulatedStream.Receiver() {
            @Override
            public int receive(MemorySegment segment, long offset, int length) {
                return host.receive(segment, offset, length);
            }

            @Override
            public void onEnd() {
                hostEnds(CloseReason.of(CloseReason.Kind.PEER_CLOSED, "the controller closed the connection"));
            }
        });
        controller.setResumeListener(() -> controllerLoop.execute(toController::deliver));
        hostLoop.run(host::start);
        tick();
    }

    /** Both ends learn, each in its own time, that the connection is gone. */
    void reset(String why) {
        toController.kill();
        toHost.kill();
        CloseReason reason = CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR, why);
        later(hostLoop, () -> hostEnds(reason));
        later(controllerLoop, () -> controllerEnds(reason));
    }

    void corrupted() {
        corrupted = true;
    }

    boolean wasCorrupted() {
        return corrupted;
    }

    private void hostEnds(CloseReason reason) {
        if (!hostGone) {
            hostGone = true;
            toController.kill();
            host.onStreamClosed(reason);
            // The other direction dies with the socket; its bytes are answered by a reset.
            later(controllerLoop, () -> controllerEnds(reason));
            goneIfBoth();
        }
    }

    private void controllerEnds(CloseReason reason) {
        if (!controllerGone) {
            controllerGone = true;
            toHost.kill();
            controller.onStreamClosed(reason);
            later(hostLoop, () -> hostEnds(reason));
            goneIfBoth();
        }
    }

    private void goneIfBoth() {
        if (hostGone && controllerGone) {
            onGone.run();
        }
    }

    private void later(SimulatedLoop loop, Runnable task) {
        simulation.after(simulation.random.nextLong(10 * Simulation.MILLISECOND), () -> loop.run(task));
    }

    private void tick() {
        if (hostGone && controllerGone) {
            return;
        }
        if (!hostGone) {
            hostLoop.run(() -> host.onTick(simulation.nanoTime()));
        }
        if (!controllerGone) {
            controllerLoop.run(() -> controller.onTick(simulation.nanoTime()));
        }
        simulation.after(Simulation.SECOND, this::tick);
    }
}
