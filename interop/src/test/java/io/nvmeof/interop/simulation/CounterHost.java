package io.nvmeof.interop.simulation;

import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.fabrics.PropertyCommand;
import io.nvmeof.protocol.nvm.NvmCommandBits;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CommandSender;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A host that adds one to a counter in shared blocks, again and again, by fused Compare and Write: what all of them
 * added must be what is there, and no read may see the blocks differ. Speaks to the transport itself, and takes another
 * path whenever anything goes wrong.
 */
final class CounterHost {
    /** The blocks that all hold the counter. */
    static final int BLOCKS = 3;
    private static final long PAUSE_NANOS = 100 * Simulation.MILLISECOND;
    private static final int SLOTS = 4;
    private static final int ADMIN_SLOTS = 31;
    private static final int READ_ID = 0;
    private static final int COMPARE_ID = 1;
    private static final int WRITE_ID = 2;

    private final ClusterRun run;
    private final Counter counter;
    private final SimulatedLoop loop;
    private final HostTransport transport;
    private final List<TransportAddress> addresses;
    private final boolean digests;
    private final HostIdentifier identifier;
    private final NvmeQualifiedName name;
    private final MemorySegment memory = Arena.ofAuto().allocate(64 << 10, 8);
    private final MemorySegment read;
    private final MemorySegment expected;
    private final MemorySegment wanted;
    private Association association;
    private int turn;
    private boolean done;
    private boolean stopped = true;

    CounterHost(ClusterRun run, Counter counter, SimulatedLoop loop, HostTransport transport,
            List<TransportAddress> addresses, boolean digests, NvmeQualifiedName name, UUID identifier) {
        this.run = run;
        this.counter = counter;
        this.loop = loop;
        this.transport = transport;
        this.addresses = addresses;
        this.digests = digests;
        this.name = name;
        this.identifier = new HostIdentifier(identifier);
        long bytes = (long) BLOCKS * run.blockSizeBytes();
        this.read = memory.asSlice(0, bytes);
        this.expected = memory.asSlice(bytes, bytes);
        this.wanted = memory.asSlice(2 * bytes, bytes);
    }

    /** What the counter must be: as much as succeeded, or a little more because of answers that were lost. */
    static final class Counter {
        private long known;
        private long unknown;

        void check(long value, long atLeast) {
            if (value < atLeast || value > known + unknown) {
                throw new AssertionError("the counter is " + value + " after " + known + " additions, " + unknown
                        + " of unknown fate, and was " + atLeast);
            }
        }

        long known() {
            return known;
        }
    }

    void start() {
        stopped = false;
        connect();
    }

    /** Stops when the addition under way has ended. */
    void stop() {
        done = true;
    }

    boolean stopped() {
        return stopped;
    }

    private void connect() {
        if (done) {
            stopped = true;
            return;
        }
        association = new Association(addresses.get(turn++ % addresses.size()));
        association.begin();
    }

    private void again(CloseReason why) {
        association = null;
        run.simulation.trace(why.kind().ordinal());
        run.simulation.after(run.random().nextLong(Simulation.SECOND), () -> run.check(this::connect));
    }

    /** An admin queue and an I/O queue, until the first thing that goes wrong. */
    private final class Association {
        private final TransportAddress address;
        private final Queue admin = new Queue(ADMIN_SLOTS);
        private final Queue io = new Queue(SLOTS);
        private long value;
        private long knownAtRead;
        private StatusCode compared;
        private StatusCode written;
        private boolean adding;
        private boolean ended;
        private boolean left;

        private Association(TransportAddress address) {
            this.address = address;
        }

        void begin() {
            admin.open(() -> admin.connect(0, ConnectData.DYNAMIC_CONTROLLER, this::enable));
        }

        private void enable(long controllerId) {
            MemorySegment enable = Arena.ofAuto().allocate(SubmissionQueueEntry.SIZE, 8);
            new PropertyCommand().wrap(enable, 0).encodeSet(0, Property.CC,
                    ControllerConfiguration.enabled(ControllerConfiguration.CSS_NVM).value());
            admin.call(new SubmissionQueueEntry().wrap(enable, 0), Direction.NONE, MemorySegment.NULL,
                    x -> io.open(() -> io.connect(1, (int) controllerId & 0xFFFF, y -> step())));
        }

        private void step() {
            if (done) {
                end(CloseReason.of(CloseReason.Kind.LOCAL, "counted enough"));
                return;
            }
            knownAtRead = counter.known;
            io.send(NvmOpcode.READ, READ_ID, 0, Direction.CONTROLLER_TO_HOST, read);
        }

        private void onRead() {
            value = read.get(ValueLayout.JAVA_LONG, 0);
            for (long at = 0; at < read.byteSize(); at += Long.BYTES) {
                if (read.get(ValueLayout.JAVA_LONG, at) != value) {
                    throw new AssertionError("the counter is torn: " + value + ", but at byte " + at + " "
                            + read.get(ValueLayout.JAVA_LONG, at));
                }
            }
            counter.check(value, knownAtRead);
            for (long at = 0; at < read.byteSize(); at += Long.BYTES) {
                expected.set(ValueLayout.JAVA_LONG, at, value);
                wanted.set(ValueLayout.JAVA_LONG, at, value + 1);
            }
            adding = true;
            counter.unknown++;
            compared = null;
            written = null;
            io.send(NvmOpcode.COMPARE, COMPARE_ID, SubmissionQueueEntry.FUSE_FIRST, Direction.HOST_TO_CONTROLLER,
                    expected);
            io.send(NvmOpcode.WRITE, WRITE_ID, SubmissionQueueEntry.FUSE_SECOND, Direction.HOST_TO_CONTROLLER, wanted);
        }

        private void onIo(int commandId, StatusCode status) {
            run.simulation.trace((long) commandId << 32 | status.code());
            if (commandId == READ_ID) {
                if (status.successful()) {
                    onRead();
                } else {
                    end(CloseReason.of(CloseReason.Kind.LOCAL, "the counter cannot be read here: " + status));
                }
                return;
            }
            if (commandId == COMPARE_ID) {
                compared = status;
            } else {
                written = status;
            }
            if (compared != null && written != null) {
                onAdded(written);
            }
        }

        private void onAdded(StatusCode status) {
            adding = false;
            if (status.successful()) {
                if (!compared.successful()) {
                    throw new AssertionError("a Write was done although its Compare said " + compared);
                }
                counter.unknown--;
                counter.known++;
                run.onSuccess();
            } else if (status.matches(GenericStatus.COMMAND_ABORTED_FAILED_FUSED)) {
                counter.unknown--;
            }
            boolean raced = compared.matches(MediaStatus.COMPARE_FAILURE);
            if (raced && !status.matches(GenericStatus.COMMAND_ABORTED_FAILED_FUSED)) {
                throw new AssertionError("the Compare failed, but its Write said " + status);
            }
            if (status.successful() || raced) {
                run.simulation.after(run.random().nextLong(PAUSE_NANOS),
                        () -> loop.run(() -> run.check(() -> {
                            if (!ended) {
                                step();
                            }
                        })));
            } else {
                end(CloseReason.of(CloseReason.Kind.LOCAL, "cannot be added here: " + status));
            }
        }

        private void end(CloseReason why) {
            if (!ended) {
                ended = true;
                admin.close(why);
                io.close(why);
                leaveIfGone();
            }
        }

        private void leaveIfGone() {
            if (ended && admin.gone && io.gone && !left) {
                left = true;
                again(CloseReason.of(CloseReason.Kind.LOCAL, "both queues are gone"));
            }
        }

        private final class Queue implements HostQueueReceiver {
            private final int slots;
            private Runnable whenOpen;
            private Consumer<Long> whenDone;
            private CommandSender sender;
            private boolean gone = true;

            private Queue(int slots) {
                this.slots = slots;
            }

            void open(Runnable then) {
                whenOpen = then;
                gone = false;
                transport.connect(loop, address, new HostQueueOptions(slots, digests, digests,
                        10 * Simulation.SECOND), this);
            }

            void connect(int queueId, int controllerId, Consumer<Long> then) {
                MemorySegment data = Arena.ofAuto().allocate(ConnectData.SIZE, 8);
                new ConnectData(identifier, controllerId, ClusterTarget.SUBSYSTEM, name).encode(data, 0);
                MemorySegment command = Arena.ofAuto().allocate(SubmissionQueueEntry.SIZE, 8);
                new ConnectCommand().wrap(command, 0).encode(0, queueId, slots, 0, 0);
                call(new SubmissionQueueEntry().wrap(command, 0), Direction.HOST_TO_CONTROLLER, data, then);
            }

            void call(SubmissionQueueEntry command, Direction direction, MemorySegment data, Consumer<Long> then) {
                whenDone = then;
                sender.send(command, direction, data, 0, (int) data.byteSize());
            }

            void send(NvmOpcode opcode, int commandId, int fuse, Direction direction, MemorySegment data) {
                SubmissionQueueEntry entry = new SubmissionQueueEntry()
                        .wrap(Arena.ofAuto().allocate(SubmissionQueueEntry.SIZE, 8), 0);
                entry.clear().opcode(opcode.code()).psdt(SubmissionQueueEntry.PSDT_SGL).commandId(commandId)
                        .namespaceId(ClusterRun.COUNTER_NAMESPACE).commandQword(10, 0)
                        .commandDword(12, NvmCommandBits.dword12(BLOCKS, 0));
                entry.flags(entry.flags() | fuse);
                sender.send(entry, direction, data, 0, (int) data.byteSize());
            }

            void close(CloseReason why) {
                if (!gone && sender != null) {
                    sender.close(why);
                }
            }

            @Override
            public void onConnected(CommandSender to) {
                sender = to;
                if (ended) {
                    to.close(CloseReason.of(CloseReason.Kind.LOCAL, "too late"));
                } else {
                    run.check(whenOpen);
                }
            }

            @Override
            public void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact) {
                StatusCode said = StatusCode.ofField(completion.statusField());
                StatusCode status = dataIntact ? said : GenericStatus.TRANSIENT_TRANSPORT_ERROR;
                long result = completion.result();
                run.check(() -> {
                    if (ended) {
                        return;
                    }
                    Consumer<Long> then = whenDone;
                    whenDone = null;
                    if (then == null) {
                        onIo(commandId, status);
                    } else if (status.successful()) {
                        then.accept(result);
                    } else {
                        end(CloseReason.of(CloseReason.Kind.LOCAL, "refused: " + status));
                    }
                });
            }

            @Override
            public void onClosed(CloseReason reason) {
                gone = true;
                if (adding) {
                    adding = false;
                    run.onLost();
                }
                end(reason);
                leaveIfGone();
            }
        }
    }
}
