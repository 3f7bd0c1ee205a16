package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyControllerBuilder;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.LbaFormat;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A transport that leads to one scripted controller with namespaces in memory. What it does well it does by itself; a
 * test that wants something else sets a field or takes commands away with {@link #script}.
 */
final class FakeController implements HostTransport {
    static final int CONTROLLER_ID = 7;
    static final int BLOCK_BYTES = 512;

    /** Sees every command first; true means it has been dealt with. */
    Predicate<FakeCommand> script = command -> false;
    /** Refuses the connection with this number, from 0. */
    int refusedConnection = -1;
    long cap = ControllerCapabilities.of(128, 1000, ControllerCapabilities.CSS_NVM).value();
    int cc;
    int csts;
    int version = 0x0002_0000;
    int connectResult = CONTROLLER_ID;
    int grantedQueues = 0x003F_003F;
    DiscoveryLogPage discovery = new DiscoveryLogPage(1, List.of());
    final List<String> conversation = new ArrayList<>();
    final List<FakeConnection> connections = new ArrayList<>();
    final TreeMap<Integer, MemorySegment> namespaces = new TreeMap<>();
    final ArrayDeque<FakeCommand> eventRequests = new ArrayDeque<>();
    final List<ConnectData> connects = new ArrayList<>();
    int[] changedNamespaces = {};
    int openConnections;
    int flushes;
    private IdentifyControllerBuilder identify = IdentifyController.builder().controllerId(CONTROLLER_ID)
            .version(0x0002_0000).keepAliveSupport(10).commandCapsuleSize(4 + 512).responseCapsuleSize(1)
            .maximumOutstandingCommands(128).asynchronousEventRequestLimit(3)
            .optionalAsynchronousEvents(AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE)
            .controllerType(IdentifyController.TYPE_IO).maximumDataTransferSize(4)
            .submissionQueueEntrySize(0x66).completionQueueEntrySize(0x44).namespaces(64);

    /** Changes what Identify Controller says. */
    IdentifyControllerBuilder identify() {
        return identify;
    }

    void addNamespace(int id, int blockCount) {
        namespaces.put(id, Arena.ofAuto().allocate((long) blockCount * BLOCK_BYTES));
    }

    @Override
    public TransportType type() {
        return TransportType.TCP;
    }

    @Override
    public synchronized void connect(EventLoop loop, TransportAddress address, HostQueueOptions options,
            HostQueueReceiver receiver) {
        FakeConnection connection = new FakeConnection(this, loop, address, options, receiver);
        if (connections.size() == refusedConnection) {
            connections.add(connection);
            loop.execute(() -> receiver.onClosed(CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR,
                    "connection refused")));
            return;
        }
        connections.add(connection);
        openConnections++;
        loop.execute(() -> receiver.onConnected(connection));
    }

    @Override
    public void close() {
        connections.forEach(connection -> connection.drop(CloseReason.Kind.LOCAL, "transport closed"));
    }

    synchronized void onConnectionClosed(FakeConnection connection) {
        openConnections--;
        eventRequests.removeIf(request -> request.connection == connection);
    }

    /** Reports an event to a host that waits for one. */
    synchronized void report(AsynchronousEvent event) {
        eventRequests.removeFirst().answer(event.dword0());
    }

    synchronized void onCommand(FakeCommand command) {
        if (command.connection.queueId < 0 && command.fabrics(1)) {
            command.connection.queueId = command.cdw(10) >>> 16;
        }
        conversation.add(command.toString());
        if (!script.test(command)) {
            execute(command);
        }
    }

    /** Does what a good controller does. */
    void execute(FakeCommand command) {
        if (command.opcode == 0x7F) {
            fabrics(command);
        } else if (command.connection.queueId == 0) {
            admin(command);
        } else {
            io(command);
        }
    }

    private void fabrics(FakeCommand command) {
        switch (command.entry.namespaceId() & 0xFF) {
            case 1 -> {
                connects.add(ConnectData.decode(command.memory, 0));
                command.answer(connectResult);
            }
            case 4 -> command.answer(switch (command.cdw(11)) {
                case 0x00 -> cap;
                case 0x08 -> version;
                case 0x14 -> cc;
                case 0x1C -> csts;
                default -> throw new AssertionError("unexpected property in " + command);
            });
            case 0 -> {
                cc = command.cdw(12);
                csts = cc & 1 | ((cc >>> 14 & 3) != 0 ? 2 << 2 : 0);
                command.answer(0);
            }
            default -> command.fail(GenericStatus.INVALID_FIELD_IN_COMMAND, true);
        }
    }

    private void admin(FakeCommand command) {
        switch (command.opcode) {
            case 0x06 -> identify(command);
            case 0x02 -> logPage(command);
            case 0x09 -> command.answer((command.cdw(10) & 0xFF) == 7 ? grantedQueues : 0);
            case 0x0A -> command.answer(0x1234);
            case 0x0C -> eventRequests.add(command);
            case 0x18 -> command.answer(0);
            default -> command.fail(GenericStatus.INVALID_OPCODE, true);
        }
    }

    private void identify(FakeCommand command) {
        int id = command.entry.namespaceId();
        switch (command.cdw(10) & 0xFF) {
            case 0x00 -> {
                command.memory.fill((byte) 0);
                if (namespaces.containsKey(id)) {
                    long blocks = namespaces.get(id).byteSize() / BLOCK_BYTES;
                    IdentifyNamespace.builder().sizeBlocks(blocks).capacityBlocks(blocks).utilizationBlocks(blocks)
                            .lbaFormats(List.of(LbaFormat.ofBlockSize(BLOCK_BYTES))).build().encode(command.memory, 0);
                }
                command.answer(0);
            }
            case 0x01 -> {
                identify.build().encode(command.memory, 0);
                command.answer(0);
            }
            case 0x02 -> {
                int[] ids = namespaces.keySet().stream().mapToInt(Integer::intValue).toArray();
                NamespaceList.above(id, ids).encode(command.memory, 0);
                command.answer(0);
            }
            case 0x03 -> {
                NamespaceIdentificationDescriptors.builder().uuid(new UUID(1, id)).build().encode(command.memory, 0);
                command.answer(0);
            }
            default -> command.fail(GenericStatus.INVALID_FIELD_IN_COMMAND, true);
        }
    }

    private void logPage(FakeCommand command) {
        MemorySegment page = Arena.ofAuto().allocate(Math.max(8192, discovery.size() + 4096));
        switch (command.cdw(10) & 0xFF) {
            case 0x04 -> NamespaceList.of(changedNamespaces).encode(page, 0);
            case 0x70 -> discovery.encode(page, 0);
            default -> {
                command.fail(GenericStatus.INVALID_FIELD_IN_COMMAND, true);
                return;
            }
        }
        long offset = command.entry.commandQword(12);
        int length = ((command.cdw(10) >>> 16) + 1) * 4;
        if (length != command.memory.byteSize()) {
            throw new AssertionError(length + " bytes asked for, memory of " + command.memory.byteSize());
        }
        command.memory.copyFrom(page.asSlice(offset, length));
        command.answer(0);
    }

    private void io(FakeCommand command) {
        MemorySegment blocks = namespaces.get(command.entry.namespaceId());
        if (command.opcode == 0x00) {
            flushes++;
            command.answer(0);
            return;
        }
        if (command.opcode == 0x09) {
            long offset = command.memory.get(LE64, 8) * BLOCK_BYTES;
            blocks.asSlice(offset, (long) command.memory.get(LE32, 4) * BLOCK_BYTES).fill((byte) 0);
            command.answer(0);
            return;
        }
        long offset = command.entry.commandQword(10) * BLOCK_BYTES;
        long length = ((command.cdw(12) & 0xFFFFL) + 1) * BLOCK_BYTES;
        if (offset < 0 || offset + length > blocks.byteSize()) {
            command.fail(GenericStatus.LBA_OUT_OF_RANGE, true);
            return;
        }
        MemorySegment range = blocks.asSlice(offset, length);
        switch (command.opcode) {
            case 0x01 -> range.copyFrom(command.memory);
            case 0x02 -> command.memory.copyFrom(range);
            case 0x05 -> {
                if (range.mismatch(command.memory) >= 0) {
                    command.fail(MediaStatus.COMPARE_FAILURE, true);
                    return;
                }
            }
            case 0x08 -> range.fill((byte) 0);
            default -> {
                command.fail(GenericStatus.INVALID_OPCODE, true);
                return;
            }
        }
        command.answer(0);
    }

    /** The commands of one queue, in order, without what comes by the clock. */
    List<String> conversation(String... without) {
        return conversation.stream().filter(line -> !Arrays.asList(without).contains(line)).toList();
    }

    private static final java.lang.foreign.ValueLayout.OfInt LE32 =
            java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
    private static final java.lang.foreign.ValueLayout.OfLong LE64 =
            java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
}
