package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.DatasetManagementRange;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Dataset Management (NVM Command Set 1.1): deallocates ranges, if the host asks for that; its other attributes are
 * hints that change nothing. Every range is checked before the first one is deallocated.
 */
final class DatasetManagementHandler implements CommandHandler {
    private static final int RANGES_BYTES_MAX = DatasetManagementRange.MAX_RANGES * DatasetManagementRange.SIZE;
    private static final ValueLayout.OfInt LE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LENGTH_OFFSET = 4;
    private static final int SLBA_OFFSET = 8;

    @Override
    public void parse(Request request) {
        if (!IoAdmission.admit(request, deallocates(request) ? Access.WRITE : Access.FLUSH)) {
            return;
        }
        // Linux always describes room for 256 ranges, however few it sends.
        int needed = rangeCount(request) * DatasetManagementRange.SIZE;
        request.receiveData((int) Math.max(needed, Math.min(request.transferLength(), RANGES_BYTES_MAX)));
    }

    @Override
    public void execute(Request request) {
        Namespace namespace = request.namespace.namespace();
        int count = rangeCount(request);
        for (int i = 0; i < count; i++) {
            long blocks = blocks(request, i);
            long startingBlock = startingBlock(request, i);
            boolean inside = blocks == 0
                    ? Long.compareUnsigned(startingBlock, namespace.blockCount()) <= 0
                    : namespace.contains(startingBlock, blocks);
            if (!inside) {
                request.reject(GenericStatus.LBA_OUT_OF_RANGE, 0);
                return;
            }
        }
        if (!deallocates(request)) {
            request.complete(GenericStatus.SUCCESSFUL_COMPLETION);
            return;
        }
        advance(request);
    }

    @Override
    public void onBackendComplete(Request request, StatusCode status) {
        if (!status.successful()) {
            request.complete(status);
            return;
        }
        advance(request);
    }

    @Override
    public boolean touches(Request request, long firstBlock, long blockCount) {
        if (!deallocates(request)) {
            return false;
        }
        for (int i = 0; request.data() != null && i < rangeCount(request); i++) {
            long first = startingBlock(request, i);
            if (first < firstBlock + blockCount && firstBlock < first + blocks(request, i)) {
                return true;
            }
        }
        return request.data() == null;
    }

    /** One range after the other. A backend that completes at once must not deepen the stack with each of them. */
    private static void advance(Request request) {
        if (request.stepping) {
            request.stepAgain = true;
            return;
        }
        request.stepping = true;
        do {
            request.stepAgain = false;
            int count = rangeCount(request);
            while (request.step < count && blocks(request, request.step) == 0) {
                request.step++;
            }
            if (request.step == count) {
                request.complete(GenericStatus.SUCCESSFUL_COMPLETION);
                return;
            }
            int range = request.step++;
            request.startingBlock = startingBlock(request, range);
            request.backend().deallocate(request.startingBlock, blocks(request, range), request);
        } while (request.stepAgain);
        request.stepping = false;
    }

    private static boolean deallocates(Request request) {
        return (request.dword(11) & DatasetManagementRange.DEALLOCATE) != 0;
    }

    private static int rangeCount(Request request) {
        return (request.dword(10) & DatasetManagementRange.NUMBER_OF_RANGES_MASK) + 1; // NR is 0's based.
    }

    private static long blocks(Request request, int range) {
        MemorySegment ranges = request.data().segment();
        return Integer.toUnsignedLong(ranges.get(LE32, (long) range * DatasetManagementRange.SIZE + LENGTH_OFFSET));
    }

    private static long startingBlock(Request request, int range) {
        return request.data().segment().get(LE64, (long) range * DatasetManagementRange.SIZE + SLBA_OFFSET);
    }
}
