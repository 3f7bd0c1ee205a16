package io.nvmeof.cli.serve;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.transport.tcp.TcpEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a target is to serve, before anything of it exists: every value is allowed by itself, and the whole has been
 * checked by {@link PlanCheck}.
 *
 * @param engine how sockets are driven
 * @param loopCount threads that serve connections
 * @param bufferBytesPerLoop the most memory a loop takes for the data of commands
 * @param referrals other discovery services to tell of
 * @param discoveryNqn a unique name of the discovery subsystem
 * @param stateDirectory where reservations are kept that have to survive a crash
 * @param mdns whether multicast DNS tells where there is discovery
 */
record TargetPlan(TcpEngine engine, int loopCount, long bufferBytesPerLoop, List<Port> ports,
        List<Subsystem> subsystems, List<ReferralConfiguration> referrals, Optional<NvmeQualifiedName> discoveryNqn,
        Optional<Path> stateDirectory, boolean mdns) {
    /** What is served if nothing is named; its folder is created with it. */
    static final Path DEFAULT_FILE = Path.of("nvmeof-data", "default.img");
    static final long BUFFER_BYTES_PER_LOOP = 64L << 20;
    static final long BUFFER_BYTES_PER_LOOP_MIN = 8L << 20;
    static final int LOOPS_MAX = 128;
    /** I/O queues and entries of each that a subsystem grants unless told otherwise. */
    static final int IO_QUEUES = 128;
    static final int QUEUE_SIZE = 1024;
    static final String MODEL = "nvmeof target";
    static final int SERIAL_LENGTH_MAX = 20;
    static final int MODEL_LENGTH_MAX = 40;

    TargetPlan {
        ports = List.copyOf(ports);
        subsystems = List.copyOf(subsystems);
        referrals = List.copyOf(referrals);
    }

    /** Ports and subsystems, and nothing else that is not as usual. */
    static TargetPlan of(TcpEngine engine, int loopCount, List<Port> ports, List<Subsystem> subsystems) {
        return new TargetPlan(engine, loopCount, BUFFER_BYTES_PER_LOOP, ports, subsystems, List.of(),
                Optional.empty(), Optional.empty(), false);
    }

    /** The same, served in this way. */
    TargetPlan with(TcpEngine engine, int loopCount, Optional<Path> stateDirectory, boolean mdns) {
        return new TargetPlan(engine, loopCount, bufferBytesPerLoop, ports, subsystems, referrals, discoveryNqn,
                stateDirectory, mdns);
    }

    static int loopCountByDefault() {
        return Math.min(LOOPS_MAX, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Where hosts connect.
     *
     * @param key what the user wrote it as, for messages
     */
    record Port(String key, PortConfiguration configuration) {
        /** A port that leads to every subsystem. */
        Port(String key, int id, ListenAddress listen) {
            this(key, new PortConfiguration(id, TransportAddress.tcp(listen.host(), listen.port())));
        }

        int id() {
            return configuration.id();
        }

        ListenAddress listen() {
            return new ListenAddress(configuration.address().address(), configuration.address().port());
        }
    }

    /**
     * A subsystem.
     *
     * @param key what the user wrote it as, for messages
     * @param configuration all of it but the namespaces
     */
    record Subsystem(String key, SubsystemConfiguration configuration, List<NamespacePlan> namespaces) {
        Subsystem {
            namespaces = List.copyOf(namespaces);
        }

        String nqn() {
            return configuration.nqn().toString();
        }
    }
}
