package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.FabricsCommandType;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** The Connect command of one queue (NVMe Base 2.1, Connect Command and Response), and what its answer says. */
final class ConnectRequest {
    private static final int ANY_AUTHENTICATION = ConnectCommand.AUTHENTICATION_REQUIRED
            | ConnectCommand.AUTHENTICATION_AND_SECURE_CHANNEL_REQUIRED;

    private ConnectRequest() {
    }

    /**
     * @param entries of the submission queue
     * @param controllerId the controller an I/O queue belongs to, or {@link ConnectData#DYNAMIC_CONTROLLER}
     * @param keepAliveTimeoutMillis 0 for I/O queues
     */
    static PassthroughCommand of(ConnectOptions options, HostIdentifier hostId, NvmeQualifiedName hostNqn, int queueId,
            int entries, int controllerId, int keepAliveTimeoutMillis) {
        int attributes = options.disableSqFlowControl() ? ConnectCommand.CATTR_DISABLE_SQ_FLOW_CONTROL : 0;
        MemorySegment data = Arena.ofAuto().allocate(ConnectData.SIZE);
        new ConnectData(hostId, controllerId, options.subsystem(), hostNqn).encode(data, 0);
        // Record format 0; the queue size is 0's based.
        return PassthroughCommand.of(AdminOpcode.FABRICS.code()).named("Connect")
                .namespaceId(FabricsCommandType.CONNECT.code())
                .dword(10, queueId << 16).dword(11, attributes << 16 | entries - 1).dword(12, keepAliveTimeoutMillis)
                .timeoutNanos(options.connectTimeoutMillis() * 1_000_000).dataOut(data);
    }

    static boolean authenticationRequired(CommandResult result) {
        return (result.dword0() & ANY_AUTHENTICATION) != 0;
    }

    /** A failed command in words; for Connect, with the field that the controller points at. */
    static String inWords(CommandException failure) {
        String words = CommandException.inWords(failure.status(), failure.doNotRetry());
        if (failure.status() != CommandSpecificStatus.CONNECT_INVALID_PARAMETERS) {
            return words;
        }
        int dword0 = (int) failure.result();
        int offset = dword0 & 0xFFFF;
        return words + ": "
                + (ConnectCommand.invalidParameterInData(dword0) ? dataField(offset) : commandField(offset));
    }

    private static String commandField(int offset) {
        if (offset == ConnectCommand.RECFMT_OFFSET) {
            return "the record format (RECFMT)";
        }
        if (offset == ConnectCommand.QID_OFFSET) {
            return "the queue identifier (QID)";
        }
        if (offset == ConnectCommand.SQSIZE_OFFSET) {
            return "the submission queue size (SQSIZE)";
        }
        if (offset == ConnectCommand.CATTR_OFFSET) {
            return "the connect attributes (CATTR)";
        }
        if (offset == ConnectCommand.KATO_OFFSET) {
            return "the keep alive timeout (KATO)";
        }
        return String.format(Locale.ROOT, "byte %d of the command", offset);
    }

    private static String dataField(int offset) {
        if (offset == ConnectData.HOSTID_OFFSET) {
            return "the host identifier (HOSTID)";
        }
        if (offset == ConnectData.CNTLID_OFFSET) {
            return "the controller identifier (CNTLID)";
        }
        if (offset == ConnectData.SUBNQN_OFFSET) {
            return "the subsystem name (SUBNQN): there is no such subsystem at this address";
        }
        if (offset == ConnectData.HOSTNQN_OFFSET) {
            return "the host name (HOSTNQN)";
        }
        return String.format(Locale.ROOT, "byte %d of the connect data", offset);
    }
}
