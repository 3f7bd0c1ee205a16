package io.nvmeof.target.controller;

import java.lang.foreign.MemorySegment;

/** Compare (NVM Command Set 1.1, Compare command): looks for the first difference. */
final class CompareHandler extends PieceReader {
    @Override
    public void parse(Request request) {
        if (!BlockRange.resolve(request, Access.READ)) {
            return;
        }
        int bytes = BlockRange.transferBytes(request);
        if (bytes >= 0) {
            request.receiveData(bytes);
        }
    }

    @Override
    boolean accepts(Request request, MemorySegment piece, long offset, long length) {
        return MemorySegment.mismatch(request.data().segment(), offset, offset + length, piece, 0, length) < 0;
    }
}
