package io.nvmeof.target.controller;

import java.lang.foreign.MemorySegment;

/** Verify (NVM Command Set 1.1, Verify command): what can be read is as good as this target can tell. */
final class VerifyHandler extends PieceReader {
    @Override
    public void parse(Request request) {
        if (BlockRange.resolve(request, Access.READ) && BlockRange.limit(request, TargetLimits.VERIFY_BYTES_MAX)) {
            request.proceed();
        }
    }

    @Override
    boolean accepts(Request request, MemorySegment piece, long offset, long length) {
        return true;
    }
}
