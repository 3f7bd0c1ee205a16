package io.nvmeof.local;

import io.nvmeof.local.posix.Errno;
import io.nvmeof.local.posix.SystemCalls;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads that make blocking calls for loops that have no ring. Any thread may submit. */
final class WorkerPool implements AutoCloseable {
    static final int THREAD_COUNT = 8;
    private static final Logger LOGGER = LoggerFactory.getLogger(WorkerPool.class);

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
            operation.result = perform(operation);
            try {
                ((PositionalChannel) operation.channel).onPerformed(operation);
            } catch (RejectedExecutionException e) {
                LOGGER.warn("a file operation ended after its event loop did: {}", e.toString());
            }
        }
    }

    private long perform(Operation operation) {
        try {
            return operation.perform(calls);
        } catch (RuntimeException e) {
            LOGGER.error("a file operation could not be made; it fails as if the device had failed", e);
            return -Errno.EIO;
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
