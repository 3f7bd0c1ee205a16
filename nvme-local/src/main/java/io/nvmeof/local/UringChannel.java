package io.nvmeof.local;

import io.netty.channel.IoEventLoop;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.PathRelatedStatus;
import java.util.function.Function;

/**
 * A channel whose calls go through the loop's own io_uring, together with its sockets' traffic. Calls that find the
 * ring full, or not ready yet, wait in line.
 */
final class UringChannel extends FileChannel implements Ring.Listener {
    private static final long PATIENCE_NANOS = 1_000_000;

    private final Ring ring;
    private final Operation[] byTag;
    private final int[] freeTags;
    private final OperationList waiting = new OperationList();
    private final Runnable submitWaiting = this::submitWaiting;
    private int freeCount;
    private boolean ready;
    private boolean ringClosed;

    UringChannel(BackingFile file, EventLoop loop, int blockSizeBytes, IoEventLoop netty) {
        this(file, loop, blockSizeBytes, listener -> new NettyRing(netty, listener));
    }

    /** @param rings makes the ring this channel is the listener of; it may call back at once */
    UringChannel(BackingFile file, EventLoop loop, int blockSizeBytes, Function<Ring.Listener, Ring> rings) {
        super(file, loop, blockSizeBytes);
        this.ring = rings.apply(this);
        this.byTag = new Operation[ring.capacity()];
        this.freeTags = new int[ring.capacity()];
        for (int tag = 0; tag < freeTags.length; tag++) {
            freeTags[freeTags.length - 1 - tag] = tag;
        }
        this.freeCount = freeTags.length;
    }

    @Override
    void issue(Operation operation) {
        if (ringClosed) {
            abandon(operation, PathRelatedStatus.INTERNAL_PATH_ERROR);
        } else if (!ready || freeCount == 0 || !waiting.isEmpty() || !submit(operation)) {
            waiting.addLast(operation);
        }
    }

    private boolean submit(Operation operation) {
        int tag = freeTags[freeCount - 1];
        boolean allocate = operation.opcode == Operation.ALLOCATE;
        boolean transfer = operation.opcode == Operation.READ || operation.opcode == Operation.WRITE;
        // Of a fallocate the entry holds the length where others have the address, and the mode where they have the
        // length.
        if (!ring.submit(operation.opcode, operation.fd, operation.offset,
                allocate ? operation.remaining : operation.address,
                allocate ? operation.flags : transfer ? operation.callBytes() : 0,
                allocate ? 0 : operation.flags, tag)) {
            loop.schedule(PATIENCE_NANOS, submitWaiting);
            return false;
        }
        freeCount--;
        byTag[tag] = operation;
        return true;
    }

    private void submitWaiting() {
        while (ready && !ringClosed && freeCount > 0 && !waiting.isEmpty()) {
            Operation operation = waiting.poll();
            if (!submit(operation)) {
                waiting.addFirst(operation);
                return;
            }
        }
    }

    @Override
    public void onReady() {
        ready = true;
        submitWaiting();
    }

    @Override
    public void onComplete(int tag, int result) {
        Operation operation = byTag[tag];
        if (operation == null) {
            throw new IllegalStateException("io_uring completed tag " + tag + " twice");
        }
        byTag[tag] = null;
        freeTags[freeCount++] = tag;
        onResult(operation, result);
        submitWaiting();
    }

    /** What the kernel has been given still completes; what waits never will. */
    @Override
    public void onClosed() {
        ringClosed = true;
        Operation operation;
        while ((operation = waiting.poll()) != null) {
            abandon(operation, PathRelatedStatus.INTERNAL_PATH_ERROR);
        }
    }

    @Override
    void onReleased() {
        ring.close();
    }
}
