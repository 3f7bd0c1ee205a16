package io.nvmeof.initiator;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.TransportAddress;
import java.util.Optional;

/**
 * A controller could not be connected or discovery could not be done. The message names the address, the subsystem, the
 * step and the reason; everything that had been opened is closed again.
 */
public final class ConnectException extends NvmeofException {
    private static final long serialVersionUID = 1L;

    private final transient TransportAddress address;
    private final transient NvmeQualifiedName subsystem;
    private final transient StatusCode status;
    private final ConnectStep step;
    private final boolean doNotRetry;

    ConnectException(TransportAddress address, NvmeQualifiedName subsystem, ConnectStep step, String why,
            Throwable cause) {
        super("cannot connect to " + subsystem + " at " + address + ": " + step.text() + ": " + why, cause);
        this.address = address;
        this.subsystem = subsystem;
        this.step = step;
        this.status = cause instanceof CommandException command ? command.status() : null;
        this.doNotRetry = cause instanceof CommandException command && command.doNotRetry();
    }

    /** Where the controller was looked for. */
    public TransportAddress address() {
        return address;
    }

    /** The subsystem that was asked for. */
    public NvmeQualifiedName subsystem() {
        return subsystem;
    }

    /** How far connecting had come. */
    public ConnectStep step() {
        return step;
    }

    /** The status the controller answered with, if it was an answer that ended the attempt. */
    public Optional<StatusCode> status() {
        return Optional.ofNullable(status);
    }

    /** Whether the controller said that the same attempt would fail again. */
    public boolean doNotRetry() {
        return doNotRetry;
    }
}
