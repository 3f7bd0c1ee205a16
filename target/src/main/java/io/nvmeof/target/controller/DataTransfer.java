package io.nvmeof.target.controller;

import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.status.GenericStatus;

/** Whether the data a command wants to move can be moved. */
final class DataTransfer {
    private DataTransfer() {}

    /** Returns whether the command may go on, having rejected it otherwise. */
    static boolean check(Request request, int length, boolean fromHost) {
        if (request.transferFault() != null) {
            request.reject(request.transferFault(), SglDescriptor.OFFSET_IN_COMMAND);
            return false;
        }
        if (request.inCapsule() && !fromHost) {
            // A capsule brings data; what we send has no place in it (NVMe/TCP Transport 1.1, 3.3.2.1).
            request.reject(GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID, SglDescriptor.OFFSET_IN_COMMAND);
            return false;
        }
        if (request.transferLength() < length) {
            request.reject(GenericStatus.DATA_SGL_LENGTH_INVALID, SglDescriptor.OFFSET_IN_COMMAND);
            return false;
        }
        if (length > request.queue().dataTransferBytesMax()) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, SglDescriptor.OFFSET_IN_COMMAND);
            return false;
        }
        return true;
    }
}
