package io.nvmeof.initiator;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An I/O queue of a controller, for callers that live on its loop: nothing here allocates, locks or copies.
 *
 * <p>The submitting methods may only be called on {@link #loop()}. They return false when the command was not taken,
 * because {@link #depth()} commands are outstanding or the queue no longer {@linkplain #isOpen() is open}; then the
 * callback is not called. Memory is off-heap, is used without a copy, and is lent until the callback is called. One
 * command moves at most {@link HostController#transferBytesMax()}; {@link RemoteNamespace} splits what is longer.
 * Mistakes in the arguments are {@link IllegalArgumentException}s.
 *
 * <p>Futures share the queue. A slot that becomes free belongs first to the callback of the command that left it, then
 * to the futures that wait in line; who uses both should leave some of the depth to the futures.
 */
public final class IoQueue {
    /** Most logical blocks of a command with a 16-bit, 0's based count (NVM Command Set 1.0, 3.2). */
    static final int BLOCKS_PER_COMMAND_MAX = 1 << 16;

    static final int FLUSH = 0x00;
    static final int WRITE = 0x01;
    static final int READ = 0x02;
    static final int COMPARE = 0x05;
    static final int WRITE_ZEROES = 0x08;
    static final int DATASET_MANAGEMENT = 0x09;

    static final int FORCE_UNIT_ACCESS = 1 << 30;
    static final int WRITE_ZEROES_DEALLOCATE = 1 << 25;
    private static final int DATASET_MANAGEMENT_DEALLOCATE = 1 << 2;

    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final HostQueuePair queue;
    private final CommandGate gate;
    private final int index;
    private final int transferBytesMax;

    IoQueue(HostQueuePair queue, CommandGate gate, int index, int transferBytesMax) {
        this.queue = queue;
        this.gate = gate;
        this.index = index;
        this.transferBytesMax = transferBytesMax;
    }

    /** The index among the I/O queues of the controller, from 0. */
    public int index() {
        return index;
    }

    /** The loop that owns the queue. */
    public EventLoop loop() {
        return queue.loop();
    }

    /** Most commands that can be outstanding. */
    public int depth() {
        return queue.slotCount();
    }

    /** Commands that are outstanding now, those of futures included; to be asked on the loop. */
    public int outstanding() {
        return queue.outstandingCount();
    }

    /** Whether commands are taken; to be asked on the loop. */
    public boolean isOpen() {
        return queue.isOpen() && !gate.refuses();
    }

    /** Reads blocks into {@code memory} from {@code offset} on. */
    public boolean read(RemoteNamespace namespace, long startingBlock, int blockCount, MemorySegment memory,
            long offset, CommandCallback callback) {
        int shift = namespace.blockShift();
        check(namespace, startingBlock, blockCount);
        DataChecks.checkWritable(memory);
        return ready() && transfer(READ, namespace.id(), startingBlock, blockCount, 0, memory, offset,
                length(blockCount, shift, memory, offset), callback);
    }

    /**
     * Writes blocks from {@code memory}, from {@code offset} on.
     *
     * @param forceUnitAccess whether the data must be on non-volatile media when the command completes (FUA)
     */
    public boolean write(RemoteNamespace namespace, long startingBlock, int blockCount, MemorySegment memory,
            long offset, boolean forceUnitAccess, CommandCallback callback) {
        int shift = namespace.blockShift();
        check(namespace, startingBlock, blockCount);
        DataChecks.checkNative(memory);
        return ready() && transfer(WRITE, namespace.id(), startingBlock, blockCount,
                forceUnitAccess ? FORCE_UNIT_ACCESS : 0, memory, offset, length(blockCount, shift, memory, offset),
                callback);
    }

    /** Compares blocks with {@code memory}, from {@code offset} on; different data is the status Compare Failure. */
    public boolean compare(RemoteNamespace namespace, long startingBlock, int blockCount, MemorySegment memory,
            long offset, CommandCallback callback) {
        int shift = namespace.blockShift();
        check(namespace, startingBlock, blockCount);
        DataChecks.checkNative(memory);
        return ready() && transfer(COMPARE, namespace.id(), startingBlock, blockCount, 0, memory, offset,
                length(blockCount, shift, memory, offset), callback);
    }

    /** Makes everything that completed before, on any queue, non-volatile. */
    public boolean flush(RemoteNamespace namespace, CommandCallback callback) {
        return ready() && sendFlush(namespace.id(), callback);
    }

    /**
     * Makes blocks read as zeroes.
     *
     * @param blockCount from 1 to 65,536
     * @param deallocate whether the controller may give up their storage
     */
    public boolean writeZeroes(RemoteNamespace namespace, long startingBlock, int blockCount, boolean deallocate,
            CommandCallback callback) {
        check(namespace, startingBlock, blockCount);
        if (blockCount > BLOCKS_PER_COMMAND_MAX) {
            throw new IllegalArgumentException("Write Zeroes of " + blockCount + " blocks: at most "
                    + BLOCKS_PER_COMMAND_MAX + " in one command");
        }
        return ready() && sendWriteZeroes(namespace.id(), startingBlock, blockCount, deallocate, callback);
    }

    /** Says that the content of blocks is no longer needed. What they read as afterwards is up to the controller. */
    public boolean deallocate(RemoteNamespace namespace, long startingBlock, int blockCount, CommandCallback callback) {
        check(namespace, startingBlock, blockCount);
        return ready() && sendDeallocate(namespace.id(), startingBlock, blockCount, callback);
    }

    CommandGate gate() {
        return gate;
    }

    void setInCapsuleDataSize(int bytes) {
        if (queue.isOpen()) {
            queue.setInCapsuleDataSize(bytes);
        }
    }

    boolean transfer(int opcode, int namespaceId, long startingBlock, int blockCount, int control, MemorySegment memory,
            long offset, int length, CommandCallback callback) {
        DataChecks.checkAccess(memory);
        prepareRange(opcode, namespaceId, startingBlock, blockCount, control);
        Direction direction = opcode == READ ? Direction.CONTROLLER_TO_HOST : Direction.HOST_TO_CONTROLLER;
        return queue.submit(direction, memory, offset, length, callback);
    }

    boolean sendFlush(int namespaceId, CommandCallback callback) {
        queue.prepare(FLUSH, namespaceId);
        return queue.submit(Direction.NONE, MemorySegment.NULL, 0, 0, callback);
    }

    boolean sendWriteZeroes(int namespaceId, long startingBlock, int blockCount, boolean deallocate,
            CommandCallback callback) {
        prepareRange(WRITE_ZEROES, namespaceId, startingBlock, blockCount, deallocate ? WRITE_ZEROES_DEALLOCATE : 0);
        return queue.submit(Direction.NONE, MemorySegment.NULL, 0, 0, callback);
    }

    boolean sendDeallocate(int namespaceId, long startingBlock, int blockCount, CommandCallback callback) {
        // The Number of Ranges, dword 10, is 0's based: zero is one range.
        queue.prepare(DATASET_MANAGEMENT, namespaceId).commandDword(11, DATASET_MANAGEMENT_DEALLOCATE);
        MemorySegment range = queue.slotMemory();
        long offset = queue.nextSlotOffset();
        range.set(LE32, offset, 0);
        range.set(LE32, offset + 4, blockCount);
        range.set(LE64, offset + 8, startingBlock);
        return queue.submit(Direction.HOST_TO_CONTROLLER, range, offset, HostQueuePair.SLOT_MEMORY_BYTES, callback);
    }

    private void prepareRange(int opcode, int namespaceId, long startingBlock, int blockCount, int control) {
        SubmissionQueueEntry entry = queue.prepare(opcode, namespaceId);
        // The Number of Logical Blocks is 0's based.
        entry.commandQword(10, startingBlock).commandDword(12, blockCount - 1 | control);
    }

    /** Nothing is prepared in a queue that takes nothing: its memory may be gone, or a slot's still in use. */
    private boolean ready() {
        return !gate.refuses() && queue.freeCount() > 0;
    }

    private void check(RemoteNamespace namespace, long startingBlock, int blockCount) {
        if (!queue.loop().inLoop()) {
            throw new IllegalStateException("I/O queue " + index + " may only be used on its own loop");
        }
        namespace.checkRange(startingBlock, blockCount);
    }

    private int length(int blockCount, int blockShift, MemorySegment memory, long offset) {
        long length = (long) blockCount << blockShift;
        if (length > transferBytesMax || blockCount > BLOCKS_PER_COMMAND_MAX) {
            throw new IllegalArgumentException(blockCount + " blocks (" + length + " bytes) in one command: at most "
                    + BLOCKS_PER_COMMAND_MAX + " blocks and " + transferBytesMax + " bytes");
        }
        if (offset < 0 || offset > memory.byteSize() - length) {
            throw new IllegalArgumentException(length + " bytes at offset " + offset + " of memory of "
                    + memory.byteSize() + " bytes");
        }
        return (int) length;
    }
}
