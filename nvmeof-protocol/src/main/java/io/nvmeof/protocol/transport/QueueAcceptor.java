package io.nvmeof.protocol.transport;

/** The controller side of new connections. */
@FunctionalInterface
public interface QueueAcceptor {
    /**
     * A host's connection is ready for commands: for TCP, the initialize connection exchange is done. Runs on the loop
     * that owns the connection, {@link CapsuleSender#loop()}.
     *
     * @return what receives its commands, or {@code null} to refuse the connection
     */
    CapsuleReceiver onQueue(CapsuleSender sender);
}
