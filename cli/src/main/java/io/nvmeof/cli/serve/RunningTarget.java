package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.cli.control.ControlDoor;
import io.nvmeof.cli.control.ControlSocket;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.local.DirectoryStateStore;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.ControllerInfo;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.Target;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.TargetManagement;
import io.nvmeof.target.storage.StateStore;
import io.nvmeof.transport.tcp.TcpEventLoops;
import io.nvmeof.transport.tcp.TcpOptions;
import io.nvmeof.transport.tcp.TcpTargetTransport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A target made from a plan, with everything it stands on; closing it closes all of that, the target first. */
final class RunningTarget implements ServedTarget, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningTarget.class);

    private final TargetPlan plan;
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final OpenBackends backends = new OpenBackends();
    private final long startedNanos = System.nanoTime();
    private TcpEventLoops loops;
    private Target target;
    private ControlDoor door;

    private RunningTarget(TargetPlan plan) {
        this.plan = plan;
    }

    /** Opens backends and loops and begins to listen. What has been opened is closed again if something fails. */
    static RunningTarget start(TargetPlan plan) throws Exception {
        for (TargetPlan.Port port : plan.ports()) {
            checkFree(port);
        }
        RunningTarget running = new RunningTarget(plan);
        try {
            running.open();
        } catch (Exception e) {
            running.backends.removeCreated();
            running.close();
            throw e;
        }
        return running;
    }

    private void open() throws Exception {
        resources.push(backends);
        TargetConfiguration configuration = configuration();
        loops = TcpEventLoops.open(plan.engine(), plan.loopCount(), plan.bufferBytesPerLoop());
        resources.push(loops);
        TcpTargetTransport transport = new TcpTargetTransport(loops, TcpOptions.defaults());
        resources.push(transport);
        target = Target.start(configuration, loops, List.of(transport));
        resources.push(target);
        if (plan.mdns()) {
            MulticastDns published = new MulticastDns();
            resources.push(published);
            target.watchDiscovery(published::update);
        }
        backends.keep();
    }

    private TargetConfiguration configuration() {
        TargetConfiguration.Builder configuration = TargetConfiguration.builder();
        plan.ports().forEach(port -> configuration.port(port.configuration()));
        for (TargetPlan.Subsystem subsystem : plan.subsystems()) {
            List<NamespaceConfiguration> namespaces = new ArrayList<>();
            for (NamespacePlan namespace : subsystem.namespaces()) {
                namespaces.add(namespace.configuration(backends.open(namespace)));
            }
            try {
                configuration.subsystem(subsystem.configuration().toBuilder().namespaces(namespaces).build());
            } catch (ConfigurationException e) {
                throw CommandFailure.usage(subsystem.key() + e.getMessage());
            }
            if (subsystem.configuration().allowAnyHost()) {
                LOG.info("any host may connect to {}; to name those that may: --allow-host, or allowed-hosts in a file",
                        subsystem.nqn());
            }
        }
        plan.referrals().forEach(configuration::referral);
        plan.discoveryNqn().ifPresent(configuration::discoveryNqn);
        plan.stateDirectory().ifPresent(directory -> configuration.stateStore(openState(directory)));
        try {
            return configuration.build();
        } catch (ConfigurationException e) {
            throw CommandFailure.usage(e.getMessage());
        }
    }

    private StateStore openState(Path directory) {
        try {
            boolean made = !Files.exists(directory);
            DirectoryStateStore store = DirectoryStateStore.open(directory);
            resources.push(store);
            if (made) {
                backends.created(directory);
            }
            return store;
        } catch (IOException e) {
            throw CommandFailure.failed("state-directory: " + FileFailure.describe(e), e);
        }
    }

    /** Before a backing file is created: the address is ours and nobody listens on it. */
    private static void checkFree(TargetPlan.Port port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            InetAddress address = InetAddress.getByName(port.listen().host());
            probe.bind(new InetSocketAddress(address, port.listen().port()));
        } catch (IOException e) {
            throw CommandFailure.failed(
                    port.key() + "cannot listen on " + port.listen() + ": " + e.getMessage() + advice(e), e);
        }
    }

    private static String advice(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("in use")) {
            return ". If another target runs, stop it or choose another port; port 0 lets the system choose";
        }
        if (message.contains("Permission")) {
            return ". Ports below 1024 are for root; NVMe/TCP's own are 4420 and, for discovery, 8009";
        }
        return message.contains("assign") ? ". This machine has no such address; 0.0.0.0 and [::] mean all it has" : "";
    }

    /**
     * Opens the control door.
     *
     * @param path where; {@code null}: at the usual place, and if there is none it stays closed
     * @param folder what paths in requests are relative to
     * @param saved where changes are saved
     */
    void openDoor(Path path, Path folder, SavedChanges saved) {
        try {
            ManagementResources resources = new ManagementResources(this, backends, folder, saved);
            door = ControlDoor.open(path != null ? path : ControlSocket.of(ProcessHandle.current().pid()), resources);
            this.resources.push(door);
        } catch (IOException e) {
            if (path != null) {
                throw CommandFailure.failed("--control: " + FileFailure.describe(e), e);
            }
            LOG.warn("no control door, so nvmeof ctl will not find this target: {}", FileFailure.describe(e));
        }
    }

    @Override
    public TargetManagement management() {
        return target.management();
    }

    @Override
    public List<ControllerInfo> controllers() {
        return target.controllers();
    }

    @Override
    public List<TransportAddress> addresses() {
        return target.addresses();
    }

    @Override
    public ObjectNode process() {
        String version = RunningTarget.class.getPackage().getImplementationVersion();
        return JsonNodeFactory.instance.objectNode().put("process-id", ProcessHandle.current().pid())
                .put("version", version == null ? "not packaged" : version)
                .put("uptime-seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos))
                .put("engine", loops.engine().label()).put("loops", plan.loopCount());
    }

    /** The service identifier of the first port, which the system may have chosen. */
    String port() {
        return target.addresses().getFirst().serviceId();
    }

    /** Says READY, and how to connect. */
    void announce(PrintWriter out) {
        List<TransportAddress> addresses = target.addresses();
        out.println("READY " + addresses.stream().map(TransportAddress::toString).collect(Collectors.joining(" ")));
        for (TransportAddress address : addresses) {
            for (String reachable : ReachableAddresses.of(address.address())) {
                String where = " -t tcp -a " + reachable + " -s " + address.serviceId();
                out.println();
                out.println("On Linux, as root:     modprobe nvme-tcp");
                out.println("                       nvme discover" + where);
                for (TargetPlan.Subsystem subsystem : plan.subsystems()) {
                    out.println("                       nvme connect" + where + " -n " + subsystem.nqn());
                }
                out.println("From here:             nvmeof list -a " + reachable + " -s " + address.serviceId());
            }
        }
        if (door != null) {
            out.println();
            out.println("To change it:          nvmeof ctl --help, with --control " + door.path());
        }
        out.println();
        out.println("Ctrl-C stops it.");
        out.flush();
    }

    /** Closes everything, whatever fails on the way; what failed first ends the command with exit status 1. */
    @Override
    public void close() {
        CommandFailure first = null;
        while (!resources.isEmpty()) {
            AutoCloseable resource = resources.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.error("cannot close {} in order", resource.getClass().getSimpleName(), e);
                if (first == null) {
                    first = CommandFailure.failed("did not stop in order: " + e.getMessage(), e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
