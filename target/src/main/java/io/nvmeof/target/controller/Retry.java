package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;

/** Which failures are worth another try by the host: the absence of Do Not Retry. */
final class Retry {
    private Retry() {}

    /** Whether the same command may succeed later; success itself has no Do Not Retry either. */
    static boolean sensible(StatusCode status) {
        return !(status == MediaStatus.COMPARE_FAILURE
                || status == GenericStatus.NAMESPACE_IS_WRITE_PROTECTED
                || status == GenericStatus.LBA_OUT_OF_RANGE
                || status == GenericStatus.INVALID_OPCODE
                || status == GenericStatus.INVALID_FIELD_IN_COMMAND);
    }
}
