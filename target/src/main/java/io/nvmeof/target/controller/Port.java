package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.CapsuleReceiver;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.PortConfiguration;
import java.util.Map;

/**
 * An address at which hosts arrive. Every connection is accepted on the loop that owns it. Its ANA states change on
 * the control loop, and its address is known once the transport listens.
 */
final class Port implements QueueAcceptor {
    private final RegistryProxy registry;
    private final Map<EventLoop, LoopContext> contexts;
    private volatile PortConfiguration configuration;
    private volatile TransportAddress address;
    private AnaStates anaStates;
    private boolean removed;

    Port(PortConfiguration configuration, RegistryProxy registry, Map<EventLoop, LoopContext> contexts) {
        this.configuration = configuration;
        this.address = configuration.address();
        this.anaStates = new AnaStates(configuration);
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

    // ---- The control loop's

    /** The states of the ANA groups on this port. */
    AnaStates anaStates() {
        return anaStates;
    }

    /** Only the ANA states change while a port exists. */
    void setConfiguration(PortConfiguration configuration) {
        this.configuration = configuration;
        this.anaStates = new AnaStates(configuration);
    }

    /** Whether there is no such port any more. */
    boolean removed() {
        return removed;
    }

    void remove() {
        removed = true;
    }

    // ---- Any thread

    /** PORTID. */
    int id() {
        return configuration.id();
    }

    PortConfiguration configuration() {
        return configuration;
    }

    /** Whether hosts reach a subsystem through this port. */
    boolean leadsTo(NvmeQualifiedName subsystem) {
        return configuration.leadsTo(subsystem);
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
