package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.UuidText;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.transport.tcp.TcpEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options of {@code nvmeof target} that describe one subsystem with one namespace. */
final class NamespaceFlags {
    private static final long DEFAULT_BYTES = 1L << 30;
    private static final int NAMESPACE_ID = 1;

    @Option(names = "--listen", paramLabel = "ADDRESS:PORT", description =
            "where hosts connect; default 127.0.0.1:4420;"
            + " port 0: the system chooses one")
    private String listen;

    @Option(names = {"-n", "--nqn"}, paramLabel = "NQN",
            description = "name of the subsystem; default one made of this machine's id and the backend's path, or"
                    + " of the address if it has none")
    private String nqn;

    @Option(names = "--backend", paramLabel = "WHAT",
            description = "memory, null (forgets writes, for measuring), or the PATH or file:PATH of a file or block"
                    + " device; default nvmeof-data/default.img")
    private String backend;

    @Option(names = "--size", paramLabel = "SIZE", description = "size of the namespace: " + ByteSize.ALLOWED
            + "; default that of the file, or 1g for a new one")
    private String size;

    @Option(names = "--block-size", paramLabel = "SIZE",
            description = "logical block size: a power of two from 512 to 64k; default 4k")
    private String blockSize;

    @Option(names = "--direct", description = "read and write past the page cache (O_DIRECT)")
    private boolean direct;

    @Option(names = "--read-only", description = "refuse every command that would change a block")
    private boolean readOnly;

    @Option(names = "--serial", paramLabel = "TEXT", description = "serial number; default one made of the NQN")
    private String serial;

    @Option(names = "--uuid", paramLabel = "UUID", converter = UuidText.class,
            description = "UUID of the namespace; default see BACKGROUND")
    private UUID uuid;

    @Option(names = "--allow-host", paramLabel = "NQN",
            description = "a host that may connect; repeat for several; default any host")
    private List<String> allowedHosts = new ArrayList<>();

    /** What these flags ask for, checked as a whole. */
    TargetPlan plan() {
        NamespacePlan namespace = namespace();
        ListenAddress address = flag("--listen",
                () -> listen == null ? ListenAddress.byDefault() : ListenAddress.parse(listen));
        String name = nqn == null ? StableIdentity.subsystemNqn(namespace.backing().path(), address)
                : flag("--nqn", () -> NvmeQualifiedName.of(nqn).toString());
        for (String host : allowedHosts) {
            flag("--allow-host", () -> NvmeQualifiedName.of(host));
        }
        if (uuid == null) {
            namespace = namespace.withUuid(StableIdentity.namespace(name, NAMESPACE_ID, namespace.backing().path()));
        }
        SubsystemConfiguration subsystem = flag("--nqn", () -> SubsystemConfiguration
                .builder(NvmeQualifiedName.of(name)).serial(serial(name)).model(TargetPlan.MODEL)
                .allowAnyHost(allowedHosts.isEmpty())
                .allowHosts(allowedHosts.stream().map(NvmeQualifiedName::of).toList())
                .ioQueueCountMax(TargetPlan.IO_QUEUES).queueSizeMax(TargetPlan.QUEUE_SIZE).build());
        TargetPlan plan = TargetPlan.of(TcpEngine.AUTO, TargetPlan.loopCountByDefault(),
                List.of(new TargetPlan.Port("--listen: ", 1, address)),
                List.of(new TargetPlan.Subsystem("--nqn: ", subsystem, List.of(namespace))));
        PlanCheck.check(plan);
        return plan;
    }

    private NamespacePlan namespace() {
        Backing.Kind kind = kind();
        Path path = kind == Backing.Kind.FILE ? path() : null;
        if (kind != Backing.Kind.FILE && (direct || readOnly)) {
            throw CommandFailure.usage((direct ? "--direct" : "--read-only") + ": only for a file or block device");
        }
        long bytes = kind == Backing.Kind.FILE && Files.exists(path) ? 0 : DEFAULT_BYTES;
        if (size != null) {
            bytes = flag("--size", () -> ByteSize.parse(size));
            if (bytes == 0) {
                throw CommandFailure.usage("--size: 0 is not allowed; allowed: at least one block");
            }
        }
        long block = blockSize == null ? 0 : flag("--block-size", () -> ByteSize.parse(blockSize));
        if (blockSize != null && (block < 512 || block > PlanCheck.BLOCK_BYTES_MAX)) {
            throw CommandFailure.usage("--block-size: " + blockSize + " is not allowed; allowed: "
                    + PlanCheck.BLOCK_SIZES);
        }
        return new NamespacePlan(NamespacePlan.FLAGS, NAMESPACE_ID, uuid,
                new Backing(kind, path, bytes, (int) block, direct, readOnly));
    }

    private String serial(String name) {
        if (serial == null) {
            return StableIdentity.serial(name);
        }
        if (serial.isBlank() || serial.length() > TargetPlan.SERIAL_LENGTH_MAX
                || !serial.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw CommandFailure.usage("--serial: \"" + serial + "\" is not allowed; allowed: 1 to "
                    + TargetPlan.SERIAL_LENGTH_MAX + " printable ASCII characters");
        }
        return serial;
    }

    private Backing.Kind kind() {
        return switch (backend) {
            case "memory" -> Backing.Kind.MEMORY;
            case "null" -> Backing.Kind.NULL;
            case null, default -> Backing.Kind.FILE;
        };
    }

    private Path path() {
        if (backend == null) {
            return TargetPlan.DEFAULT_FILE;
        }
        String path = backend.startsWith("file:") ? backend.substring("file:".length()) : backend;
        if (path.isBlank()) {
            throw CommandFailure.usage("--backend: \"" + backend + "\" is not allowed;"
                    + " allowed: memory, null, PATH or file:PATH");
        }
        return Path.of(path);
    }

    private static <T> T flag(String name, Supplier<T> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(name + ": " + e.getMessage());
        }
    }
}
