package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.ControllerStatus;

/**
 * Controller Configuration and Controller Status, and what a change of the first does to the second (NVMe Base 2.1,
 * Controller Properties; Shutdown). Owned by the controller.
 */
final class ControllerProperties {
    /** What setting CC asks the controller to do. */
    enum Transition {
        /** Nothing. */
        NONE,
        /** EN went from 0 to 1: the controller is ready from now on. */
        ENABLED,
        /** EN went from 1 to 0: a Controller Level Reset; {@link #onResetComplete()} must follow. */
        RESET,
        /** SHN asks for a normal shutdown; {@link #onShutdownComplete} must follow. */
        SHUTDOWN_NORMAL,
        /** SHN asks for an abrupt shutdown; {@link #onShutdownComplete} must follow. */
        SHUTDOWN_ABRUPT
    }

    private static final int SUBMISSION_ENTRY_EXPONENT = 6;
    private static final int COMPLETION_ENTRY_EXPONENT = 4;
    private static final long PAGE_BYTES = 4096;

    private final boolean ioCommandSet;
    private ControllerConfiguration configuration = new ControllerConfiguration(0);
    private ControllerStatus status = ControllerStatus.NOT_READY;
    private boolean resetting;
    private int shutdownCount;

    /** @param ioCommandSet whether the controller has I/O queues, whose entry sizes the host must state */
    ControllerProperties(boolean ioCommandSet) {
        this.ioCommandSet = ioCommandSet;
    }

    ControllerConfiguration configuration() {
        return configuration;
    }

    ControllerStatus status() {
        return status;
    }

    /** Whether commands other than Fabrics commands are processed. After a shutdown they are not until a reset. */
    boolean ready() {
        return configuration.enable() && status.ready() && !resetting
                && status.shutdown() == ControllerStatus.SHUTDOWN_NORMAL_OPERATION;
    }

    /** The host sets CC. */
    Transition set(ControllerConfiguration asked) {
        // CRIME stays 0: CAP.CRMS offers no such mode.
        ControllerConfiguration next = asked.withReadyIndependentOfMedia(false);
        ControllerConfiguration previous = configuration;
        configuration = next;
        if (previous.enable() && !next.enable()) {
            resetting = true;
            return Transition.RESET;
        }
        Transition transition = Transition.NONE;
        if (next.enable() && !previous.enable() && !resetting) {
            transition = enable();
        }
        if (next.shutdown() == previous.shutdown()) {
            return transition;
        }
        return switch (next.shutdown()) {
            case ControllerConfiguration.SHUTDOWN_NORMAL -> shutdown(Transition.SHUTDOWN_NORMAL, transition);
            case ControllerConfiguration.SHUTDOWN_ABRUPT -> shutdown(Transition.SHUTDOWN_ABRUPT, transition);
            // Taking the wish back changes nothing: a shutdown ends with a reset. Another value is reserved.
            default -> transition;
        };
    }

    private Transition enable() {
        if (!servable(configuration)) {
            status = status.withFatal(true);
            return Transition.NONE;
        }
        status = status.withReady(true).withShutdown(ControllerStatus.SHUTDOWN_NORMAL_OPERATION);
        return Transition.ENABLED;
    }

    /**
     * The I/O queues of before the reset are gone, and so is every command of theirs: only now may the host believe
     * that none of its old writes is still to come.
     */
    void onResetComplete() {
        if (!resetting) {
            return;
        }
        resetting = false;
        status = ControllerStatus.NOT_READY;
        if (configuration.enable()) {
            enable();
        }
    }

    private Transition shutdown(Transition shutdown, Transition otherwise) {
        if (status.shutdown() == ControllerStatus.SHUTDOWN_COMPLETE) {
            return otherwise;
        }
        shutdownCount++;
        status = status.withShutdown(ControllerStatus.SHUTDOWN_OCCURRING);
        return shutdown;
    }

    /** Which shutdown is going on. */
    int shutdownCount() {
        return shutdownCount;
    }

    /**
     * What a shutdown had to do is done; says so, unless a reset or another shutdown has overtaken it.
     *
     * @param shutdown the {@link #shutdownCount()} of when it began
     */
    void onShutdownComplete(int shutdown) {
        if (shutdown == shutdownCount && status.shutdown() == ControllerStatus.SHUTDOWN_OCCURRING) {
            status = status.withShutdown(ControllerStatus.SHUTDOWN_COMPLETE);
        }
    }

    /** The controller cannot go on. */
    void onFatal() {
        status = status.withFatal(true);
    }

    private boolean servable(ControllerConfiguration next) {
        boolean entrySizes = !ioCommandSet || next.submissionEntryExponent() == SUBMISSION_ENTRY_EXPONENT
                && next.completionEntryExponent() == COMPLETION_ENTRY_EXPONENT;
        boolean commandSets = next.commandSets() == ControllerConfiguration.CSS_NVM
                || ioCommandSet && next.commandSets() == ControllerConfiguration.CSS_ALL;
        return entrySizes && commandSets && next.pageBytes() == PAGE_BYTES && next.arbitration() == 0;
    }
}
