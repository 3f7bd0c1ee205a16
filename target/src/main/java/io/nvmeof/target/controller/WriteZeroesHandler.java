package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.NvmCommandBits;

/** Write Zeroes (NVM Command Set 1.1, Write Zeroes command). */
final class WriteZeroesHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        if (BlockRange.resolve(request, Access.WRITE)) {
            request.proceed();
        }
    }

    @Override
    public void execute(Request request) {
        boolean deallocate = (request.dword(12) & NvmCommandBits.DEALLOCATE) != 0;
        request.backend().writeZeroes(request.startingBlock, request.blockCount, deallocate,
                BlockRange.forceUnitAccess(request), request);
    }
}
