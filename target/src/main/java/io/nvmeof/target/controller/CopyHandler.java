package io.nvmeof.target.controller;

import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.nvm.CopySourceRange;
import io.nvmeof.protocol.nvm.NvmCommandBits;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.MemorySegment;

/**
 * Copy (NVM Command Set 1.1, Copy command), source ranges of format 0. All sources are read before anything is
 * written, so that they may overlap the destination.
 *
 * <p>One buffer, taken before the command begins, has the ranges at its start and the blocks behind them: a command
 * that held one buffer while it waits for another could wait for ever.
 */
final class CopyHandler implements CommandHandler {
    /** Where the blocks begin in the buffer. */
    private static final int DATA_OFFSET = CopySourceRange.MAX_RANGES * CopySourceRange.SIZE;
    private static final int BUFFER_BYTES = BufferPool.CHUNK_BYTES;
    private static final int FORMAT_MASK = 0xF << 8;
    private static final int FORMAT_BYTE = 49;
    private static final int READ_PROTECTION_MASK = 0xF << 12;
    private static final int STORAGE_TAG_CHECK_READ = 1 << 25;

    /** MCL: most blocks of this size in one Copy. */
    static int blocksMax(int blockSizeBytes) {
        return (BUFFER_BYTES - DATA_OFFSET) / blockSizeBytes;
    }

    @Override
    public void parse(Request request) {
        if (!IoAdmission.admit(request, Access.WRITE)) {
            return;
        }
        int bits = request.dword(12);
        if ((bits & FORMAT_MASK) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FORMAT_BYTE);
            return;
        }
        if ((bits & READ_PROTECTION_MASK) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, FORMAT_BYTE, 4);
            return;
        }
        if ((bits & STORAGE_TAG_CHECK_READ) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, BlockRange.DWORD12_BYTE + 3, 1);
            return;
        }
        if (BlockRange.checkFlags(request, Access.WRITE)) {
            request.startingBlock = request.qword(10);
            request.receiveData(rangeCount(request) * CopySourceRange.SIZE, BUFFER_BYTES);
        }
    }

    @Override
    public void execute(Request request) {
        if (!checkRanges(request)) {
            return;
        }
        UncorrectableBlocks flawed = request.namespace.gate().uncorrectable();
        for (int i = 0; !flawed.isEmpty() && i < rangeCount(request); i++) {
            if (flawed.touches(source(request, i), blocks(request, i))) {
                request.complete(MediaStatus.UNRECOVERED_READ_ERROR);
                return;
            }
        }
        if (request.exclusive() == null && flawed.touches(request.startingBlock, request.blockCount)) {
            new SoleCommand(request, true).onReady(request);
            return;
        }
        advance(request);
    }

    private static boolean checkRanges(Request request) {
        Namespace namespace = request.namespace.namespace();
        int max = blocksMax(namespace.blockSizeBytes());
        long total = 0;
        for (int i = 0; i < rangeCount(request); i++) {
            total += blocks(request, i);
            if (total > max) {
                request.reject(CommandSpecificStatus.COMMAND_SIZE_LIMIT_EXCEEDED, BlockRange.DWORD12_BYTE);
                return false;
            }
            if (!namespace.contains(source(request, i), blocks(request, i))) {
                request.reject(GenericStatus.LBA_OUT_OF_RANGE, 0);
                return false;
            }
        }
        if (!namespace.contains(request.startingBlock, total)) {
            request.reject(GenericStatus.LBA_OUT_OF_RANGE, NvmCommandBits.STARTING_LBA_BYTE);
            return false;
        }
        request.blockCount = (int) total;
        return true;
    }

    /** {@code step} is how many ranges were asked for; see {@link DatasetManagementHandler} about the stack. */
    private static void advance(Request request) {
        if (request.stepping) {
            request.stepAgain = true;
            return;
        }
        request.stepping = true;
        do {
            request.stepAgain = false;
            int range = request.step++;
            if (range < rangeCount(request)) {
                request.backend().read(source(request, range), blocks(request, range), target(request, range), request);
            } else {
                request.backend().write(request.startingBlock, request.blockCount, target(request, 0),
                        BlockRange.forceUnitAccess(request), request);
            }
        } while (request.stepAgain);
        request.stepping = false;
    }

    /** The SMART log counts a Copy as a read and as a write (NVM Command Set 1.1, 1.4.2), and what it wrote. */
    private static void count(Request request) {
        TransferCounters counters = request.queue().counters();
        counters.readCommands.add(1);
        counters.writeCommands.add(1);
        counters.writeBytes.add((long) request.blockCount * request.namespace.namespace().blockSizeBytes());
    }

    @Override
    public void onBackendComplete(Request request, StatusCode status) {
        if (!status.successful() || request.step > rangeCount(request)) {
            if (status.successful()) {
                count(request);
            }
            request.complete(status); // Dword 0 names the first range that was not copied: nothing was, or all is.
        } else {
            advance(request);
        }
    }

    @Override
    public boolean touches(Request request, long firstBlock, long blockCount) {
        if (request.data() == null) {
            return true;
        }
        long total = 0;
        boolean found = false;
        for (int i = 0; i < rangeCount(request); i++) {
            total += blocks(request, i);
            found |= overlap(source(request, i), blocks(request, i), firstBlock, blockCount);
        }
        return found || overlap(request.startingBlock, total, firstBlock, blockCount);
    }

    private static boolean overlap(long first, long count, long otherFirst, long otherCount) {
        return first < otherFirst + otherCount && otherFirst < first + count;
    }

    private static int rangeCount(Request request) {
        return (request.dword(12) & CopySourceRange.NUMBER_OF_RANGES_MASK) + 1; // NR is 0's based.
    }

    private static long source(Request request, int range) {
        return CopySourceRange.startingLba(request.data().segment(), (long) range * CopySourceRange.SIZE);
    }

    private static int blocks(Request request, int range) {
        return CopySourceRange.blocks(request.data().segment(), (long) range * CopySourceRange.SIZE);
    }

    /** Where in the buffer the blocks of a range go. */
    private static MemorySegment target(Request request, int range) {
        long blocksBefore = 0;
        for (int i = 0; i < range; i++) {
            blocksBefore += blocks(request, i);
        }
        return request.data().segment()
                .asSlice(DATA_OFFSET + blocksBefore * request.namespace.namespace().blockSizeBytes());
    }
}
