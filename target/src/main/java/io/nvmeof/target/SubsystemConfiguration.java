package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * A subsystem: what a host connects to.
 *
 * @param nqn its name; not the well-known discovery name
 * @param serial serial number, 1 to 20 printable ASCII characters; the same on every port
 * @param model model number, 1 to 40 printable ASCII characters
 * @param allowAnyHost whether every host may connect
 * @param allowedHosts the hosts that may connect otherwise
 * @param namespaces what it exports; none is allowed
 * @param ioQueueCountMax most I/O queues of one controller, from 1 to {@link #IO_QUEUE_COUNT_MAX}
 * @param queueSizeMax most entries of a queue, from 32 to {@link #QUEUE_SIZE_MAX}
 * @param controllerCountMax most controllers at a time, from 1 to {@link #CONTROLLER_COUNT_MAX}
 * @param controllerIds the controller identifiers this target gives out, so that another target may serve the same
 *     subsystem with others
 * @param ieeeOui the IEEE organizationally unique identifier that Identify reports, 24 bits, 0 for none
 * @param duplicateHosts what happens when two hosts claim to be one
 * @param hostRateLimit what each host may do that {@code hostRateLimits} does not name
 * @param hostRateLimits what single hosts may do, all their controllers and queues together
 * @param vendorCommands admin commands of the program around the target, by opcode
 */
public record SubsystemConfiguration(NvmeQualifiedName nqn, String serial, String model, boolean allowAnyHost,
        Set<NvmeQualifiedName> allowedHosts, List<NamespaceConfiguration> namespaces, int ioQueueCountMax,
        int queueSizeMax, int controllerCountMax, ControllerIdRange controllerIds, int ieeeOui,
        DuplicateHostPolicy duplicateHosts, RateLimit hostRateLimit, Map<NvmeQualifiedName, RateLimit> hostRateLimits,
        Map<Integer, VendorCommand> vendorCommands) {
    /** Most I/O queues of one controller. */
    public static final int IO_QUEUE_COUNT_MAX = 1024;
    /** Most entries of a queue: a slot for each is taken when the queue connects. */
    public static final int QUEUE_SIZE_MAX = 4096;
    /** The least that may be the limit of a queue's entries: hosts ask for 32 on the admin queue. */
    public static final int QUEUE_SIZE_MIN = 32;
    /** Most controllers of a subsystem at a time. */
    public static final int CONTROLLER_COUNT_MAX = 0xFFEF;

    private static final int IEEE_OUI_MAX = 0xFFFFFF;
    private static final int SERIAL_LENGTH_MAX = 20;
    private static final int MODEL_LENGTH_MAX = 40;

    public SubsystemConfiguration {
        if (nqn == null || nqn.isDiscovery()) {
            throw new ConfigurationException("nqn", nqn, "is any NQN but the discovery subsystem's");
        }
        checkText("serial", nqn, serial, SERIAL_LENGTH_MAX);
        checkText("model", nqn, model, MODEL_LENGTH_MAX);
        checkRange("io-queues", nqn, ioQueueCountMax, 1, IO_QUEUE_COUNT_MAX);
        checkRange("queue-size", nqn, queueSizeMax, QUEUE_SIZE_MIN, QUEUE_SIZE_MAX);
        checkRange("controllers", nqn, controllerCountMax, 1, CONTROLLER_COUNT_MAX);
        checkRange("ieee-oui", nqn, ieeeOui, 0, IEEE_OUI_MAX);
        Objects.requireNonNull(controllerIds);
        Objects.requireNonNull(duplicateHosts);
        Objects.requireNonNull(hostRateLimit);
        hostRateLimits = Map.copyOf(hostRateLimits);
        vendorCommands = Map.copyOf(vendorCommands);
        for (int opcode : vendorCommands.keySet()) {
            checkRange("vendor command", nqn, opcode, VendorCommand.OPCODE_MIN, VendorCommand.OPCODE_MAX);
        }
        allowedHosts = Set.copyOf(allowedHosts);
        namespaces = List.copyOf(namespaces);
        Set<Integer> ids = new HashSet<>();
        Set<UUID> uuids = new HashSet<>();
        for (NamespaceConfiguration namespace : namespaces) {
            if (!ids.add(namespace.id())) {
                throw new ConfigurationException("namespace id of " + nqn, namespace.id(), "is each only once");
            }
            if (!uuids.add(namespace.uuid())) {
                throw new ConfigurationException("namespace uuid of " + nqn, namespace.uuid(), "is each only once");
            }
        }
    }

    /** Whether a host with this name may connect and see the subsystem. */
    public boolean allows(NvmeQualifiedName hostNqn) {
        return allowAnyHost || allowedHosts.contains(hostNqn);
    }

    /** What a host may do, all its controllers and queues together. */
    public RateLimit rateLimit(NvmeQualifiedName hostNqn) {
        return hostRateLimits.getOrDefault(hostNqn, hostRateLimit);
    }

    /** A builder that begins with this subsystem. */
    public Builder toBuilder() {
        Builder builder = new Builder(nqn);
        builder.serial = serial;
        builder.model = model;
        builder.allowAnyHost = allowAnyHost;
        builder.allowedHosts.addAll(allowedHosts);
        builder.namespaces.addAll(namespaces);
        builder.ioQueueCountMax = ioQueueCountMax;
        builder.queueSizeMax = queueSizeMax;
        builder.controllerCountMax = controllerCountMax;
        builder.controllerIds = controllerIds;
        builder.ieeeOui = ieeeOui;
        builder.duplicateHosts = duplicateHosts;
        builder.hostRateLimit = hostRateLimit;
        builder.hostRateLimits.putAll(hostRateLimits);
        builder.vendorCommands.putAll(vendorCommands);
        return builder;
    }

    /** A builder for a subsystem that no host may use and that has no namespace yet. */
    public static Builder builder(NvmeQualifiedName nqn) {
        return new Builder(nqn);
    }

    private static void checkText(String key, NvmeQualifiedName nqn, String value, int lengthMax) {
        if (value == null || value.isBlank() || value.length() > lengthMax
                || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new ConfigurationException(key + " of " + nqn, '"' + value + '"',
                    "are 1 to " + lengthMax + " printable ASCII characters");
        }
    }

    private static void checkRange(String key, NvmeQualifiedName nqn, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigurationException(key + " of " + nqn, value, "from " + least + " to " + most);
        }
    }

    /** Collects what a subsystem is made of; {@link #build()} checks it. */
    public static final class Builder {
        private static final int SERIAL_BITS = 64;

        private final NvmeQualifiedName nqn;
        private String serial;
        private String model = "NVMe-oF JVM target";
        private boolean allowAnyHost;
        private final Set<NvmeQualifiedName> allowedHosts = new LinkedHashSet<>();
        private final List<NamespaceConfiguration> namespaces = new ArrayList<>();
        private int ioQueueCountMax = 128;
        private int queueSizeMax = 1024;
        private int controllerCountMax = 1024;
        private ControllerIdRange controllerIds = ControllerIdRange.ALL;
        private int ieeeOui;
        // Where hosts prove nothing, refusing would let a stranger keep a host out by claiming its identifier first.
        private DuplicateHostPolicy duplicateHosts = DuplicateHostPolicy.ALLOW;
        private RateLimit hostRateLimit = RateLimit.NONE;
        private final Map<NvmeQualifiedName, RateLimit> hostRateLimits = new HashMap<>();
        private final Map<Integer, VendorCommand> vendorCommands = new HashMap<>();

        private Builder(NvmeQualifiedName nqn) {
            this.nqn = nqn;
            this.serial = serialOf(nqn.toString());
        }

        /** Sets the serial number; otherwise it is made of the name, so that it stays the same. */
        public Builder serial(String serial) {
            this.serial = serial;
            return this;
        }

        /** Sets the controller identifiers to give out; all otherwise. */
        public Builder controllerIds(ControllerIdRange controllerIds) {
            this.controllerIds = controllerIds;
            return this;
        }

        /** Sets the IEEE OUI, 24 bits. */
        public Builder ieeeOui(int ieeeOui) {
            this.ieeeOui = ieeeOui;
            return this;
        }

        /** Sets what happens when two hosts claim to be one. */
        public Builder duplicateHosts(DuplicateHostPolicy duplicateHosts) {
            this.duplicateHosts = duplicateHosts;
            return this;
        }

        /** Sets what each host may do that has no limit of its own. */
        public Builder hostRateLimit(RateLimit hostRateLimit) {
            this.hostRateLimit = hostRateLimit;
            return this;
        }

        /** Sets what one host may do. */
        public Builder hostRateLimit(NvmeQualifiedName hostNqn, RateLimit rateLimit) {
            hostRateLimits.put(hostNqn, rateLimit);
            return this;
        }

        /** Adds an admin command, with an opcode from C0h to FFh. */
        public Builder vendorCommand(int opcode, VendorCommand command) {
            vendorCommands.put(opcode, command);
            return this;
        }

        /** Sets the hosts that may connect, instead of those there are. */
        public Builder allowedHosts(Collection<NvmeQualifiedName> hostNqns) {
            allowedHosts.clear();
            allowedHosts.addAll(hostNqns);
            return this;
        }

        /** Sets the namespaces, instead of those there are. */
        public Builder namespaces(Collection<NamespaceConfiguration> namespaces) {
            this.namespaces.clear();
            this.namespaces.addAll(namespaces);
            return this;
        }

        /** Sets the model number. */
        public Builder model(String model) {
            this.model = model;
            return this;
        }

        /** Sets whether every host may connect. */
        public Builder allowAnyHost(boolean allowAnyHost) {
            this.allowAnyHost = allowAnyHost;
            return this;
        }

        /** Adds a host that may connect. */
        public Builder allowHost(NvmeQualifiedName hostNqn) {
            allowedHosts.add(hostNqn);
            return this;
        }

        /** Adds hosts that may connect. */
        public Builder allowHosts(Collection<NvmeQualifiedName> hostNqns) {
            allowedHosts.addAll(hostNqns);
            return this;
        }

        /** Adds a namespace. */
        public Builder namespace(NamespaceConfiguration namespace) {
            namespaces.add(namespace);
            return this;
        }

        /** Sets the most I/O queues of a controller; 128 otherwise. */
        public Builder ioQueueCountMax(int ioQueueCountMax) {
            this.ioQueueCountMax = ioQueueCountMax;
            return this;
        }

        /** Sets the most entries of a queue; 1024 otherwise. */
        public Builder queueSizeMax(int queueSizeMax) {
            this.queueSizeMax = queueSizeMax;
            return this;
        }

        /** Sets the most controllers at a time; 1024 otherwise. */
        public Builder controllerCountMax(int controllerCountMax) {
            this.controllerCountMax = controllerCountMax;
            return this;
        }

        /** The subsystem; throws {@link ConfigurationException} if it is impossible. */
        public SubsystemConfiguration build() {
            return new SubsystemConfiguration(nqn, serial, model, allowAnyHost, allowedHosts, namespaces,
                    ioQueueCountMax, queueSizeMax, controllerCountMax, controllerIds, ieeeOui, duplicateHosts,
                    hostRateLimit, hostRateLimits, vendorCommands);
        }

        /** FNV-1a: stable over releases and machines, which {@link String#hashCode()} need not be. */
        private static String serialOf(String name) {
            long hash = 0xCBF29CE484222325L;
            for (int i = 0; i < name.length(); i++) {
                hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
            }
            return String.format("%0" + SERIAL_BITS / 4 + "x", hash);
        }
    }
}
