package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;

/** Which failures are worth another try by the host: the absence of Do Not Retry. */
final class Retry {
    /** Where CRD is in the status field, the phase tag being bit 0. */
    private static final int DELAY_SHIFT = 12;

    private Retry() {}

    /** Whether the same command may succeed later; success itself has no Do Not Retry either. */
    static boolean sensible(StatusCode status) {
        return !(status == MediaStatus.COMPARE_FAILURE
                || status == GenericStatus.NAMESPACE_IS_WRITE_PROTECTED
                || status == GenericStatus.LBA_OUT_OF_RANGE
                || status == GenericStatus.INVALID_OPCODE
                || status == GenericStatus.INVALID_FIELD_IN_COMMAND);
    }

    /**
     * Command Retry Delay in the status field: which of CRDT1 to CRDT3 the host should wait before it tries again, 0
     * for not at all (NVMe Base 2.1, 4.2.3.1).
     */
    static int delay(StatusCode status) {
        int which;
        if (status == GenericStatus.NAMESPACE_NOT_READY || status == GenericStatus.COMMAND_INTERRUPTED) {
            which = 1;
        } else if (status == PathRelatedStatus.ASYMMETRIC_ACCESS_TRANSITION) {
            which = 2;
        } else if (status == GenericStatus.CAPACITY_EXCEEDED) {
            which = 3;
        } else {
            which = 0;
        }
        return which << DELAY_SHIFT;
    }
}
