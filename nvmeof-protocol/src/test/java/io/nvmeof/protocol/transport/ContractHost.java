package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A host for the contract: sends commands and remembers the answers. Any thread may ask it. */
final class ContractHost implements HostQueueReceiver {
    /** An answer, as it came. */
    record Response(int commandId, int statusField, long result, int sqHead, boolean dataIntact) {
        boolean successful() {
            return statusField == 0 && dataIntact;
        }
    }

    private final SubmissionQueueEntry entry =
            new SubmissionQueueEntry().wrap(Arena.ofAuto().allocate(SubmissionQueueEntry.SIZE, 8), 0);
    private final List<Response> responses = new ArrayList<>();
    volatile CommandSender sender;
    volatile int connectedCount;
    volatile int closedCount;
    volatile CloseReason closeReason;

    @Override
    public void onConnected(CommandSender connected) {
        sender = connected;
        connectedCount++;
    }

    @Override
    public synchronized void onResponse(int commandId, CompletionQueueEntry completion, boolean dataIntact) {
        responses.add(new Response(commandId, completion.statusField(), completion.result(), completion.sqHead(),
                dataIntact));
    }

    @Override
    public void onClosed(CloseReason reason) {
        closeReason = reason;
        closedCount++;
    }

    synchronized int responseCount() {
        return responses.size();
    }

    /** The answers so far, which are forgotten. */
    synchronized List<Response> takeResponses() {
        List<Response> taken = List.copyOf(responses);
        responses.clear();
        return taken;
    }

    /** Sends a command without data; on the loop. */
    void send(int opcode, int commandId, long qword10, int dword12) {
        sender.send(entry(opcode, commandId, qword10, dword12), Direction.NONE, MemorySegment.NULL, 0, 0);
    }

    /** Sends a command with data to or from the controller's memory; on the loop. */
    void send(int opcode, int commandId, long at, int dword12, MemorySegment memory, long offset, int length) {
        boolean fromController = opcode == ContractController.READ || opcode == ContractController.READ_SHORT;
        sender.send(entry(opcode, commandId, at, dword12),
                fromController ? Direction.CONTROLLER_TO_HOST : Direction.HOST_TO_CONTROLLER, memory, offset, length);
    }

    private SubmissionQueueEntry entry(int opcode, int commandId, long qword10, int dword12) {
        return entry.clear().opcode(opcode).commandId(commandId).namespaceId(1).commandQword(10, qword10)
                .commandDword(12, dword12);
    }
}
