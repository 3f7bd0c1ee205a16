package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;

/**
 * Flush (NVMe Base 2.1, Flush command), of one namespace or, with FFFFFFFFh, of all. It succeeds only if every backend
 * flushed.
 */
final class FlushHandler implements CommandHandler {
    private static final int ALL_NAMESPACES = 0xFFFFFFFF;

    @Override
    public void parse(Request request) {
        if (request.namespaceId() == ALL_NAMESPACES || IoAdmission.admit(request, Access.FLUSH)) {
            request.proceed();
        }
    }

    @Override
    public void execute(Request request) {
        if (request.namespace != null) {
            request.backend().flush(request);
        } else {
            flushNext(request);
        }
    }

    @Override
    public void onBackendComplete(Request request, StatusCode status) {
        if (request.namespaceId() != ALL_NAMESPACES || !status.successful()) {
            request.complete(status);
            return;
        }
        request.leaveNamespace();
        flushNext(request);
    }

    /** It has no blocks: only a closing of the whole namespace keeps it out. */
    @Override
    public boolean touches(Request request, long firstBlock, long blockCount) {
        return false;
    }

    /** {@code step} is the last namespace flushed. A namespace added meanwhile has nothing to flush yet. */
    private static void flushNext(Request request) {
        while (request.step < request.queue().highestNamespaceId()) {
            request.step++;
            NamespaceView view = request.queue().namespace(request.step);
            if (view == null) {
                continue;
            }
            request.use(view, Access.FLUSH);
            if (!IoAdmission.check(request, view, Access.FLUSH)) {
                return;
            }
            if (view.gate().stops(request)) {
                view.gate().await(request);
            } else {
                request.backend().flush(request);
            }
            return;
        }
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION);
    }
}
