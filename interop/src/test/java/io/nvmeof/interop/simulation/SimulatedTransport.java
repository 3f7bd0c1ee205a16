package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A network of simulated TCP connections, in both roles. */
final class SimulatedTransport implements TargetTransport, HostTransport {
    private final Simulation simulation;
    private final Faults faults;
    private final SimulatedLoops controllerLoops;
    private final ControllerConnectionOptions controllerOptions;
    private final Map<TransportAddress, QueueAcceptor> listeners = new LinkedHashMap<>();
    private final Set<SimulatedConnection> connections = new LinkedHashSet<>();

    SimulatedTransport(Simulation simulation, Faults faults, SimulatedLoops controllerLoops,
            ControllerConnectionOptions controllerOptions) {
        this.simulation = simulation;
        this.faults = faults;
        this.controllerLoops = controllerLoops;
        this.controllerOptions = controllerOptions;
    }

    @Override
    public TransportType type() {
        return TransportType.TCP;
    }

    @Override
    public Listener listen(TransportAddress address, QueueAcceptor acceptor) {
        listeners.put(address, acceptor);
        return new Listener() {
            @Override
            public TransportAddress address() {
                return address;
            }

            @Override
            public void close() {
                listeners.remove(address);
            }
        };
    }

    @Override
    public void connect(EventLoop loop, TransportAddress address, HostQueueOptions options,
            HostQueueReceiver receiver) {
        long delay = simulation.random.nextLong(5 * Simulation.MILLISECOND);
        SimulatedLoop hostLoop = (SimulatedLoop) loop;
        simulation.after(delay, () -> establish(hostLoop, address, options, receiver));
    }

    private void establish(SimulatedLoop hostLoop, TransportAddress address, HostQueueOptions options,
            HostQueueReceiver receiver) {
        QueueAcceptor acceptor = listeners.get(address);
        if (acceptor == null) {
            hostLoop.run(() -> receiver.onClosed(
                    CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR, "connection refused")));
            return;
        }
        SimulatedConnection[] self = new SimulatedConnection[1];
        self[0] = new SimulatedConnection(simulation, faults, hostLoop, (SimulatedLoop) controllerLoops.next(), address,
                options, receiver, acceptor, controllerOptions, () -> connections.remove(self[0]));
        connections.add(self[0]);
    }

    int connectionCount() {
        return connections.size();
    }

    /** Cuts every connection, as a switch that loses power does. */
    void resetAll() {
        new ArrayList<>(connections).forEach(connection -> connection.reset("the network went away"));
    }

    @Override
    public void close() {
        listeners.clear();
        resetAll();
    }
}
