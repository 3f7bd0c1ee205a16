package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.fabrics.PropertyCommand;
import io.nvmeof.protocol.status.GenericStatus;

/** Property Set (NVMe Base 2.1, Property Set command): Controller Configuration is the only property to set. */
final class PropertySetHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        request.proceed();
    }

    @Override
    public void execute(Request request) {
        if (PropertyGetHandler.property(request) != Property.CC) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, PropertyCommand.OFST_OFFSET);
            return;
        }
        request.queue().controller().onConfigurationSet(new ControllerConfiguration(request.dword(12)));
        request.complete(GenericStatus.SUCCESSFUL_COMPLETION);
    }
}
