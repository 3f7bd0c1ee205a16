package io.nvmeof.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.fabrics.PropertyCommand;
import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.FakeCapsuleSender.Response;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** A host's end of one queue, played by a test: sends commands as a host would and runs the loops until they end. */
public final class HostQueue {
    /** What a command moves when nothing else is said. */
    private static final byte[] NO_DATA = new byte[0];

    private final ManualLoops loops;
    private final FakeCapsuleSender sender;
    private int nextCommandId = 1;

    public HostQueue(ManualLoops loops, FakeCapsuleSender sender) {
        this.loops = loops;
        this.sender = sender;
    }

    public FakeCapsuleSender sender() {
        return sender;
    }

    /** A command with an opcode; the caller sets the rest. */
    public static MemorySegment entry(int opcode, Consumer<SubmissionQueueEntry> fields) {
        MemorySegment memory = MemorySegment.ofArray(new byte[SubmissionQueueEntry.SIZE]);
        SubmissionQueueEntry entry = new SubmissionQueueEntry().wrap(memory, 0).clear().opcode(opcode)
                .psdt(SubmissionQueueEntry.PSDT_SGL);
        fields.accept(entry);
        return memory;
    }

    /** Sends a command without running anything; returns its identifier. */
    public int submit(MemorySegment entry, byte[] hostData, long transferLength) {
        return submit(entry, hostData, transferLength, null);
    }

    /** As above, with something wrong about its SGL. */
    public int submit(MemorySegment entry, byte[] hostData, long transferLength, StatusCode transferFault) {
        int commandId = nextCommandId++;
        SubmissionQueueEntry command = new SubmissionQueueEntry().wrap(entry, 0).commandId(commandId);
        SglDescriptor.transport(command, transferLength);
        sender.submit(entry, hostData, transferLength, false, transferFault);
        return commandId;
    }

    /** Sends a command and runs until it is completed. */
    public Response call(MemorySegment entry, byte[] hostData, long transferLength) {
        int commandId = submit(entry, hostData, transferLength);
        loops.runTasks();
        Response response = sender.takeResponse(commandId);
        assertThat(response).as("a response to %s", new SubmissionQueueEntry().wrap(entry, 0)).isNotNull();
        return response;
    }

    /** A command that moves no data. */
    public Response call(int opcode, Consumer<SubmissionQueueEntry> fields) {
        return call(entry(opcode, fields), NO_DATA, 0);
    }

    /** A command that reads {@code length} bytes. */
    public Response callForData(int opcode, int length, Consumer<SubmissionQueueEntry> fields) {
        return call(entry(opcode, fields), null, length);
    }

    /** A command that writes {@code data}. */
    public Response callWithData(int opcode, byte[] data, Consumer<SubmissionQueueEntry> fields) {
        return call(entry(opcode, fields), data, data.length);
    }

    /** Connect, with all its fields. */
    public Response connect(int queueId, int sqSize, int attributes, long keepAliveMillis, ConnectData data) {
        MemorySegment memory = MemorySegment.ofArray(new byte[SubmissionQueueEntry.SIZE]);
        new ConnectCommand().wrap(memory, 0).encode(0, queueId, sqSize, attributes, keepAliveMillis);
        MemorySegment bytes = MemorySegment.ofArray(new byte[ConnectData.SIZE]);
        data.encode(bytes, 0);
        return call(memory, (byte[]) bytes.heapBase().orElseThrow(), ConnectData.SIZE);
    }

    public Response propertyGet(Property property) {
        MemorySegment memory = MemorySegment.ofArray(new byte[SubmissionQueueEntry.SIZE]);
        new PropertyCommand().wrap(memory, 0).encodeGet(0, property);
        return call(memory, null, 0);
    }

    public Response propertySet(Property property, long value) {
        MemorySegment memory = MemorySegment.ofArray(new byte[SubmissionQueueEntry.SIZE]);
        new PropertyCommand().wrap(memory, 0).encodeSet(0, property, value);
        return call(memory, null, 0);
    }

    public Response identify(int cns, int nsid, int commandSet) {
        return callForData(AdminOpcode.IDENTIFY.code(), 4096,
                entry -> entry.namespaceId(nsid).commandDword(10, cns).commandDword(11, commandSet << 24));
    }

    public Response getLogPage(int logPage, int nsid, int length, long offset) {
        return getLogPage(logPage, nsid, length, offset, false);
    }

    public Response getLogPage(int logPage, int nsid, int length, long offset, boolean retain) {
        int numberOfDwords = length / 4 - 1;
        return callForData(AdminOpcode.GET_LOG_PAGE.code(), length, entry -> entry.namespaceId(nsid)
                .commandDword(10, logPage | (retain ? 1 << 15 : 0) | numberOfDwords << 16)
                .commandDword(11, numberOfDwords >>> 16)
                .commandQword(12, offset));
    }

    public Response getFeature(int feature, int dword11) {
        return call(AdminOpcode.GET_FEATURES.code(),
                entry -> entry.commandDword(10, feature).commandDword(11, dword11));
    }

    public Response setFeature(int feature, int dword11) {
        return call(AdminOpcode.SET_FEATURES.code(),
                entry -> entry.commandDword(10, feature).commandDword(11, dword11));
    }

    /** Sends an Asynchronous Event Request, which is not answered yet; returns its identifier. */
    public int requestEvent() {
        return submit(entry(AdminOpcode.ASYNCHRONOUS_EVENT_REQUEST.code(), entry -> {}), NO_DATA, 0);
    }

    /** The response that came meanwhile, or {@code null}. */
    public Response poll(int commandId) {
        loops.runTasks();
        return sender.takeResponse(commandId);
    }

    /** A response, which must be a success. */
    public static Response success(Response response) {
        assertThat(response.status()).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        return response;
    }
}
