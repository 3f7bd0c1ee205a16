package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.InvalidConnectDataException;

/**
 * Connect (NVMe Base 2.1, Connect command): makes a connection a queue. What the command says by itself is checked
 * here; subsystem, host and controller are for the registry and the controller to judge.
 */
final class ConnectHandler implements CommandHandler {
    @Override
    public void parse(Request request) {
        if (recordFormat(request) != 0) {
            ConnectRefusal.INCOMPATIBLE_FORMAT.answer(request);
        } else if (queueSize(request) == 0) {
            ConnectRefusal.QUEUE_SIZE.answer(request);
        } else {
            request.receiveData(ConnectData.SIZE);
        }
    }

    @Override
    public void execute(Request request) {
        ConnectData data;
        try {
            data = ConnectData.decode(request.data().segment(), 0);
        } catch (InvalidConnectDataException e) {
            ConnectRefusal.invalidData(e.offset()).answer(request);
            return;
        }
        ConnectRefusal refusal = check(queueId(request), data);
        if (refusal != null) {
            refusal.answer(request);
            return;
        }
        QueuePair queue = request.queue();
        queue.connect(request, new ConnectParameters(
                queueId(request),
                queueSize(request) + 1, // SQSIZE is 0's based.
                (attributes(request) & ConnectCommand.CATTR_DISABLE_SQ_FLOW_CONTROL) != 0,
                Integer.toUnsignedLong(request.dword(12)),
                data,
                queue.sender().limits().local(),
                queue.sender().limits().peer()));
    }

    private static ConnectRefusal check(int queueId, ConnectData data) {
        if (data.hostIdentifier().isZero()) {
            return ConnectRefusal.HOST_IDENTIFIER;
        }
        boolean dynamic = data.controllerId() == ConnectData.DYNAMIC_CONTROLLER;
        if ((queueId == 0) != dynamic) {
            // Only the dynamic model is offered, and a host must know the controller of an I/O queue.
            return ConnectRefusal.CONTROLLER_ID;
        }
        return null;
    }

    private static int recordFormat(Request request) {
        return request.dword(10) & 0xFFFF;
    }

    private static int queueId(Request request) {
        return request.dword(10) >>> 16;
    }

    private static int queueSize(Request request) {
        return request.dword(11) & 0xFFFF;
    }

    private static int attributes(Request request) {
        return request.dword(11) >>> 16 & 0xFF;
    }
}
