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

/** A network of simulated TCP connections, in both roles: where one target listens, and from where hosts reach all. */
final class SimulatedTransport implements TargetTransport, HostTransport {
    /** Who listens at an address, and where its connections live. */
    private record Place(QueueAcceptor acceptor, SimulatedLoops loops, ControllerConnectionOptions options) {}

    private final Simulation simulation;
    private final Faults faults;
    private final SimulatedLoops controllerLoops;
    private final ControllerConnectionOptions controllerOptions;
    private final Map<TransportAddress, Place> listeners;
    private final Set<SimulatedConnection> connections;

    SimulatedTransport(Simulation simulation, Faults faults, SimulatedLoops controllerLoops,
            ControllerConnectionOptions controllerOptions) {
        this.simulation = simulation;
        this.faults = faults;
        this.controllerLoops = controllerLoops;
        this.controllerOptions = controllerOptions;
        this.listeners = new LinkedHashMap<>();
        this.connections = new LinkedHashSet<>();
    }

    /** The same network, where another target listens. */
    SimulatedTransport(SimulatedTransport network, SimulatedLoops controllerLoops) {
        this.simulation = network.simulation;
        this.faults = network.faults;
        this.controllerLoops = controllerLoops;
        this.controllerOptions = network.controllerOptions;
        this.listeners = network.listeners;
        this.connections = network.connections;
    }

    @Override
    public TransportType type() {
        return TransportType.TCP;
    }

    @Override
    public Listener listen(TransportAddress address, QueueAcceptor acceptor) {
        listeners.put(address, new Place(acceptor, controllerLoops, controllerOptions));
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
        Place place = listeners.get(address);
        if (place == null) {
            hostLoop.run(() -> receiver.onClosed(
                    CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR, "connection refused")));
            return;
        }
        SimulatedConnection[] self = new SimulatedConnection[1];
        self[0] = new SimulatedConnection(simulation, faults, hostLoop, (SimulatedLoop) place.loops().next(), address,
                options, receiver, place.acceptor(), place.options(), () -> connections.remove(self[0]));
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
