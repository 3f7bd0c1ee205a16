package io.nvmeof.initiator;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** A command for a range of blocks, sent as as many commands as the controller's limits make of it. */
final class NamespaceCommand extends GivenCommand<Void> {
    /** Most blocks of one Dataset Management range; the field holds 2^32 - 1. */
    private static final int DEALLOCATE_BLOCKS_MAX = 1 << 30;

    /** What is to be done. */
    enum Kind {
        READ("Read"),
        WRITE("Write"),
        COMPARE("Compare"),
        FLUSH("Flush"),
        WRITE_ZEROES("Write Zeroes"),
        DEALLOCATE("Deallocate");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private final IoQueue queue;
    private final Kind kind;
    private final int namespaceId;
    private final int blockShift;
    private final long startingBlock;
    private final long blockCount;
    private final boolean flag;
    private final MemorySegment memory;
    private final int partBlocksMax;
    private long sentBlocks;
    private boolean allSent;

    /**
     * @param flag Force Unit Access of a write, deallocation of Write Zeroes
     * @param memory data, or {@link MemorySegment#NULL}
     */
    NamespaceCommand(IoQueue queue, Kind kind, RemoteNamespace namespace, long startingBlock, long blockCount,
            boolean flag, MemorySegment memory) {
        super(queue.gate());
        this.queue = queue;
        this.kind = kind;
        this.namespaceId = namespace.id();
        this.blockShift = namespace.blockShift();
        this.startingBlock = startingBlock;
        this.blockCount = blockCount;
        this.flag = flag;
        this.memory = memory;
        this.partBlocksMax = switch (kind) {
            case READ, WRITE, COMPARE -> namespace.transferBlocksMax();
            case FLUSH, WRITE_ZEROES -> IoQueue.BLOCKS_PER_COMMAND_MAX;
            case DEALLOCATE -> DEALLOCATE_BLOCKS_MAX;
        };
    }

    @Override
    String text() {
        String what = kind == Kind.FLUSH ? "" : String.format(Locale.ROOT, " of %d blocks from block %d on", blockCount,
                startingBlock);
        return kind.text + what + ", namespace " + namespaceId + ", " + gate().name();
    }

    @Override
    boolean allSent() {
        return allSent;
    }

    @Override
    boolean sendNext() {
        int count = (int) Math.min(partBlocksMax, blockCount - sentBlocks);
        long block = startingBlock + sentBlocks;
        boolean sent = switch (kind) {
            case READ -> transfer(IoQueue.READ, block, count, 0);
            case WRITE -> transfer(IoQueue.WRITE, block, count, flag ? IoQueue.FORCE_UNIT_ACCESS : 0);
            case COMPARE -> transfer(IoQueue.COMPARE, block, count, 0);
            case FLUSH -> queue.sendFlush(namespaceId, this);
            case WRITE_ZEROES -> queue.sendWriteZeroes(namespaceId, block, count, flag, this);
            case DEALLOCATE -> queue.sendDeallocate(namespaceId, block, count, this);
        };
        if (sent) {
            sentBlocks += count;
            allSent = sentBlocks == blockCount;
        }
        return sent;
    }

    private boolean transfer(int opcode, long block, int count, int control) {
        return queue.transfer(opcode, namespaceId, block, count, control, memory, sentBlocks << blockShift,
                count << blockShift, this);
    }

    @Override
    Void value() {
        return null;
    }
}
