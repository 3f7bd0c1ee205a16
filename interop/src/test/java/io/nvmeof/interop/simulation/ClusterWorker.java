package io.nvmeof.interop.simulation;

import io.nvmeof.initiator.CommandCallback;
import io.nvmeof.initiator.IoQueue;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One command after the other of a host that has several paths: what a path refuses or loses goes to another one, as
 * often as it takes. Each is checked against the model, also that what was refused has done nothing.
 */
final class ClusterWorker implements CommandCallback {
    private enum Operation { READ, WRITE, WRITE_ZEROES, DEALLOCATE, COMPARE, FLUSH }

    private static final int BLOCKS_MAX = 32;
    private static final int TRIES_MAX = 40;
    private static final long PATIENCE_NANOS = 200 * Simulation.MILLISECOND;
    private static final long RESERVED_NANOS = 20 * Simulation.MILLISECOND;
    /** After these a command has certainly done nothing. */
    private static final Set<StatusCode> REFUSALS = Set.of(PathRelatedStatus.ASYMMETRIC_ACCESS_INACCESSIBLE,
            PathRelatedStatus.ASYMMETRIC_ACCESS_PERSISTENT_LOSS, PathRelatedStatus.ASYMMETRIC_ACCESS_TRANSITION,
            GenericStatus.INVALID_NAMESPACE_OR_FORMAT, GenericStatus.NAMESPACE_IS_WRITE_PROTECTED,
            GenericStatus.LBA_OUT_OF_RANGE, GenericStatus.COMMAND_ABORT_REQUESTED, GenericStatus.NAMESPACE_NOT_READY,
            GenericStatus.RESERVATION_CONFLICT, GenericStatus.COMMAND_ABORTED_PREEMPT_AND_ABORT);
    /** After these the same command may succeed, elsewhere or later. */
    private static final Set<StatusCode> TRANSIENT = Set.of(GenericStatus.COMMAND_ABORT_REQUESTED,
            GenericStatus.NAMESPACE_NOT_READY, GenericStatus.TRANSIENT_TRANSPORT_ERROR,
            GenericStatus.INVALID_NAMESPACE_OR_FORMAT);

    private final ClusterRun run;
    private final List<ClusterPath> paths;
    private final int host;
    /** The namespace that hosts reserve, if this one works there. */
    private final ClusterNamespace reserved;
    private final MemorySegment memory;
    private ClusterPath path;
    private ClusterNamespace shared;
    private Operation operation;
    private int startingBlock;
    private int count;
    private boolean forceUnitAccess;
    private long number;
    private long submittedAt;
    private int tries;
    private boolean outstanding;
    private boolean mustSucceed;
    private ReservationFence.Watch watch;
    private boolean excluded;

    /** {@code reserved} is where to work, {@code null} for all namespaces that nobody reserves. */
    ClusterWorker(ClusterRun run, int host, List<ClusterPath> paths, ClusterNamespace reserved) {
        this.run = run;
        this.host = host;
        this.reserved = reserved;
        this.paths = paths;
        this.path = paths.getFirst();
        this.memory = Arena.ofAuto().allocate((long) BLOCKS_MAX * run.blockSizeBytes(), 8);
    }

    void next() {
        SplittableRandom random = run.random();
        List<ClusterNamespace> all = run.dataNamespaces();
        shared = reserved != null ? reserved : all.get(random.nextInt(all.size()));
        operation = reserved != null ? chooseReserved(random.nextInt(100)) : choose(random.nextInt(100));
        number = operation == Operation.WRITE ? shared.model.nextNumber() : BlockModel.ZEROES;
        if (reserved != null) {
            reserved.fence.numbered(number, host);
        }
        excluded = false;
        forceUnitAccess = random.nextInt(4) == 0;
        count = 0;
        tries = 0;
        attempt();
    }

    private static Operation choose(int dice) {
        return dice < 35 ? Operation.READ
                : dice < 78 ? Operation.WRITE
                : dice < 83 ? Operation.WRITE_ZEROES
                : dice < 88 ? Operation.DEALLOCATE
                : dice < 92 ? Operation.COMPARE : Operation.FLUSH;
    }

    /** Only what tells whose it is. */
    private static Operation chooseReserved(int dice) {
        return dice < 30 ? Operation.READ : dice < 94 ? Operation.WRITE : Operation.FLUSH;
    }

    private void attempt() {
        RemoteNamespace namespace = path.open() ? path.namespace(shared.id) : null;
        if (namespace == null) {
            tryElsewhere();
            return;
        }
        IoQueue queue = namespace.queue(run.random().nextInt(path.controller().ioQueueCount()));
        queue.loop().execute(() -> run.check(() -> attemptOn(queue, namespace)));
    }

    private void attemptOn(IoQueue queue, RemoteNamespace namespace) {
        int blocks = (int) namespace.blockCount();
        if (blocks == 0 || !queue.isOpen()) {
            tryElsewhere();
            return;
        }
        SplittableRandom random = run.random();
        if (count == 0) {
            startingBlock = random.nextInt(blocks);
            int most = Math.min(BLOCKS_MAX, blocks - startingBlock);
            count = 1 + random.nextInt(random.nextBoolean() ? 1 : most);
        } else if (startingBlock + count > blocks) {
            finish();
            return;
        }
        mustSucceed = run.calm();
        outstanding = true;
        if (reserved != null) {
            watch = reserved.fence.watch(host, operation == Operation.READ);
        }
        if (!submit(queue, namespace)) {
            end();
            endWatch();
            withdraw();
            tryElsewhere();
        }
    }

    /** Goes on with the next path; not at once when it has been everywhere. */
    private void tryElsewhere() {
        path = paths.get((paths.indexOf(path) + 1) % paths.size());
        if (++tries > TRIES_MAX && !run.calm()) {
            finish();
            return;
        }
        long delay = run.random().nextLong(tries % paths.size() == 0 ? PATIENCE_NANOS : Simulation.MILLISECOND);
        run.simulation.after(delay, () -> run.check(this::attempt));
    }

    private void finish() {
        if (run.onCommandEnd(reserved == null)) {
            // Where ends do not count, they must not be for nothing either, however quickly commands are refused.
            long delay = reserved != null ? run.random().nextLong(RESERVED_NANOS) : 0;
            run.simulation.after(delay, () -> run.check(this::next));
        }
    }

    @Override
    public void onComplete(StatusCode status, long result) {
        run.check(() -> {
            end();
            if (watch != null) {
                excluded = watch.end(status);
                watch = null;
            }
            run.simulation.trace((long) status.code() << 32 ^ startingBlock << 8 ^ count);
            if (status.successful()) {
                check();
                run.onSuccess();
            } else if (REFUSALS.contains(status)) {
                withdraw();
            }
            boolean again = status.type() == PathRelatedStatus.TYPE || TRANSIENT.contains(status);
            boolean done = status.successful() || status.matches(MediaStatus.COMPARE_FAILURE);
            if (mustSucceed && !excluded && !again && !done) {
                throw new AssertionError(operation + " on namespace " + shared.id + " of " + count + " blocks from "
                        + startingBlock + " on, when all is well: " + status);
            }
            if (again) {
                tryElsewhere();
            } else {
                finish();
            }
        });
    }

    @Override
    public void onConnectionLost(CloseReason reason) {
        run.check(() -> {
            end();
            endWatch();
            run.onLost();
            tryElsewhere();
        });
    }

    /** What became of the command does not tell whether a reservation excludes it. */
    private void endWatch() {
        if (watch != null) {
            watch.lost();
            watch = null;
        }
    }

    private void end() {
        if (!outstanding) {
            throw new AssertionError("a command completed twice");
        }
        outstanding = false;
    }

    private boolean submit(IoQueue queue, RemoteNamespace namespace) {
        BlockModel model = shared.model;
        return switch (operation) {
            case READ -> {
                submittedAt = model.now();
                memory.fill((byte) 0xEE);
                yield queue.read(namespace, startingBlock, count, memory, 0, this);
            }
            case WRITE -> {
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

    private boolean changes() {
        return operation == Operation.WRITE || operation == Operation.WRITE_ZEROES
                || operation == Operation.DEALLOCATE;
    }

    private void withdraw() {
        if (changes()) {
            shared.model.refused(startingBlock, count, submittedAt);
        }
    }

    private void check() {
        BlockModel model = shared.model;
        if (operation == Operation.READ) {
            byte[] data = memory.asSlice(0, (long) count * run.blockSizeBytes()).toArray(ValueLayout.JAVA_BYTE);
            model.checkRead(startingBlock, data, submittedAt);
        } else if (changes()) {
            model.completed(startingBlock, count, submittedAt, operation == Operation.WRITE && forceUnitAccess);
        } else if (operation == Operation.FLUSH) {
            model.flushed(submittedAt);
        }
    }
}
