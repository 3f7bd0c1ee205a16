package io.nvmeof.local;

import io.nvmeof.local.posix.SystemCalls;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A few threads that make blocking calls for loops that have no ring. Any thread may submit. */
final class WorkerPool implements AutoCloseable {
    static final int THREAD_COUNT = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final OperationList queue = new OperationList();
    private final SystemCalls calls;
    private boolean closed;

    WorkerPool(SystemCalls calls, String name) {
        this.calls = calls;
        for (int i = 0; i < THREAD_COUNT; i++) {
            Thread.ofPlatform().daemon().name("file-" + name + "-" + i).start(this::work);
        }
    }

    /** The operation's channel is told when the call has been made. */
    void submit(Operation operation) {
        lock.lock();
        try {
            queue.addLast(operation);
            notEmpty.signal();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        Operation operation;
        while ((operation = take()) != null) {
            operation.result = operation.perform(calls);
            ((PositionalChannel) operation.channel).onPerformed(operation);
        }
    }

    private Operation take() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                notEmpty.awaitUninterruptibly();
            }
            return queue.poll();
        } finally {
            lock.unlock();
        }
    }

    /** The threads end when the queue is empty. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            notEmpty.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
