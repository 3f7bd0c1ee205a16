package io.nvmeof.target.controller;

import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.TransportAddress;

/** A port, for whoever makes a transport listen on it. */
public final class PortHandle {
    private final Port port;
    private final Registry registry;

    PortHandle(Port port, Registry registry) {
        this.port = port;
        this.registry = registry;
    }

    /** What the transport gives its connections to. */
    public QueueAcceptor acceptor() {
        return port;
    }

    /** The transport listens: this is the address in use. Called before anything is told to hosts. */
    public void listening(TransportAddress address) {
        port.setAddress(address);
        registry.onPortListening(port);
    }
}
