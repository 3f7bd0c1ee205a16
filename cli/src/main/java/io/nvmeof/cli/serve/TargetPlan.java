package io.nvmeof.cli.serve;

import io.nvmeof.transport.tcp.TcpEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * What a target is to serve, before anything of it exists: every value is allowed by itself, and the whole has been
 * checked by {@link PlanCheck}.
 *
 * @param engine how sockets are driven
 * @param loopCount threads that serve connections
 * @param bufferBytesPerLoop the most memory a loop takes for the data of commands
 */
record TargetPlan(TcpEngine engine, int loopCount, long bufferBytesPerLoop, List<Port> ports,
        List<Subsystem> subsystems) {
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
    }

    static int loopCountByDefault() {
        return Math.min(LOOPS_MAX, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Where hosts connect.
     *
     * @param key what the user wrote it as, for messages
     */
    record Port(String key, int id, ListenAddress listen) {}

    /**
     * A subsystem.
     *
     * @param key what the user wrote it as, for messages
     * @param allowedHosts host NQNs; empty: any host
     */
    record Subsystem(String key, String nqn, String serial, String model, List<String> allowedHosts, int ioQueuesMax,
            int queueSizeMax, List<Namespace> namespaces) {
        Subsystem {
            allowedHosts = List.copyOf(allowedHosts);
            namespaces = List.copyOf(namespaces);
        }
    }

    /** What holds the blocks. */
    enum BackendKind {
        /** Memory of this process; gone when it ends. */
        MEMORY,
        /** Nothing: writes are forgotten, reads are zeroes; for measuring. */
        NULL,
        /** A file or a block device. */
        FILE
    }

    /**
     * A namespace.
     *
     * @param key what the user wrote it as, for messages
     * @param path of a file or block device; {@code null} for other kinds
     * @param sizeBytes 0: as large as the file is
     * @param blockSizeBytes 0: what suits the backend
     */
    record Namespace(String key, int id, UUID uuid, BackendKind backend, Path path, long sizeBytes, int blockSizeBytes,
            boolean direct, boolean readOnly) {
        /** The key of a namespace that is given by flags. */
        static final String FLAGS = "--";

        Namespace withUuid(UUID uuid) {
            return new Namespace(key, id, uuid, backend, path, sizeBytes, blockSizeBytes, direct, readOnly);
        }

        /** The beginning of a message about the path, which flags give with the backend. */
        String pathKey() {
            return key.equals(FLAGS) ? "--backend: " : key + "path: ";
        }
    }
}
