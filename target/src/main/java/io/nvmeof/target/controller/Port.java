package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Map;

/**
 * An address at which hosts arrive. Every connection is accepted on the loop that owns it. Immutable, but for the
 * address, which is known once the transport listens.
 */
final class Port implements QueueAcceptor {
    private final int id;
    private final RegistryProxy registry;
    private final Map<EventLoop, LoopContext> contexts;
    private volatile TransportAddress address;

    Port(int id, TransportAddress address, RegistryProxy registry, Map<EventLoop, LoopContext> contexts) {
        this.id = id;
        this.address = address;
        this.registry = registry;
        this.contexts = contexts;
    }

    @Override
    public CapsuleReceiver onQueue(CapsuleSender sender) {
        LoopContext context = contexts.get(sender.loop());
        if (context == null) {
            throw new IllegalStateException("a connection on a loop that is not the target's");
        }
        return context.accept(sender, this);
    }

    /** PORTID. */
    int id() {
        return id;
    }

    RegistryProxy registry() {
        return registry;
    }

    TransportAddress address() {
        return address;
    }

    void setAddress(TransportAddress address) {
        this.address = address;
    }
}
