package io.nvmeof.interop.simulation;

import io.nvmeof.initiator.CommandCallback;
import io.nvmeof.initiator.IoQueue;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * One command after the other on one queue, chosen by the seed, each checked against the model. The memory of a command
 * is used again by the next one at once, so whoever touches it after its completion is found out.
 */
final class Worker implements CommandCallback {
    private enum Operation { READ, WRITE, WRITE_ZEROES, DEALLOCATE, COMPARE, FLUSH }

    /** Where the workers of a run meet. */
    interface Run {
        BlockModel model();

        SplittableRandom random();

        int blocksMax();

        void trace(long fact);

        /** Something is wrong; what a callback throws would go no further than the initiator's log. */
        void failed(AssertionError failure);
    }

    /** Who the workers belong to. */
    @FunctionalInterface
    interface Owner {
        /** A command is done or lost; returns whether another one should follow. */
        boolean onCommandEnd(boolean lost);
    }

    private final Run run;
    private final Owner owner;
    private final IoQueue queue;
    private final RemoteNamespace namespace;
    private final MemorySegment memory;
    private Operation operation;
    private int startingBlock;
    private int count;
    private boolean forceUnitAccess;
    private long submittedAt;
    private boolean outstanding;

    Worker(Run run, Owner owner, IoQueue queue, RemoteNamespace namespace) {
        this.run = run;
        this.owner = owner;
        this.queue = queue;
        this.namespace = namespace;
        this.memory = Arena.ofAuto().allocate((long) run.blocksMax() * namespace.blockSizeBytes(), 8);
    }

    /** Begins, or goes on; on the queue's loop. */
    void next() {
        SplittableRandom random = run.random();
        operation = choose(random.nextInt(100));
        startingBlock = random.nextInt((int) namespace.blockCount());
        int most = Math.min(run.blocksMax(), (int) namespace.blockCount() - startingBlock);
        count = 1 + random.nextInt(random.nextBoolean() ? 1 : most);
        forceUnitAccess = random.nextInt(4) == 0;
        boolean taken = submit();
        if (taken) {
            outstanding = true;
        } else if (queue.isOpen()) {
            throw new AssertionError("an open queue with room refused a command");
        } else {
            owner.onCommandEnd(true);
        }
    }

    @Override
    public void onComplete(StatusCode status, long result) {
        try {
            end();
            run.trace((long) status.code() << 32 ^ startingBlock << 8 ^ count);
            if (status.successful()) {
                check();
            }
        } catch (AssertionError e) {
            run.failed(e);
        }
        if (owner.onCommandEnd(false)) {
            next();
        }
    }

    @Override
    public void onConnectionLost(CloseReason reason) {
        try {
            end();
        } catch (AssertionError e) {
            run.failed(e);
        }
        owner.onCommandEnd(true);
    }

    private void end() {
        if (!outstanding) {
            throw new AssertionError("a command completed twice");
        }
        outstanding = false;
    }

    private static Operation choose(int dice) {
        return dice < 40 ? Operation.READ
                : dice < 80 ? Operation.WRITE
                : dice < 85 ? Operation.WRITE_ZEROES
                : dice < 90 ? Operation.DEALLOCATE
                : dice < 94 ? Operation.COMPARE : Operation.FLUSH;
    }

    private boolean submit() {
        BlockModel model = run.model();
        return switch (operation) {
            case READ -> {
                submittedAt = model.now();
                memory.fill((byte) 0xEE);
                yield queue.read(namespace, startingBlock, count, memory, 0, this);
            }
            case WRITE -> {
                long number = model.nextNumber();
                byte[] data = new byte[count * namespace.blockSizeBytes()];
                model.fill(data, startingBlock, number);
                MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, 0, data.length);
                submittedAt = model.submitted(startingBlock, count, number);
                yield queue.write(namespace, startingBlock, count, memory, 0, forceUnitAccess, this);
            }
            case WRITE_ZEROES -> {
                submittedAt = model.submitted(startingBlock, count, BlockModel.ZEROES);
                yield queue.writeZeroes(namespace, startingBlock, count, true, this);
            }
            case DEALLOCATE -> {
                submittedAt = model.submitted(startingBlock, count, BlockModel.ZEROES);
                yield queue.deallocate(namespace, startingBlock, count, this);
            }
            case COMPARE -> queue.compare(namespace, startingBlock, count, memory, 0, this);
            case FLUSH -> {
                submittedAt = model.now();
                yield queue.flush(namespace, this);
            }
        };
    }

    private void check() {
        BlockModel model = run.model();
        switch (operation) {
            case READ -> {
                byte[] data = memory.asSlice(0, (long) count * namespace.blockSizeBytes())
                        .toArray(ValueLayout.JAVA_BYTE);
                model.checkRead(startingBlock, data, submittedAt);
            }
            case WRITE -> model.completed(startingBlock, count, submittedAt, forceUnitAccess);
            case WRITE_ZEROES, DEALLOCATE -> model.completed(startingBlock, count, submittedAt, false);
            case FLUSH -> model.flushed(submittedAt);
            case COMPARE -> { }
        }
    }
}
