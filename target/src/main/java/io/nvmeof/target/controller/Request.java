package io.nvmeof.target.controller;

import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.BufferShare;
import io.nvmeof.protocol.memory.BufferWaiter;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.BackendCompletion;

/**
 * The slot a command lives in, from its capsule to its response. Made when the queue connects and used again and
 * again: a command costs no object. It is its own completion for the backend and its own place in the buffer pool's
 * queue.
 *
 * <p>Owned by the loop of its queue pair. Completing a request that is not at work is a bug of ours, and throws.
 */
final class Request extends CommandCopy implements BackendCompletion, BufferWaiter {
    private final QueuePair queue;
    private final int slot;
    private RequestState state = RequestState.FREE;
    private CommandHandler handler;
    private DataBuffer data;
    private int dataLength;
    private boolean dataFromHost;
    private boolean backendAtWork;
    private boolean abortRequested;
    private Runnable onAborted;

    /** What a handler keeps from one step to the next. */
    NamespaceView namespace;
    long startingBlock;
    int blockCount;
    int step;
    boolean stepping;
    boolean stepAgain;

    Request(QueuePair queue, int slot) {
        this.queue = queue;
        this.slot = slot;
    }

    // ---- What the transport says

    void onCommand(SubmissionQueueEntry command, long transferLength, boolean inCapsule, StatusCode transferFault) {
        moveTo(RequestState.PARSING);
        copy(command, transferLength, inCapsule, transferFault);
        handler = queue.handlerFor(this);
        handler.parse(this);
    }

    void onDataReceived() {
        if (state != RequestState.RECEIVING_DATA) {
            throw new IllegalStateException("data for a request that is " + state);
        }
        if (abortRequested) {
            complete(GenericStatus.COMMAND_ABORT_REQUESTED);
            return;
        }
        moveTo(RequestState.EXECUTING);
        handler.execute(this);
    }

    void onDataCorrupt() {
        if (state != RequestState.RECEIVING_DATA) {
            throw new IllegalStateException("damaged data for a request that is " + state);
        }
        complete(GenericStatus.TRANSIENT_TRANSPORT_ERROR);
    }

    /** The connection is gone. Whoever is at work keeps the buffer until it completes. */
    void onQueueClosed() {
        switch (state) {
            case FREE -> {}
            case EXECUTING -> {
                moveTo(RequestState.ABANDONED);
                queue.countAbandoned(1);
            }
            case AWAITING_BUFFER -> {
                queue.buffers().cancel(this);
                free();
            }
            case PARSING, RECEIVING_DATA, AWAITING_EVENT -> free();
            case ABANDONED -> throw new IllegalStateException("closed twice");
        }
    }

    // ---- What a handler asks for

    /** The command has no data: execute it. */
    void proceed() {
        moveTo(RequestState.EXECUTING);
        handler.execute(this);
    }

    /** The host is to send {@code length} bytes; execute the command when they are there. */
    void receiveData(int length) {
        dataFromHost = true;
        askForBuffer(length);
    }

    /** The host is to be given {@code length} bytes, at most: execute the command when there is a buffer for them. */
    void provideData(int length) {
        dataFromHost = false;
        askForBuffer(length);
    }

    private void askForBuffer(int length) {
        if (transferFault() != null) {
            reject(transferFault(), SglDescriptor.OFFSET_IN_COMMAND);
            return;
        }
        if (inCapsule() && !dataFromHost) {
            // A capsule brings data; what we send has no place in it (NVMe/TCP Transport 1.1, 3.3.2.1).
            reject(GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID, SglDescriptor.OFFSET_IN_COMMAND);
            return;
        }
        if (transferLength() < length) {
            reject(GenericStatus.DATA_SGL_LENGTH_INVALID, SglDescriptor.OFFSET_IN_COMMAND);
            return;
        }
        if (length > queue.dataTransferBytesMax()) {
            reject(GenericStatus.INVALID_FIELD_IN_COMMAND, SglDescriptor.OFFSET_IN_COMMAND);
            return;
        }
        dataLength = length;
        moveTo(RequestState.AWAITING_BUFFER);
        if (!tryTakeBuffer()) {
            queue.buffers().await(this, bufferPurpose());
            return;
        }
        onBufferTaken();
    }

    @Override
    public boolean onBufferAvailable() {
        if (!tryTakeBuffer()) {
            return false;
        }
        try {
            onBufferTaken();
        } catch (RuntimeException e) {
            queue.onInternalError(e);
        }
        return true;
    }

    private boolean tryTakeBuffer() {
        data = queue.buffers().take(dataLength, bufferPurpose(), share());
        return data != null;
    }

    @Override
    public BufferShare share() {
        return bufferPurpose() == BufferPool.Purpose.TRANSFER ? queue.bufferShare() : null;
    }

    private BufferPool.Purpose bufferPurpose() {
        return inCapsule() && dataFromHost ? BufferPool.Purpose.IN_CAPSULE : BufferPool.Purpose.TRANSFER;
    }

    private void onBufferTaken() {
        if (dataFromHost) {
            moveTo(RequestState.RECEIVING_DATA);
            queue.sender().receiveData(slot, data, dataLength);
        } else {
            moveTo(RequestState.EXECUTING);
            handler.execute(this);
        }
    }

    /** Marks this request as waiting for the backend and returns the channel to call. */
    BackendChannel backend() {
        return backend(namespace);
    }

    BackendChannel backend(NamespaceView view) {
        if (backendAtWork) {
            throw new IllegalStateException("two operations of one request");
        }
        backendAtWork = true;
        return view.channel();
    }

    @Override
    public void onBackendComplete(StatusCode status) {
        if (!backendAtWork) {
            throw new IllegalStateException("a backend completed twice: request is " + state);
        }
        backendAtWork = false;
        try {
            if (state == RequestState.ABANDONED) {
                finishAbandoned();
                return;
            }
            if (!status.successful()) {
                queue.onBackendFailure(this, status);
            }
            handler.onBackendComplete(this, status);
        } catch (RuntimeException e) {
            queue.onInternalError(e);
        }
    }

    // ---- The end of a command

    /** Completes without data for the host, for better or worse. */
    void complete(StatusCode status) {
        complete(status, 0);
    }

    /** Completes without data for the host. {@code result} is dwords 0 (low half) and 1 of the completion. */
    void complete(StatusCode status, long result) {
        if (state == RequestState.ABANDONED) {
            finishAbandoned();
            return;
        }
        respond(null, 0, result, status.field(!Retry.sensible(status)));
    }

    /** Completes successfully; the first {@code length} bytes of the buffer are for the host. */
    void completeWithData(int length) {
        if (state == RequestState.ABANDONED) {
            finishAbandoned();
            return;
        }
        DataBuffer outgoing = data;
        data = null;
        respond(outgoing, length, 0, GenericStatus.SUCCESSFUL_COMPLETION.field(false));
    }

    /** Refuses the command because of a byte of it, which the error log will name; Do Not Retry. */
    void reject(StatusCode status, int faultyByte) {
        reject(status, faultyByte, 0, 0);
    }

    /** As {@link #reject(StatusCode, int)}, the fault being in bit {@code faultyBit} of the byte. */
    void reject(StatusCode status, int faultyByte, int faultyBit) {
        reject(status, faultyByte, faultyBit, 0);
    }

    /** As above, with a result for dwords 0 and 1 of the completion. */
    void reject(StatusCode status, int faultyByte, int faultyBit, long result) {
        if (state == RequestState.ABANDONED) {
            finishAbandoned();
            return;
        }
        int field = status.field(true);
        queue.onRejected(this, status, field, faultyByte, faultyBit);
        respond(null, 0, result, field);
    }

    private void respond(DataBuffer outgoing, int length, long result, int statusField) {
        if (state == RequestState.FREE) {
            throw new IllegalStateException("a command was completed twice");
        }
        int slotOfResponse = slot;
        Runnable abortListener = onAborted;
        free();
        queue.respond(slotOfResponse, outgoing, length, result, statusField);
        if (abortListener != null) {
            abortListener.run();
        }
    }

    /** The handler had to wait for something that others use, and has it now. */
    void executeAgain() {
        try {
            if (state == RequestState.ABANDONED) {
                finishAbandoned();
            } else {
                handler.execute(this);
            }
        } catch (RuntimeException e) {
            queue.onInternalError(e);
        }
    }

    private void finishAbandoned() {
        handler.onAbandoned(this);
        Runnable abortListener = onAborted;
        free();
        queue.countAbandoned(-1);
        if (abortListener != null) {
            abortListener.run();
        }
    }

    private void free() {
        moveTo(RequestState.FREE);
        if (namespace != null) {
            namespace.release();
            namespace = null;
        }
        if (data != null) {
            data.release();
            data = null;
        }
        dataLength = 0;
        handler = null;
        abortRequested = false;
        onAborted = null;
        startingBlock = 0;
        step = 0;
        stepping = false;
        stepAgain = false;
    }

    // ---- Abort, events

    /**
     * Aborts this command if it has not come so far that the storage may change.
     *
     * @param whenAborted run once its completion has been sent
     * @return whether it is, or will be, completed with Command Abort Requested
     */
    boolean abort(Runnable whenAborted) {
        switch (state) {
            case AWAITING_BUFFER -> {
                queue.buffers().cancel(this);
                complete(GenericStatus.COMMAND_ABORT_REQUESTED);
                whenAborted.run();
                return true;
            }
            case AWAITING_EVENT -> {
                complete(GenericStatus.COMMAND_ABORT_REQUESTED);
                whenAborted.run();
                return true;
            }
            case RECEIVING_DATA -> {
                if (abortRequested) {
                    return false;
                }
                // The transport fills the buffer and the host is sending: the end comes when the data is in.
                abortRequested = true;
                onAborted = whenAborted;
                return true;
            }
            case FREE, PARSING, EXECUTING, ABANDONED -> {
                return false;
            }
        }
        throw new IllegalStateException();
    }

    /** An Asynchronous Event Request waits from now on. */
    void awaitEvent() {
        moveTo(RequestState.AWAITING_EVENT);
    }

    private void moveTo(RequestState next) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException("request from " + state + " to " + next);
        }
        queue.onStateChange(state, next);
        state = next;
    }

    // ---- What handlers look at

    QueuePair queue() {
        return queue;
    }

    RequestState state() {
        return state;
    }

    /** The buffer with the host's data, or for it. */
    DataBuffer data() {
        return data;
    }

    /** How many bytes of the buffer count. */
    int dataLength() {
        return dataLength;
    }
}
