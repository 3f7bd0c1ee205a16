package io.nvmeof.target.controller;

/** Asynchronous Event Request (NVMe Base 2.1): waits until there is something to report. */
final class AsynchronousEventRequestHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        request.proceed();
    }

    @Override
    public void execute(Request request) {
        request.queue().controller().events().onRequest(request);
    }
}
