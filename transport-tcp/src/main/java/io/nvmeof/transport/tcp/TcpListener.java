package io.nvmeof.transport.tcp;

import io.netty.channel.ServerChannel;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket. */
final class TcpListener implements TargetTransport.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);

    private final ServerChannel channel;
    private final TransportAddress address;
    private final Consumer<TcpListener> onClose;

    TcpListener(ServerChannel channel, TransportAddress address, Consumer<TcpListener> onClose) {
        this.channel = channel;
        this.address = address;
        this.onClose = onClose;
    }

    @Override
    public TransportAddress address() {
        return address;
    }

    @Override
    public void close() {
        onClose.accept(this);
        if (channel.isOpen()) {
            channel.close();
            LOG.info("No longer listening on {}", address);
        }
        if (!channel.eventLoop().inEventLoop()) {
            channel.closeFuture().awaitUninterruptibly();
        }
    }
}
