package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.tcp.ControllerConnection;
import io.nvmeof.protocol.tcp.ControllerConnectionOptions;
import io.nvmeof.protocol.tcp.HostConnection;
import io.nvmeof.protocol.tcp.HostConnectionOptions;
import io.nvmeof.protocol.tcp.PduConnection;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.QueueAcceptor;
import java.lang.foreign.MemorySegment;

/** A stream of PDUs. */
final class PduStream implements StreamProtocol {
    private final PduConnection connection;

    private PduStream(PduConnection connection, Runnable resume) {
        this.connection = connection;
        connection.setResumeListener(resume);
    }

    /** Controllers' ends. */
    static Factory controllers(ControllerConnectionOptions options, QueueAcceptor acceptor) {
        return (loop, output, ends, resume) -> new PduStream(new ControllerConnection(loop, options, output,
                ends.local(), ends.peer(), ends.security(), acceptor), resume);
    }

    /** A host's end. */
    static Factory host(HostQueueOptions queue, HostConnectionOptions options, HostQueueReceiver receiver) {
        return (loop, output, ends, resume) -> new PduStream(new HostConnection(loop, queue, options, output,
                ends.peer(), ends.security(), receiver), resume);
    }

    @Override
    public void start() {
        if (connection instanceof HostConnection host) {
            host.start();
        }
    }

    @Override
    public int receive(MemorySegment segment, long offset, int length) {
        return connection.receive(segment, offset, length);
    }

    @Override
    public void onOutputDrained() {
        connection.onOutputDrained();
    }

    @Override
    public void onTick(long nowNanos) {
        connection.onTick(nowNanos);
    }

    @Override
    public void close(CloseReason reason) {
        connection.close(reason);
    }

    @Override
    public void onStreamClosed(CloseReason reason) {
        connection.onStreamClosed(reason);
    }

    @Override
    public CloseReason closeReason() {
        return connection.closeReason();
    }
}
