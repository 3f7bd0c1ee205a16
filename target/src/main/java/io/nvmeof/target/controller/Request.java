package io.nvmeof.target.controller;

import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
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
final class Request extends BlockCommand implements BackendCompletion {
    private final int slot;
    private CommandHandler handler;
    private boolean backendAtWork;
    /** What to complete with once the data on its way is in, whatever it is; or {@code null}. */
    private StatusCode endWith;
    private Runnable onEnd;
    /** Where the command waits for its turn. */
    private Turnstile turnstile;

    Request(QueuePair queue, int slot) {
        super(queue);
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
        if (endWith != null) {
            complete(endWith);
            return;
        }
        proceed();
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
            case PARSING, AWAITING_BUFFER, RECEIVING_DATA, AWAITING_TURN, AWAITING_EVENT -> {
                Runnable endListener = onEnd;
                leaveLine();
                free();
                if (endListener != null) {
                    endListener.run();
                }
            }
            case ABANDONED -> throw new IllegalStateException("closed twice");
        }
    }

    // ---- What a handler asks for

    /** The host is to send {@code length} bytes; execute the command when they are there. */
    void receiveData(int length) {
        receiveData(length, length);
    }

    /** As {@link #receiveData(int)}, into a buffer that has room for more, {@code bufferLength} bytes in all. */
    void receiveData(int length, int bufferLength) {
        dataFromHost = true;
        askForBuffer(length, bufferLength);
    }

    /** The host is to be given {@code length} bytes, at most: execute the command when there is a buffer for them. */
    void provideData(int length) {
        dataFromHost = false;
        askForBuffer(length, length);
    }

    private void askForBuffer(int length, int bufferLength) {
        if (!DataTransfer.check(this, length, dataFromHost)) {
            return;
        }
        dataLength = length;
        this.bufferLength = bufferLength;
        awaitBuffer();
    }

    /**
     * Whoever waits long anyway should not hold a buffer. But data in a capsule cannot wait for a gate: it blocks the
     * connection.
     */
    private void awaitBuffer() {
        if (RateLine.pass(this)
                && (inCapsule() || exclusive() != null || gateOpen() || IoAdmission.enter(this))) {
            takeBuffer();
        }
    }

    private void takeBuffer() {
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

    private void onBufferTaken() {
        if (dataFromHost) {
            moveTo(RequestState.RECEIVING_DATA);
            queue.sender().receiveData(slot, data, dataLength);
        } else {
            proceed();
        }
    }

    // ---- The way in

    /** Whatever the command needs is there: it executes now, unless something keeps it out or has changed. */
    void proceed() {
        if (RateLine.pass(this) && (gateOpen() || IoAdmission.pass(this))) {
            takeTurn();
            execute();
        }
    }

    /** Waits no more. */
    void takeTurn() {
        moveTo(RequestState.EXECUTING);
    }

    void execute() {
        handler.execute(this);
    }

    /** Waits until {@link #onTurn()}; whoever keeps the line has this command in it. */
    void awaitTurn(Turnstile where) {
        turnstile = where;
        leaveGate();
        if (state != RequestState.AWAITING_TURN) {
            moveTo(RequestState.AWAITING_TURN);
        }
    }

    /** Goes on; out of the line already. */
    void onTurn() {
        try {
            if (dataLength == 0 || data != null) {
                proceed();
            } else {
                awaitBuffer();
            }
        } catch (RuntimeException e) {
            queue.onInternalError(e);
        }
    }

    private void leaveLine() {
        if (state == RequestState.AWAITING_BUFFER) {
            queue.buffers().cancel(this);
        } else if (state == RequestState.AWAITING_TURN) {
            turnstile.cancel(this);
        }
    }

    boolean touches(long firstBlock, long blockCount) {
        return handler.touches(this, firstBlock, blockCount);
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
                queue.errors().onBackendFailure(this, status);
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
        if (exclusive() == null || !exclusive().holdsBack(this, status)) {
            int field = status.field(!Retry.sensible(status)) | queue.retryDelay(status);
            if (!status.successful()) {
                queue.errors().onFailed(this, status, field);
            }
            respond(null, 0, result, field);
        }
    }

    void completeWithData(int length) {
        completeWithData(length, 0);
    }

    /** Completes successfully; the first {@code length} bytes of the buffer are for the host. */
    void completeWithData(int length, long result) {
        if (state == RequestState.ABANDONED) {
            finishAbandoned();
            return;
        }
        DataBuffer outgoing = data;
        data = null;
        respond(outgoing, length, result, GenericStatus.SUCCESSFUL_COMPLETION.field(false));
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
        queue.errors().onRejected(this, status, field, faultyByte, faultyBit);
        respond(null, 0, result, field);
    }

    private void respond(DataBuffer outgoing, int length, long result, int statusField) {
        if (state == RequestState.FREE) {
            throw new IllegalStateException("a command was completed twice");
        }
        int slotOfResponse = slot;
        Runnable endListener = onEnd;
        Exclusive belongedTo = exclusive();
        free();
        queue.respond(slotOfResponse, outgoing, length, result, statusField);
        if (endListener != null) {
            endListener.run();
        }
        if (belongedTo != null) {
            belongedTo.onEnded(this);
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
        Exclusive belongedTo = exclusive();
        Runnable endListener = onEnd;
        free();
        queue.countAbandoned(-1);
        if (endListener != null) {
            endListener.run();
        }
        if (belongedTo != null) {
            belongedTo.onEnded(this);
        }
    }

    private void free() {
        moveTo(RequestState.FREE);
        letGo();
        handler = null;
        endWith = null;
        onEnd = null;
        turnstile = null;
    }

    // ---- Abort, events

    /**
     * Aborts this command if it has not come so far that the storage may be at it.
     *
     * @param whenAborted run once its completion has been sent
     * @return whether it is, or will be, completed with Command Abort Requested
     */
    boolean abort(Runnable whenAborted) {
        boolean awaitsData = state == RequestState.RECEIVING_DATA;
        if (awaitsData ? endWith != null : !state.waits() && !(state == RequestState.EXECUTING && takeBack())) {
            return false;
        }
        whenEnded(whenAborted);
        fail(GenericStatus.COMMAND_ABORT_REQUESTED);
        return true;
    }

    private boolean takeBack() {
        if (!backendAtWork) {
            return handler.withdraw(this);
        }
        if (!namespace.channel().cancel(this)) {
            return false;
        }
        backendAtWork = false;
        handler.onAbandoned(this);
        return true;
    }

    /** Runs something when this command, which has begun, has ended. */
    void whenEnded(Runnable then) {
        Runnable before = onEnd;
        onEnd = before == null ? then : () -> {
            before.run();
            then.run();
        };
    }

    /** Ends this command because of something else than itself; where its data is on the way, when that is in. */
    void fail(StatusCode status) {
        if (state == RequestState.RECEIVING_DATA) {
            // The transport fills the buffer and the host is sending.
            endWith = status;
        } else {
            leaveLine();
            complete(status);
        }
    }

    /** An Asynchronous Event Request waits from now on. */
    void awaitEvent() {
        moveTo(RequestState.AWAITING_EVENT);
    }
}
