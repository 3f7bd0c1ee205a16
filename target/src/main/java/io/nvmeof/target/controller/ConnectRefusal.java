package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;

/**
 * Why a Connect fails, and where the host went wrong: hosts print the parameter's offset (NVMe Base 2.1, Connect
 * Response).
 *
 * @param status the status
 * @param located whether the result names a parameter
 * @param inData whether that parameter is in the data, not in the command
 * @param offset the parameter's byte offset there
 * @param retrySensible whether the same Connect may succeed later
 */
record ConnectRefusal(StatusCode status, boolean located, boolean inData, int offset, boolean retrySensible) {
    static final ConnectRefusal INCOMPATIBLE_FORMAT =
            inCommand(CommandSpecificStatus.CONNECT_INCOMPATIBLE_FORMAT, ConnectCommand.RECFMT_OFFSET);
    static final ConnectRefusal QUEUE_SIZE = invalidCommand(ConnectCommand.SQSIZE_OFFSET);
    static final ConnectRefusal QUEUE_ID = invalidCommand(ConnectCommand.QID_OFFSET);
    static final ConnectRefusal HOST_IDENTIFIER = invalidData(ConnectData.HOSTID_OFFSET);
    static final ConnectRefusal CONTROLLER_ID = invalidData(ConnectData.CNTLID_OFFSET);
    static final ConnectRefusal SUBSYSTEM = invalidData(ConnectData.SUBNQN_OFFSET);
    static final ConnectRefusal HOST = invalidData(ConnectData.HOSTNQN_OFFSET);
    static final ConnectRefusal HOST_NOT_ALLOWED = new ConnectRefusal(CommandSpecificStatus.CONNECT_INVALID_HOST,
            true, true, ConnectData.HOSTNQN_OFFSET, false);
    /** A host with another name is connected with this identifier. */
    static final ConnectRefusal FOREIGN_HOST_IDENTIFIER = new ConnectRefusal(
            CommandSpecificStatus.CONNECT_INVALID_HOST, true, true, ConnectData.HOSTID_OFFSET, false);
    /** The queue exists, or its controller is not enabled. */
    static final ConnectRefusal SEQUENCE =
            inCommand(GenericStatus.COMMAND_SEQUENCE_ERROR, ConnectCommand.QID_OFFSET);
    /** All controllers are taken, or too many hosts connect at once: it may be better later. */
    static final ConnectRefusal BUSY =
            new ConnectRefusal(CommandSpecificStatus.CONNECT_CONTROLLER_BUSY, false, false, 0, true);

    static ConnectRefusal invalidData(int offset) {
        return new ConnectRefusal(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS, true, true, offset, false);
    }

    private static ConnectRefusal invalidCommand(int offset) {
        return inCommand(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS, offset);
    }

    private static ConnectRefusal inCommand(StatusCode status, int offset) {
        return new ConnectRefusal(status, true, false, offset, false);
    }

    /** Completes the Connect command with this. */
    void answer(Request request) {
        if (retrySensible) {
            request.complete(status);
        } else {
            request.reject(status, inData ? 0 : offset, 0,
                    located ? ConnectCommand.invalidParameterResult(inData, offset) : 0);
        }
    }
}
