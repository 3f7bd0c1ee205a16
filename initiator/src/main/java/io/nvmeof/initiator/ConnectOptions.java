package io.nvmeof.initiator;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Objects;

/**
 * What to connect to and how, with the words, units and defaults of nvme-cli. Immutable.
 *
 * <pre>{@code
 * ConnectOptions.builder(TransportAddress.tcp("192.0.2.1", 4420), subsystem).ioQueueCount(2).dataDigest(true).build()
 * }</pre>
 */
public final class ConnectOptions {
    /** {@link Builder#ioQueueCount} unless set: as many as there are event loops. */
    public static final int ONE_PER_LOOP = -1;

    private final Builder values;

    private ConnectOptions(Builder values) {
        this.values = values;
    }

    /** Options with every default. */
    public static Builder builder(TransportAddress address, NvmeQualifiedName subsystem) {
        return new Builder(Objects.requireNonNull(address), Objects.requireNonNull(subsystem));
    }

    /** Where the controller is reached. */
    public TransportAddress address() {
        return values.address;
    }

    /** The subsystem's name. */
    public NvmeQualifiedName subsystem() {
        return values.subsystem;
    }

    /** How many I/O queues to ask for, or {@link #ONE_PER_LOOP}. */
    public int ioQueueCount() {
        return values.ioQueueCount;
    }

    /** Entries of each I/O queue; one fewer can be outstanding. */
    public int queueSize() {
        return values.queueSize;
    }

    /** The Keep Alive Timeout in milliseconds; 0 is none. */
    public int keepAliveTimeoutMillis() {
        return values.keepAliveTimeoutMillis;
    }

    /** Whether PDU headers carry a CRC32C. */
    public boolean headerDigest() {
        return values.headerDigest;
    }

    /** Whether data carries a CRC32C. */
    public boolean dataDigest() {
        return values.dataDigest;
    }

    /** The time limit of each step of connecting, in milliseconds. */
    public long connectTimeoutMillis() {
        return values.connectTimeoutMillis;
    }

    /** The time limit of an I/O command, in milliseconds. */
    public long commandTimeoutMillis() {
        return values.commandTimeoutMillis;
    }

    /** The time limit of an admin command, in milliseconds. */
    public long adminTimeoutMillis() {
        return values.adminTimeoutMillis;
    }

    /** Whether to do without SQ flow control, if the controller agrees. */
    public boolean disableSqFlowControl() {
        return values.disableSqFlowControl;
    }

    /** How many commands given as futures one I/O queue takes before it refuses more. */
    public int pendingCommandsMax() {
        return values.pendingCommandsMax;
    }

    ConnectOptions withIoQueueCount(int count) {
        Builder copy = new Builder(values);
        copy.ioQueueCount = count;
        return new ConnectOptions(copy);
    }

    @Override
    public String toString() {
        return values.subsystem + " at " + values.address;
    }

    /** Sets options; each method names the allowed range if the value is outside it. */
    public static final class Builder {
        private final TransportAddress address;
        private final NvmeQualifiedName subsystem;
        private int ioQueueCount = ONE_PER_LOOP;
        private int queueSize = 128;
        private int keepAliveTimeoutMillis = 5_000;
        private boolean headerDigest;
        private boolean dataDigest;
        private long connectTimeoutMillis = 10_000;
        private long commandTimeoutMillis = 30_000;
        private long adminTimeoutMillis = 60_000;
        private boolean disableSqFlowControl;
        private int pendingCommandsMax = 4096;

        private Builder(TransportAddress address, NvmeQualifiedName subsystem) {
            this.address = address;
            this.subsystem = subsystem;
        }

        private Builder(Builder from) {
            this(from.address, from.subsystem);
            ioQueueCount = from.ioQueueCount;
            queueSize = from.queueSize;
            keepAliveTimeoutMillis = from.keepAliveTimeoutMillis;
            headerDigest = from.headerDigest;
            dataDigest = from.dataDigest;
            connectTimeoutMillis = from.connectTimeoutMillis;
            commandTimeoutMillis = from.commandTimeoutMillis;
            adminTimeoutMillis = from.adminTimeoutMillis;
            disableSqFlowControl = from.disableSqFlowControl;
            pendingCommandsMax = from.pendingCommandsMax;
        }

        /**
         * How many I/O queues to ask for (nr-io-queues), from 0 (admin commands only) to 1024; the controller may grant
         * fewer. Unless set, one for each event loop.
         */
        public Builder ioQueueCount(int count) {
            ioQueueCount = (int) check("I/O queue count", count, 0, 1024);
            return this;
        }

        /** Entries of each I/O queue (queue-size), from 2 to 65,535; the controller's limits may make it fewer. */
        public Builder queueSize(int entries) {
            queueSize = (int) check("queue size", entries, 2, 65_535);
            return this;
        }

        /**
         * After how long without a sign of the other side both give up (keep-alive-tmo), in milliseconds: 0 is never,
         * else from 200 to an hour. Controllers round it up, to 100 ms or more.
         */
        public Builder keepAliveTimeoutMillis(int millis) {
            keepAliveTimeoutMillis = millis == 0 ? 0 : (int) check("keep alive timeout ms", millis, 200, 3_600_000);
            return this;
        }

        /** Whether PDU headers carry a CRC32C (hdr-digest). */
        public Builder headerDigest(boolean enabled) {
            headerDigest = enabled;
            return this;
        }

        /** Whether data carries a CRC32C (data-digest). */
        public Builder dataDigest(boolean enabled) {
            dataDigest = enabled;
            return this;
        }

        /** The time limit of each step of connecting, in milliseconds, from 10 to an hour. */
        public Builder connectTimeoutMillis(long millis) {
            connectTimeoutMillis = check("connect timeout ms", millis, 10, 3_600_000);
            return this;
        }

        /**
         * How long an I/O command may stay unanswered, in milliseconds, from 10 to an hour; then the controller is
         * lost.
         */
        public Builder commandTimeoutMillis(long millis) {
            commandTimeoutMillis = check("command timeout ms", millis, 10, 3_600_000);
            return this;
        }

        /** How long an admin command may stay unanswered, in milliseconds, from 10 to an hour. */
        public Builder adminTimeoutMillis(long millis) {
            adminTimeoutMillis = check("admin timeout ms", millis, 10, 3_600_000);
            return this;
        }

        /** Whether to do without SQ flow control (disable-sqflow); the controller then need not answer reads twice. */
        public Builder disableSqFlowControl(boolean disabled) {
            disableSqFlowControl = disabled;
            return this;
        }

        /**
         * How many commands given as futures one I/O queue takes, outstanding and waiting for a slot together, from 1
         * to 1,048,576; a future beyond it fails at once with {@link QueueFullException}.
         */
        public Builder pendingCommandsMax(int count) {
            pendingCommandsMax = (int) check("pending commands", count, 1, 1 << 20);
            return this;
        }

        /** The options as set so far. */
        public ConnectOptions build() {
            return new ConnectOptions(new Builder(this));
        }

        private static long check(String what, long value, long min, long max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(what + " " + value + ": allowed from " + min + " to " + max);
            }
            return value;
        }
    }
}
