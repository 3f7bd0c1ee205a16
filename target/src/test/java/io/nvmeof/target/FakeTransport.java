package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** A transport without bytes: a test plays the connection of a host through a {@link FakeCapsuleSender}. */
public final class FakeTransport implements TargetTransport {
    private final Map<TransportAddress, QueueAcceptor> acceptors = new LinkedHashMap<>();

    @Override
    public TransportType type() {
        return TransportType.TCP;
    }

    @Override
    public Listener listen(TransportAddress address, QueueAcceptor acceptor) {
        acceptors.put(address, acceptor);
        return new Listener() {
            @Override
            public TransportAddress address() {
                return address;
            }

            @Override
            public void close() {
                acceptors.remove(address);
            }
        };
    }

    /** Connects to the only port, from a loop; returns {@code null} if the target refuses. */
    public FakeCapsuleSender connect(ManualLoop loop) {
        return connect(loop, acceptors.keySet().iterator().next(), TransportAddress.tcp("192.0.2.1", 4420));
    }

    /**
     * Connects to a port.
     *
     * @param address the port's address
     * @param local the address of ours that the host used
     */
    public FakeCapsuleSender connect(ManualLoop loop, TransportAddress address, TransportAddress local) {
        FakeCapsuleSender sender = new FakeCapsuleSender(loop, local, TransportAddress.tcp("198.51.100.7", 50_000));
        QueueAcceptor acceptor = acceptors.get(address);
        loop.run(() -> {
            CapsuleReceiver receiver = acceptor.onQueue(sender);
            sender.attach(receiver);
        });
        return sender.attached() ? sender : null;
    }

    @Override
    public void close() {
        acceptors.clear();
    }
}
