package io.nvmeof.local;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.concurrent.atomic.AtomicReference;

/** A channel whose calls are pread, pwrite and their kin on worker threads. */
final class PositionalChannel extends FileChannel {
    private final WorkerPool workers;
    /** Calls made, newest first; whoever adds the first one wakes the loop. */
    private final AtomicReference<Operation> performed = new AtomicReference<>();
    private final Runnable collect = this::collect;

    PositionalChannel(BackingFile file, EventLoop loop, int blockSizeBytes) {
        super(file, loop, blockSizeBytes);
        this.workers = file.workers();
    }

    @Override
    void issue(Operation operation) {
        workers.submit(operation);
    }

    /** On a worker: hands the operation back to the loop. */
    void onPerformed(Operation operation) {
        Operation previous;
        do {
            previous = performed.get();
            operation.next = previous;
        } while (!performed.compareAndSet(previous, operation));
        if (previous == null) {
            loop.execute(collect);
        }
    }

    private void collect() {
        Operation inOrder = null;
        Operation operation = performed.getAndSet(null);
        while (operation != null) {
            Operation next = operation.next;
            operation.next = inOrder;
            inOrder = operation;
            operation = next;
        }
        while (inOrder != null) {
            Operation next = inOrder.next;
            inOrder.next = null;
            onResult(inOrder, inOrder.result);
            inOrder = next;
        }
    }

    @Override
    void onReleased() {
        // The workers belong to the file.
    }
}
