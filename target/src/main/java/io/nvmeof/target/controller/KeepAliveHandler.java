package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;

/** Keep Alive (NVMe Base 2.1): its arrival has been counted, which is all the timer looks at. */
final class KeepAliveHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        request.proceed();
    }

    @Override
    public void execute(Request request) {
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION);
    }
}
