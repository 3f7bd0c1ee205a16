package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.IdentifyCns;
import io.nvmeof.protocol.status.GenericStatus;

/** Identify of a discovery controller: there is nothing but the controller. */
final class DiscoveryIdentifyHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        if (IdentifyHandler.cns(request) == IdentifyCns.CONTROLLER) {
            request.provideData(IdentifyHandler.SIZE);
        } else {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, IdentifyHandler.CNS_BYTE);
        }
    }

    @Override
    public void execute(Request request) {
        DiscoveryController controller = (DiscoveryController) request.queue().controller();
        IdentifyPages.discoveryController(controller).encode(request.data().segment(), 0);
        request.completeWithData(IdentifyHandler.SIZE);
    }
}
